"""Candles as arrays, and their aggregation to longer intervals."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MINUTE_MS = 60_000
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONTH_MS = 31 * DAY_MS
_FIRST_MONDAY_MS = 4 * DAY_MS

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
    "W": WEEK_MS,
    "M": MONTH_MS,
}
"""Length in milliseconds by V5 interval name; the longest where the calendar decides."""


def opening(time: int, length: int) -> int:
    """When the candle of this length that holds `time` opens: weeks on Monday, months on the 1st.

    All other candles open at multiples of their length (UTC ms).
    """
    if length < WEEK_MS:
        return time - time % length
    return int(_openings(np.array([time], dtype=np.int64), length)[0])


def following(time: int, length: int) -> int:
    """When the candle after the one that holds `time` opens."""
    return opening(opening(time, length) + length, length)


def _openings(times: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    if length == MONTH_MS:
        months = times.astype("datetime64[ms]").astype("datetime64[M]")
        return months.astype("datetime64[ms]").astype(np.int64)
    offset = _FIRST_MONDAY_MS if length == WEEK_MS else 0
    return times - (times - offset) % length


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
    bucket = _openings(bars.time, interval_ms)
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
