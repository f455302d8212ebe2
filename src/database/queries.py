"""Selections that readers and the ledger share, so that a trade looks the same from both."""

from typing import Any

from sqlalchemy import Select, select

from src.database.tables import paper_trades, signals


def trades_query() -> Select[Any]:
    """Trades with what their signal says about them (None where the signal is not stored)."""
    return select(
        paper_trades, signals.c.model, signals.c.confluence_score, signals.c.reasons
    ).join_from(
        paper_trades, signals, paper_trades.c.signal_id == signals.c.signal_id, isouter=True
    )
