"""Candles as columns: read from CSV, checked, and laid out for the fold."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from src.domain.candle import LARGEST_PRICE, MINUTE_MS, SMALLEST_PRICE, Timeframe
from src.domain.errors import InvalidCandle, InvalidInput
from src.strategy import records
from src.strategy.calendar import FIRST_TIME, LAST_TIME
from src.strategy.compiled import Floats, Integers, Records, compiled

Column = TypeVar("Column", Integers, Floats)

HEADER = ["timestamp", "open", "high", "low", "close", "volume"]


class InvalidBar(InvalidCandle):
    """A candle of a series that cannot be true; `bar` is its number."""

    def __init__(self, bar: int, message: str) -> None:
        super().__init__(message)
        self.bar = bar


@dataclass(frozen=True, slots=True)
class CandleArrays:
    """Columns of equal length, oldest candle first; `time` is the open time in UTC ms."""

    time: Integers
    open: Floats
    high: Floats
    low: Floats
    close: Floats

    def __len__(self) -> int:
        return len(self.time)

    def first(self, count: int | None) -> "CandleArrays":
        """A copy of the oldest `count` candles (None: all)."""
        prices = (self.open, self.high, self.low, self.close)
        return CandleArrays(self.time[:count].copy(), *(column[:count].copy() for column in prices))

    def part(self, first: int, last: int) -> "CandleArrays":
        """Candles with first <= number < last, over the same memory."""
        prices = (self.open, self.high, self.low, self.close)
        return CandleArrays(self.time[first:last], *(column[first:last] for column in prices))

    def check(self, timeframe: Timeframe) -> None:
        """Raises InvalidCandle naming the first bar that cannot be true."""
        prices = np.stack((self.open, self.high, self.low, self.close))
        self._refuse(
            ~np.all(np.isfinite(prices) & (prices > 0), axis=0),
            "prices must be finite and above zero",
        )
        self._refuse(
            np.any((prices > LARGEST_PRICE) | (prices < SMALLEST_PRICE), axis=0),
            "no price is as large or as small as that",
        )
        outside = (self.high < np.maximum(self.open, self.close)) | (
            self.low > np.minimum(self.open, self.close)
        )
        self._refuse(outside, "high and low do not enclose open and close")
        late = np.zeros(len(self), bool)
        late[1:] = np.diff(self.time) <= 0
        self._refuse(late, "the time is not after that of the bar before")
        self._refuse(
            self.time % timeframe.milliseconds != 0,
            f"the time does not start a {timeframe.value} candle",
        )
        self._refuse(
            (self.time < FIRST_TIME) | (self.time >= LAST_TIME), "the time is not a date in UTC ms"
        )

    def _refuse(self, wrong: "np.ndarray[tuple[int], np.dtype[np.bool_]]", why: str) -> None:
        if wrong.any():
            t = int(np.argmax(wrong))
            prices = (self.open[t], self.high[t], self.low[t], self.close[t])
            shown = ", ".join(str(float(price)) for price in prices)
            where = f"bar {t} (timestamp {self.time[t]})"
            raise InvalidBar(t, f"{where}: {why}; prices are {shown}")

    def rows(self, peer: "CandleArrays | None" = None, inverse: bool = False) -> Records:
        """Rows for the fold, the second symbol's bars beside those of the same time.

        With `inverse` the second symbol is expected to move against the first.
        """
        rows = np.empty(len(self), records.CANDLE)
        self._write(rows)
        if peer is not None:
            self._write_peer(rows, peer, inverse)
        return rows

    def stretches(
        self, length: int, peer: "CandleArrays | None" = None, inverse: bool = False
    ) -> Iterator[Records]:
        """The same rows, `length` at a time, each stretch valid until the next is asked for.

        The rows of a long history at once are new memory, which costs more than to fill it.
        """
        buffer = np.empty(min(length, len(self)), records.CANDLE)
        for first in range(0, len(self), length):
            part = self.part(first, first + length)
            rows = buffer[: len(part)]
            part._write(rows)
            if peer is not None:
                start, end = np.searchsorted(peer.time, (part.time[0], part.time[-1] + 1))
                part._write_peer(rows, peer.part(int(start), int(end)), inverse)
            yield rows

    def _write(self, rows: Records) -> None:
        prices = (self.open, self.high, self.low, self.close)
        _write_rows(rows, _plain(self.time), *map(_plain, prices))

    def _write_peer(self, rows: Records, peer: "CandleArrays", inverse: bool) -> None:
        _, ours, theirs = np.intersect1d(self.time, peer.time, return_indices=True)
        sign = -1.0 if inverse else 1.0
        upper, lower = (peer.low, peer.high) if inverse else (peer.high, peer.low)
        rows["peer_high"][ours] = sign * upper[theirs]
        rows["peer_low"][ours] = sign * lower[theirs]
        rows["peer_close"][ours] = sign * peer.close[theirs]


def _plain(column: Column) -> Column:
    """A column as the kernel takes it: in one piece, and not one that may only be read."""
    return column if column.flags.carray else column.copy()


@compiled
def _write_rows(
    rows: Records, time: Integers, opened: Floats, high: Floats, low: Floats, close: Floats
) -> None:
    """Fill rows of layout records.CANDLE without a peer; numpy would go column by column."""
    for i in range(len(rows)):
        row = rows[i]
        row.time, row.open, row.high, row.low, row.close = (
            time[i],
            opened[i],
            high[i],
            low[i],
            close[i],
        )
        row.peer_high = row.peer_low = row.peer_close = np.nan


def read_candles(path: Path, timeframe: Timeframe) -> CandleArrays:
    """Candles of a CSV file with the header timestamp,open,high,low,close,volume.

    Raises InvalidInput when the file cannot be read as that or holds longer candles,
    InvalidCandle for a wrong bar.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}", field="candles") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(f"{path} is not a CSV file: {error}", field="candles") from error
    if not lines or [name.strip() for name in lines[0]] != HEADER:
        raise InvalidInput(f"{path} must begin with the line {','.join(HEADER)}", field="candles")
    numbered = [(number, line) for number, line in enumerate(lines[1:], start=2) if line]
    rows = [_numbers(path, number, line) for number, line in numbered]
    table = np.array([row[1] for row in rows], np.float64).reshape(len(rows), 4)
    candles = CandleArrays(
        np.array([row[0] for row in rows], np.int64),
        *(np.ascontiguousarray(table[:, column]) for column in range(4)),
    )
    try:
        candles.check(timeframe)
    except InvalidBar as wrong:
        raise InvalidBar(wrong.bar, f"{path}, line {numbered[wrong.bar][0]}: {wrong}") from wrong
    refuse_longer(path, candles, timeframe)
    return candles


def refuse_longer(path: Path, candles: CandleArrays, timeframe: Timeframe) -> None:
    """Candles of which no two follow each other are those of a longer timeframe: taken as they
    are, the strategy would see nothing but gaps. Raises InvalidInput."""
    apart = np.diff(candles.time).min(initial=np.iinfo(np.int64).max)
    if len(candles) > 1 and apart > timeframe.milliseconds:
        raise InvalidInput(
            f"No two {timeframe.value} candles in {path} follow each other; the nearest are "
            f"{apart // MINUTE_MS} minutes apart. Name the timeframe of the file.",
            "timeframe",
        )


def _numbers(path: Path, number: int, line: Sequence[str]) -> tuple[int, tuple[float, ...]]:
    try:
        opened, *prices, traded = line
        time, volume = int(np.int64(int(opened))), float(traded)
        first, high, low, last = (float(text) for text in prices)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            f"{path}, line {number}: expected six numbers, found {','.join(line)}", field="candles"
        ) from error
    if not (math.isfinite(volume) and volume >= 0):
        raise InvalidInput(f"{path}, line {number}: the volume is {volume}", field="candles")
    return time, (first, high, low, last)
