"""Signals and results counted by model and kill zone, changed by the transaction that changes them.

A signal belongs to the window in which the candle opened that armed or refused it.
"""

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Integer, Label, Table, Text, func, select

from src.database.columns import Real, metadata
from src.database.tables import signals
from src.database.upsert import upsert
from src.database.views import View
from src.domain.candle import Timeframe
from src.domain.kill_zones import kill_zone_at
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade

setup_totals = Table(
    "setup_totals",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("kill_zone", Text, primary_key=True),
    Column("buys", Integer, nullable=False),
    Column("sells", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("wins", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("result_r", Real, nullable=False),
)
"""`kill_zone` is empty between windows; `result_r` is the sum of R of the closed trades."""

COUNTED = ("buys", "sells", "filled", "wins", "losses", "result_r")


def count_setup(
    connection: Connection, environment: str, signal: Signal, previous: Signal | None
) -> None:
    """Count a signal once, and once more when it is filled."""
    new = int(previous is None)
    was_filled = previous is not None and previous.status is SignalStatus.FILLED
    filled = int(signal.status is SignalStatus.FILLED) - int(was_filled)
    changes = {
        "buys": new if signal.direction > 0 else 0,
        "sells": new if signal.direction < 0 else 0,
        "filled": filled,
    }
    if any(changes.values()):
        zone = zone_of(signal.armed_at, signal.timeframe.value)
        _add(connection, environment, signal.model, zone, changes)


def count_result(connection: Connection, environment: str, trade: Trade, sign: int) -> None:
    """Add (or, with -1, take out again) a closed trade; nothing if its signal is not stored."""
    query = select(signals.c.model, signals.c.armed_at, signals.c.timeframe).where(
        signals.c.signal_id == trade.signal_id
    )
    row = connection.execute(query).first()
    if row is None:
        return
    changes = {
        "wins": sign * (trade.realized_pnl > 0),
        "losses": sign * (trade.realized_pnl < 0),
        "result_r": sign * float(trade.result_in_r or 0),
    }
    _add(connection, environment, row.model, zone_of(row.armed_at, row.timeframe), changes)


def zone_of(armed_at: int, timeframe: str) -> str:
    """The window of a signal that was armed when a candle closed at `armed_at` (UTC ms)."""
    return kill_zone_at(armed_at - Timeframe(timeframe).milliseconds) or ""


def setup_groups(connection: Connection, environment: str) -> View:
    """{models, killZones}: each name (None between windows) with what is counted of it, the one
    with most signals first."""
    return {
        "models": _grouped(connection, environment, setup_totals.c.model),
        "killZones": _grouped(connection, environment, setup_totals.c.kill_zone),
    }


def _grouped(connection: Connection, environment: str, name: Column[str]) -> list[View]:
    signals_counted = func.sum(setup_totals.c.buys + setup_totals.c.sells).label("signals")
    query = (
        select(name.label("name"), signals_counted, *map(_sum, COUNTED))
        .where(setup_totals.c.environment == environment)
        .group_by(name)
        .order_by(signals_counted.desc(), name)
    )
    return [
        {
            "name": row["name"] or None,
            "signals": row["signals"],
            "buy": row["buys"],
            "sell": row["sells"],
            "taken": row["filled"],
            "won": row["wins"],
            "lost": row["losses"],
            "resultR": row["result_r"],
        }
        for row in connection.execute(query).mappings()
    ]


def _sum(column: str) -> Label[float]:
    return func.sum(setup_totals.c[column]).label(column)


def _add(
    connection: Connection, environment: str, model: str, zone: str, changes: Mapping[str, float]
) -> None:
    nothing = dict.fromkeys(COUNTED, 0)
    key = {"environment": environment, "model": model, "kill_zone": zone}
    upsert(
        connection,
        setup_totals,
        {**key, **nothing, **changes},
        changes={name: setup_totals.c[name] + change for name, change in changes.items()},
    )
