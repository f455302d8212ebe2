"""Candles kept for backtests, apart from those that live trading consumed.

Live trading folds every candle stored under its own environment, so history that a person adds
later must not stand among them. Each market's history has an environment word of its own, and
Bybit's can never mix with the simulator's.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, select

from src.database.candle_files import CandleColumns
from src.database.candle_store import add_candles
from src.database.engines import Database
from src.database.history_reader import HistoryReader
from src.database.stored_settings import StoredSettings
from src.database.tables import candles
from src.domain.candle import Candle, Timeframe
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays

_ROW = np.dtype([("time", np.int64), *((name, np.float64) for name in ("o", "h", "l", "c", "v"))])


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of candles by open time, start <= open time < end, UTC ms."""

    start: int
    end: int


class CandleHistory(HistoryReader):
    """History of one market, `bybit` or `simulator`, to write and to load whole."""

    def __init__(self, database: Database, market: str) -> None:
        super().__init__(database, market)
        self._settings = StoredSettings(database)

    def add(self, new: Sequence[Candle]) -> int:
        """Store what is not there yet; returns how many. Raises InvalidCandle where one differs."""
        with self._database.writing(durable=False) as connection:
            return add_candles(connection, self._environment, new)

    def load(
        self, symbol: str, timeframe: Timeframe, start: int | None = None, end: int | None = None
    ) -> CandleColumns:
        """Stored candles with start <= open time < end (UTC ms; None: all), oldest first."""
        column = candles.c
        wanted = self._of(symbol, timeframe)
        if start is not None:
            wanted.append(column.open_time >= start)
        if end is not None:
            wanted.append(column.open_time < end)
        query = (
            select(
                column.open_time, column.open, column.high, column.low, column.close, column.volume
            )
            .where(*wanted)
            .order_by(column.open_time)
        )
        with self._database.reading() as connection:
            rows = np.fromiter(_tuples(connection, query), dtype=_ROW)
        time, *prices, volume = (rows[name].copy() for name in _ROW.names or ())
        return CandleColumns(CandleArrays(time, *prices), volume)

    def missing(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Span]:
        """The stretches of start <= open time < end (UTC ms) that are not stored."""
        step = timeframe.milliseconds
        column = candles.c
        query = (
            select(column.open_time)
            .where(*self._of(symbol, timeframe), column.open_time >= start, column.open_time < end)
            .order_by(column.open_time)
        )
        with self._database.reading() as connection:
            stored = np.fromiter((time for (time,) in _tuples(connection, query)), np.int64)
        return _holes(stored, step, timeframe.open_time(start + step - 1), end)

    def remember_instrument(self, instrument: Instrument) -> None:
        """Keep the trading rules that belong to the candles of a symbol."""
        values = {name: str(value) for name, value in asdict(instrument).items()}
        self._settings.set(self._rules_of(instrument.symbol), json.dumps(values))

    def instrument(self, symbol: str) -> Instrument | None:
        """The trading rules remembered for a symbol, if any."""
        stored = self._settings.get(self._rules_of(symbol))
        if stored is None:
            return None
        values = json.loads(stored)
        name, minutes = values.pop("symbol"), values.pop("funding_interval_minutes")
        return Instrument(
            symbol=name,
            funding_interval_minutes=int(minutes),
            **{key: Decimal(value) for key, value in values.items()},
        )

    def _rules_of(self, symbol: str) -> str:
        return f"instrument.{self._environment}.{symbol}"


def _tuples(connection: Connection, query: Select[Any]) -> Iterable[tuple[Any, ...]]:
    """The driver's own tuples: rows of SQLAlchemy would double the time of a long history."""
    return cast(Iterable[tuple[Any, ...]], connection.execute(query).cursor)


def _holes(stored: NDArray[np.int64], step: int, start: int, end: int) -> list[Span]:
    """Stretches between the stored open times, and before and after them."""
    edges = np.concatenate(([start - step], stored, [end + (start - end) % step]))
    return [
        Span(int(edges[i]) + step, int(edges[i + 1])) for i in np.flatnonzero(np.diff(edges) > step)
    ]
