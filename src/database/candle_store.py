"""Candles: written once, never changed."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import Connection, insert, select

from src.database.rows import candle_values
from src.database.tables import candles
from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle

_BATCH = 5_000


def add_candles(connection: Connection, environment: str, new: Sequence[Candle]) -> int:
    """Insert what is not there yet and return how many that were.

    Raises InvalidCandle when a stored candle, or another one in `new`, differs.
    """
    added = 0
    for (symbol, timeframe), group in groupby(sorted(new, key=_order), key=_series):
        series = list(group)
        for start in range(0, len(series), _BATCH):
            batch = series[start : start + _BATCH]
            stored = {
                candle.open_time: candle
                for candle in _between(
                    connection,
                    environment,
                    symbol,
                    timeframe,
                    batch[0].open_time,
                    batch[-1].open_time,
                )
            }
            fresh = _not_in(stored, batch)
            if fresh:
                connection.execute(
                    insert(candles), [candle_values(environment, candle) for candle in fresh]
                )
            added += len(fresh)
    return added


def all_candles(
    connection: Connection, environment: str, symbol: str, timeframe: Timeframe
) -> list[Candle]:
    """Every stored candle of one series, oldest first."""
    return list(_between(connection, environment, symbol, timeframe, None, None))


def _not_in(stored: dict[int, Candle], batch: Sequence[Candle]) -> list[Candle]:
    fresh = []
    for candle in batch:
        known = stored.setdefault(candle.open_time, candle)
        if known is candle:
            fresh.append(candle)
        elif known != candle:
            raise InvalidCandle(
                f"{candle.symbol} {candle.timeframe.value} candle at {candle.open_time} is stored "
                f"as {_prices(known)} and arrived again as {_prices(candle)}"
            )
    return fresh


def _between(
    connection: Connection,
    environment: str,
    symbol: str,
    timeframe: Timeframe,
    first: int | None,
    last: int | None,
) -> Iterable[Candle]:
    column = candles.c
    query = (
        select(column.open_time, column.open, column.high, column.low, column.close, column.volume)
        .where(
            column.environment == environment,
            column.symbol == symbol,
            column.timeframe == timeframe.value,
        )
        .order_by(column.open_time)
    )
    if first is not None and last is not None:
        query = query.where(column.open_time.between(first, last))
    return [Candle(symbol, timeframe, *row) for row in connection.execute(query)]


def _series(candle: Candle) -> tuple[str, Timeframe]:
    return candle.symbol, candle.timeframe


def _order(candle: Candle) -> tuple[str, int, int]:
    return candle.symbol, candle.timeframe.milliseconds, candle.open_time


def _prices(candle: Candle) -> tuple[float, ...]:
    return candle.open, candle.high, candle.low, candle.close, candle.volume
