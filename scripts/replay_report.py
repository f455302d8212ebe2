"""What a replay did, read from its database: signals, refusals by reason, trades, the ledger."""

import re
from collections import Counter
from decimal import Decimal

import click
from sqlalchemy import select

from src.config import Settings
from src.database import open_database
from src.database.tables import candles, equity, paper_trades, signals


def print_report(settings: Settings, seconds: float) -> None:
    """Print the table of one finished replay; `seconds` is how long it took."""
    database = open_database(settings.database_url)
    with database.reading() as connection:
        stored = connection.execute(select(candles.c.symbol)).scalars().all()
        kinds = connection.execute(select(signals.c.status, signals.c.model)).all()
        refusals = connection.execute(
            select(signals.c.refusals).where(signals.c.status == "refused")
        ).scalars()
        reasons = Counter(shape(reason) for row in refusals for reason in row)
        trades = connection.execute(select(paper_trades)).mappings().all()
        query = select(equity.c.equity).order_by(equity.c.time)
        points = connection.execute(query).scalars().all()
    database.dispose()
    click.echo(f"{len(stored)} candles, {len(points)} instants traded in {seconds:.1f} s")
    for (status, model), count in sorted(Counter(tuple(kind) for kind in kinds).items()):
        click.echo(f"  signals {status:<10} {model:<16} {count:>6}")
    for reason, count in reasons.most_common():
        click.echo(f"  refused {count:>6}  {reason}")
    closed = [trade for trade in trades if trade["status"] == "closed"]
    net = sum((Decimal(trade["net_pnl"]) for trade in closed), Decimal(0))
    won = sum(Decimal(trade["net_pnl"]) > 0 for trade in closed)
    click.echo(
        f"  trades: {len(closed)} closed ({won} won, {len(closed) - won} lost), "
        f"{len(trades) - len(closed)} open, net {net:.2f}; equity {points[-1] if points else '-'}"
    )


def shape(sentence: str) -> str:
    """A refusal without its numbers and symbols, so that equal reasons count together."""
    return re.sub(r"[A-Z]{2,}USDT\S*", "…", re.sub(r"-?\d[\d,.]*", "#", sentence))
