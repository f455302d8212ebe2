"""Running totals, so that statistics over a million trades read one row.

Each is changed by the transaction that changes what it counts, under the write lock.
"""

from decimal import Decimal

from sqlalchemy import Connection, RowMapping, insert, select, update

from src.database.setup_totals import count_result, count_setup
from src.database.tables import signal_totals, trade_totals
from src.database.upsert import upsert
from src.domain.signal import Signal
from src.domain.trade import Trade


def count_closed_trade(connection: Connection, environment: str, trade: Trade) -> None:
    """Add a trade that has just been closed."""
    _count_trade(connection, environment, trade, 1)


def uncount_closed_trade(connection: Connection, environment: str, trade: Trade) -> None:
    """Take a closed trade out again, as it was counted: late funding is about to change it."""
    _count_trade(connection, environment, trade, -1)


def drawdown_at(connection: Connection, environment: str, equity: float) -> float:
    """Fraction (<= 0) of the running peak that `equity` lies below it, after moving the peak."""
    stored = totals_row(connection, environment)
    peak = max(equity, equity if stored["peak_equity"] is None else stored["peak_equity"])
    drawdown = equity / peak - 1.0 if peak > 0 else 0.0
    deepest = max(stored["max_drawdown"], -drawdown)
    if (peak, deepest) != (stored["peak_equity"], stored["max_drawdown"]):
        connection.execute(
            update(trade_totals)
            .where(trade_totals.c.environment == environment)
            .values(peak_equity=peak, max_drawdown=deepest)
        )
    return drawdown


def count_signal(
    connection: Connection, environment: str, signal: Signal, previous: Signal | None
) -> None:
    """Count a signal under its status, and no longer as it was `previous`ly."""
    if previous is not None:
        _add(connection, environment, previous, -1)
    _add(connection, environment, signal, 1)
    count_setup(connection, environment, signal, previous)


def totals_row(connection: Connection, environment: str) -> RowMapping:
    """The totals of one environment, created empty when missing. Write transactions only."""
    query = select(trade_totals).where(trade_totals.c.environment == environment).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is not None:
        return row
    connection.execute(
        insert(trade_totals).values(
            environment=environment,
            closed=0,
            wins=0,
            losses=0,
            gross_profit=Decimal(0),
            gross_loss=Decimal(0),
            result_r=0.0,
            peak_equity=None,
            max_drawdown=0.0,
        )
    )
    return connection.execute(query).mappings().one()


def _count_trade(connection: Connection, environment: str, trade: Trade, sign: int) -> None:
    count_result(connection, environment, trade, sign)
    stored = totals_row(connection, environment)
    net = trade.realized_pnl
    connection.execute(
        update(trade_totals)
        .where(trade_totals.c.environment == environment)
        .values(
            closed=stored["closed"] + sign,
            wins=stored["wins"] + sign * (net > 0),
            losses=stored["losses"] + sign * (net < 0),
            gross_profit=stored["gross_profit"] + sign * max(net, Decimal(0)),
            gross_loss=stored["gross_loss"] - sign * min(net, Decimal(0)),
            result_r=stored["result_r"] + sign * float(trade.result_in_r or 0),
        )
    )


def _add(connection: Connection, environment: str, signal: Signal, count: int) -> None:
    upsert(
        connection,
        signal_totals,
        {
            "environment": environment,
            "model": signal.model,
            "direction": signal.direction.word,
            "status": signal.status.value,
            "count": count,
        },
        changes={"count": signal_totals.c.count + count},
    )
