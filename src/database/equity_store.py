"""The equity curve: every point, and the hours and days it is read by when it is long."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from src.database.tables import equity, equity_spans
from src.database.totals import drawdown_at
from src.database.upsert import upsert
from src.domain.candle import DAY_MS, Timeframe
from src.domain.events import EquityPoint

HOUR_MS = Timeframe.H1.milliseconds
SPANS = (HOUR_MS, DAY_MS)


def add_equity_point(
    connection: Connection, environment: str, point: EquityPoint
) -> RowMapping | None:
    """Store a point and return its row; None when exactly this point is there already.

    A second point of the same instant replaces the first; the running peak and the hours and
    days keep having seen both.
    """
    query = select(equity).where(equity.c.environment == environment, equity.c.time == point.time)
    stored = connection.execute(query).mappings().first()
    if stored is not None and (stored["wallet"], stored["equity"]) == (point.wallet, point.equity):
        return None
    drawdown = drawdown_at(connection, environment, float(point.equity))
    upsert(
        connection,
        equity,
        {
            "environment": environment,
            "time": point.time,
            "wallet": point.wallet,
            "equity": point.equity,
            "drawdown": drawdown,
        },
    )
    for length in SPANS:
        _extend_span(connection, environment, length, point, drawdown)
    return connection.execute(query).mappings().one()


def _extend_span(
    connection: Connection, environment: str, length: int, point: EquityPoint, drawdown: float
) -> None:
    start, value = point.time - point.time % length, float(point.equity)
    columns = equity_spans.c
    key: dict[str, Any] = {"environment": environment, "length_ms": length, "start": start}
    stored = (
        connection.execute(
            select(equity_spans).where(
                columns.environment == environment,
                columns.length_ms == length,
                columns.start == start,
            )
        )
        .mappings()
        .first()
    )
    span = key | dict(stored or _span_of(value, point.time, drawdown))
    if point.time >= span["closing_time"]:
        span |= {"closing": value, "closing_time": point.time}
    if value < span["low"]:
        span |= {"low": value, "low_time": point.time}
    if value > span["high"]:
        span |= {"high": value, "high_time": point.time}
    if drawdown < span["deepest"]:
        span |= {"deepest": drawdown, "deepest_time": point.time}
    upsert(connection, equity_spans, span)


def _span_of(value: float, time: int, drawdown: float) -> dict[str, Any]:
    return {
        "opening": value,
        "closing": value,
        "closing_time": time,
        "low": value,
        "low_time": time,
        "high": value,
        "high_time": time,
        "deepest": drawdown,
        "deepest_time": time,
    }
