"""What the dashboard reads of the equity curve."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, func, select, type_coerce

from src.analytics.downsample import keep_extremes
from src.database.engines import Database
from src.database.equity_store import SPANS
from src.database.tables import equity, equity_spans, trade_totals
from src.database.transfers import CurveTransfer, curve_transfers
from src.database.views import View, equity_view
from src.domain.candle import DAY_MS
from src.domain.events import EquityPoint

POINTS_TO_READ = 5_000
"""Above this many, hours and then days stand for the points they hold."""

Candidate = tuple[int, float, float]
"""(time, equity, drawdown) of a point that may be drawn."""


@dataclass(frozen=True, slots=True)
class EquityDay:
    """One UTC day: its number (UTC ms // 86,400,000), first and last equity.

    `transferred` came to the account (negative: left it) by no trade since the day before ended,
    and `scale` is what that multiplied the account with, None where nothing was there before or
    nothing stayed.
    """

    day: int
    opening: float
    closing: float
    transferred: float = 0.0
    scale: float | None = 1.0


class EquityReader:
    """The equity curve of one environment."""

    def __init__(
        self, database: Database, environment: str, points_to_read: int = POINTS_TO_READ
    ) -> None:
        self._database = database
        self._environment = environment
        self._points_to_read = points_to_read

    def points(self, max_points: int, since: int = 0) -> list[View]:
        """At most `max_points` (>= 2) points from `since` (UTC ms) on, oldest first.

        The lowest and highest equity and the deepest drawdown are among them. Each carries the
        drawdown in percent below the account's highest equity before it, also before `since`.
        """
        with self._database.reading() as connection:
            candidates = self._candidates(connection, since)
            kept = keep_extremes(
                [value for _, value, _ in candidates],
                [drawdown for _, _, drawdown in candidates],
                max_points,
            )
            times = [candidates[index][0] for index in kept]
            query = (
                select(equity)
                .where(equity.c.environment == self._environment, equity.c.time.in_(times))
                .order_by(equity.c.time)
            )
            return [equity_view(row) for row in connection.execute(query).mappings()]

    def daily(self) -> list[EquityDay]:
        """Every UTC day with a point, oldest first."""
        query = self._spans(DAY_MS, 0).with_only_columns(
            equity_spans.c.start,
            equity_spans.c.opening,
            equity_spans.c.closing,
            equity_spans.c.closing_time,
        )
        with self._database.reading() as connection:
            pending = curve_transfers(connection, self._environment)
            days = []
            for start, opening, closing, closing_time in connection.execute(query):
                entered = [one for one in pending if one.enters_at <= closing_time]
                del pending[: len(entered)]
                days.append(_day(start // DAY_MS, opening, closing, entered))
            return days

    def latest(self) -> EquityPoint | None:
        """The newest point."""
        query = (
            select(equity.c.time, equity.c.wallet, equity.c.equity)
            .where(equity.c.environment == self._environment)
            .order_by(equity.c.time.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else EquityPoint(*row)

    def opening(self) -> float | None:
        """The first equity ever known: what the account began with."""
        query = (
            select(equity.c.equity)
            .where(equity.c.environment == self._environment)
            .order_by(equity.c.time)
            .limit(1)
        )
        with self._database.reading() as connection:
            first = connection.execute(query).scalar()
        return None if first is None else float(first)

    def max_drawdown(self) -> float:
        """Deepest fall below the highest equity before it, as a fraction (>= 0)."""
        query = select(trade_totals.c.max_drawdown).where(
            trade_totals.c.environment == self._environment
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0.0

    def _candidates(self, connection: Connection, since: int) -> list[Candidate]:
        points = select(equity.c.time).where(
            equity.c.environment == self._environment, equity.c.time >= since
        )
        if self._fits(connection, points):
            return self._raw(connection, since, None)
        for length in SPANS:
            start = -(-since // length) * length
            query = self._spans(length, start)
            if self._fits(connection, query):
                break
        spans = [_extremes(*row) for row in connection.execute(query)]
        # The hour or day that `since` cuts is read point by point: only its end counts.
        cut = self._raw(connection, since, start) or self._raw(connection, since, None, limit=1)
        rest = [candidate for span in spans for candidate in span]
        return cut + rest[1:] if rest and cut[-1][0] == rest[0][0] else cut + rest

    def _fits(self, connection: Connection, query: Select[Any]) -> bool:
        some = query.limit(self._points_to_read + 1).subquery()
        count = connection.execute(select(func.count()).select_from(some)).scalar_one()
        return count <= self._points_to_read

    def _raw(
        self, connection: Connection, since: int, end: int | None, limit: int | None = None
    ) -> list[Candidate]:
        # Decimals would be thrown away at once; reading the text saves most of the time.
        query = (
            select(equity.c.time, type_coerce(equity.c.equity, Text), equity.c.drawdown)
            .where(equity.c.environment == self._environment, equity.c.time >= since)
            .order_by(equity.c.time)
            .limit(limit)
        )
        if end is not None:
            query = query.where(equity.c.time < end)
        return [(row[0], float(row[1]), row[2]) for row in connection.execute(query)]

    def _spans(self, length: int, start: int) -> Select[Any]:
        return (
            select(
                equity_spans.c.low_time,
                equity_spans.c.low,
                equity_spans.c.high_time,
                equity_spans.c.high,
                equity_spans.c.closing_time,
                equity_spans.c.closing,
                equity_spans.c.deepest_time,
                equity_spans.c.deepest,
            )
            .where(
                equity_spans.c.environment == self._environment,
                equity_spans.c.length_ms == length,
                equity_spans.c.start >= start,
            )
            .order_by(equity_spans.c.start)
        )


def _day(number: int, opening: float, closing: float, entered: list[CurveTransfer]) -> EquityDay:
    scale: float | None = 1.0
    for one in entered:
        scale = None if scale is None or one.scale is None else scale * one.scale
    return EquityDay(number, opening, closing, float(sum(one.amount for one in entered)), scale)


def _extremes(
    low_time: int,
    low: float,
    high_time: int,
    high: float,
    closing_time: int,
    closing: float,
    deepest_time: int,
    deepest: float,
) -> list[Candidate]:
    """The points of a span that may be drawn; only its deepest needs to know its drawdown.

    What the equity was at the deepest point is not kept. Half-way between low and high stands
    for it, so that it is never taken for either.
    """
    points: dict[int, Candidate] = {
        low_time: (low_time, low, 0.0),
        high_time: (high_time, high, 0.0),
        closing_time: (closing_time, closing, 0.0),
    }
    _, value, _ = points.get(deepest_time, (deepest_time, (low + high) / 2, 0.0))
    points[deepest_time] = (deepest_time, value, deepest)
    return [points[time] for time in sorted(points)]
