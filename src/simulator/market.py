"""The simulated exchange's prices as of its market clock: closed candles, the open one, trades."""

import numpy as np
from numpy.typing import NDArray

from src.simulator.bars import DAY_MS, INTERVALS, Bars, aggregate, following, join, opening
from src.simulator.clock import MarketClock
from src.simulator.feed import Feed
from src.simulator.tick_path import SECOND_MS, TickPaths


class Market:
    """What the exchange knows at one instant. Every answer is a function of (feed, time)."""

    def __init__(self, feed: Feed, clock: MarketClock) -> None:
        self.feed = feed
        self.clock = clock
        self._paths = TickPaths(feed)

    def serves(self, interval: str) -> bool:
        """Whether candles of this V5 interval can be made from the base candles."""
        length = INTERVALS.get(interval)
        return length is not None and length % self.feed.base_ms == 0

    def closed_bars(self, symbol: str, interval_ms: int, start: int, end: int, now: int) -> Bars:
        """Candles with start <= open time < end that have closed by `now`, oldest first."""
        first = opening(start, interval_ms)
        last = min(following(end - 1, interval_ms), opening(now, interval_ms))
        return aggregate(self.feed.bars(symbol, first, last), interval_ms).between(start, end)

    def open_bar(self, symbol: str, interval_ms: int, now: int) -> Bars:
        """The candle still open at `now` as traded so far; no row when nothing traded yet."""
        base_ms = self.feed.base_ms
        base_open = now - now % base_ms
        closed = self.feed.bars(symbol, opening(now, interval_ms), base_open)
        path = self._paths.of(symbol, base_open)
        if path is None:
            return aggregate(closed, interval_ms)
        seen = path[: (now - base_open) // SECOND_MS + 1]
        whole = self.feed.bars(symbol, base_open, base_open + base_ms)
        return aggregate(join([closed, _traded_so_far(whole, seen, path.size)]), interval_ms)

    def price(self, symbol: str, now: int) -> float:
        """The last traded price at `now`. Raises LookupError before the first candle.

        In lock-step the last closed candle's close: no candle shows before it is released.
        """
        base_ms = self.feed.base_ms
        base_open = now - now % base_ms
        if self.clock.mode == "realtime":
            path = self._paths.of(symbol, base_open)
            if path is not None:
                return float(path[(now - base_open) // SECOND_MS])
        return self.previous_close(symbol, base_open)

    def previous_close(self, symbol: str, base_open: int) -> float:
        """Close of the last base candle that opened before `base_open`.

        Raises LookupError when there is none.
        """
        for start in (base_open - self.feed.base_ms, base_open - DAY_MS, self.feed.first_time):
            recent = self.feed.bars(symbol, start, base_open)
            if recent.size:
                return float(recent.close[-1])
        raise LookupError(f"{symbol} did not trade before {base_open}")

    def telling_instants(self, symbol: str, start: int, end: int) -> list[int]:
        """At most six instants in [start, end) that show its open, extremes and close."""
        bars = self.feed.bars(symbol, start, end)
        if bars.size == 0:
            return []
        last_second = int(bars.time[-1]) + self.feed.base_ms - SECOND_MS
        instants = {
            int(bars.time[0]),
            self._instant_of(symbol, int(bars.time[bars.high.argmax()]), highest=True),
            self._instant_of(symbol, int(bars.time[bars.low.argmin()]), highest=False),
            last_second,
        }
        for third in (start + (end - start) // 3, start + 2 * (end - start) // 3):
            if bars.time[0] <= third <= last_second:
                instants.add(third - third % SECOND_MS)
        return sorted(instants)

    def _instant_of(self, symbol: str, open_time: int, highest: bool) -> int:
        path = self._paths.of(symbol, open_time)
        if path is None:  # the caller has just read this candle from the same feed
            raise LookupError(f"{symbol} has no candle at {open_time}")
        return open_time + int(path.argmax() if highest else path.argmin()) * SECOND_MS


def _traded_so_far(whole: Bars, seen: NDArray[np.float64], seconds: int) -> Bars:
    share = seen.size / seconds
    return Bars(
        time=whole.time,
        open=seen[:1],
        high=seen.max(keepdims=True),
        low=seen.min(keepdims=True),
        close=seen[-1:],
        volume=whole.volume * share,
        turnover=whole.turnover * share,
    )
