"""What is stored for backtests, for those who only look: nothing here loads the strategy."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, func, select

from src.database.engines import Database
from src.database.tables import candles
from src.domain.candle import Timeframe

Bar = tuple[int, float, float, float, float]
"""Open time (UTC ms), open, high, low, close."""

FAR_ENOUGH = "2024-01-01"
"""Where a download begins when nobody said."""


@dataclass(frozen=True, slots=True)
class Series:
    """What is stored of one symbol: `count` candles, the first opening at `first` and the last
    closing at `end` (UTC ms); `missing` of those between are not there."""

    symbol: str
    timeframe: Timeframe
    count: int
    first: int
    end: int

    @property
    def missing(self) -> int:
        """Candles that the span would hold and the database does not."""
        return (self.end - self.first) // self.timeframe.milliseconds - self.count


class HistoryReader:
    """History of one market, `bybit` or `simulator`."""

    def __init__(self, database: Database, market: str) -> None:
        self.market = market
        self._database = database
        self._environment = f"history-{market}"

    def series(self) -> list[Series]:
        """Everything stored, by symbol and timeframe."""
        column = candles.c
        query = (
            select(
                column.symbol,
                column.timeframe,
                func.count(),
                func.min(column.open_time),
                func.max(column.open_time),
            )
            .where(column.environment == self._environment)
            .group_by(column.symbol, column.timeframe)
            .order_by(column.symbol, column.timeframe)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = []
        for symbol, word, count, first, last in rows:
            timeframe = Timeframe(word)
            found.append(Series(symbol, timeframe, count, first, last + timeframe.milliseconds))
        return found

    def bars(self, symbol: str, timeframe: Timeframe, start: int, end: int, step: int) -> list[Bar]:
        """Candles with start <= open time < end (UTC ms) put together to bars of `step` ms.

        Oldest first; a bar opens at a multiple of `step`. Stretches without candles have no bar.
        """
        column = candles.c
        opened = (column.open_time - column.open_time % step).label("opened")
        grouped = (
            select(
                opened,
                func.min(column.open_time).label("first"),
                func.max(column.open_time).label("last"),
                func.max(column.high).label("high"),
                func.min(column.low).label("low"),
            )
            .where(*self._of(symbol, timeframe), column.open_time >= start, column.open_time < end)
            .group_by(opened)
            .subquery()
        )
        first, last = candles.alias(), candles.alias()
        query = (
            select(grouped.c.opened, first.c.open, grouped.c.high, grouped.c.low, last.c.close)
            .join_from(
                grouped,
                first,
                and_(*self._of(symbol, timeframe, first), first.c.open_time == grouped.c.first),
            )
            .join(
                last, and_(*self._of(symbol, timeframe, last), last.c.open_time == grouped.c.last)
            )
            .order_by(grouped.c.opened)
        )
        with self._database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def _of(
        self, symbol: str, timeframe: Timeframe, table: FromClause = candles
    ) -> list[ColumnElement[bool]]:
        return [
            table.c.environment == self._environment,
            table.c.symbol == symbol,
            table.c.timeframe == timeframe.value,
        ]


def download_command(symbol: str, timeframe: Timeframe, market: str, day: str | None) -> str:
    """What a person runs to store candles from a day (`2026-03-01`) on; None: from far enough."""
    return (
        f"flask candles download {symbol} --from {day or FAR_ENOUGH} "
        f"--timeframe {timeframe.value} --market {market}"
    )
