"""Candles as arrays, and their aggregation to longer intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MINUTE_MS = 60_000
DAY_MS = 86_400_000

INTERVALS = {
    "1": MINUTE_MS,
    "3": 3 * MINUTE_MS,
    "5": 5 * MINUTE_MS,
    "15": 15 * MINUTE_MS,
    "30": 30 * MINUTE_MS,
    "60": 60 * MINUTE_MS,
    "120": 120 * MINUTE_MS,
    "240": 240 * MINUTE_MS,
    "360": 360 * MINUTE_MS,
    "720": 720 * MINUTE_MS,
    "D": DAY_MS,
}
"""Length in milliseconds by V5 interval name. Buckets start at multiples of it (UTC)."""


class Bars(NamedTuple):
    """Candles in time order, one array per field, all of one length.

    `time` is the open time (UTC ms, int64); prices and `volume` (base units) and `turnover`
    (quote units) are float64.
    """

    time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    turnover: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many candles there are."""
        return int(self.time.size)

    def part(self, first: int, last: int) -> "Bars":
        """The candles with first <= index < last."""
        chosen = slice(first, last)
        return Bars(
            self.time[chosen],
            self.open[chosen],
            self.high[chosen],
            self.low[chosen],
            self.close[chosen],
            self.volume[chosen],
            self.turnover[chosen],
        )

    def between(self, start: int, end: int) -> "Bars":
        """The candles with start <= open time < end (UTC ms)."""
        first, last = np.searchsorted(self.time, (start, end))
        return self.part(int(first), int(last))


def empty_bars() -> Bars:
    """No candles."""
    nothing = np.empty(0, dtype=np.float64)
    return Bars(np.empty(0, dtype=np.int64), *([nothing] * 6))


def join(parts: Sequence[Bars]) -> Bars:
    """Consecutive parts as one."""
    if not parts:
        return empty_bars()
    if len(parts) == 1:
        return parts[0]
    return Bars(*(np.concatenate(fields) for fields in zip(*parts, strict=True)))


def aggregate(bars: Bars, interval_ms: int) -> Bars:
    """Bars cut into buckets of `interval_ms`; a bucket without bars is absent.

    The first and last bucket hold only the bars given, so callers pass whole buckets.
    """
    if bars.size == 0:
        return bars
    bucket = bars.time - bars.time % interval_ms
    first = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    last = np.append(first[1:], bars.size) - 1
    return Bars(
        time=bucket[first],
        open=bars.open[first],
        high=np.maximum.reduceat(bars.high, first),
        low=np.minimum.reduceat(bars.low, first),
        close=bars.close[last],
        volume=np.add.reduceat(bars.volume, first),
        turnover=np.add.reduceat(bars.turnover, first),
    )
