"""The price inside a candle, second by second, as a pure function of the candle and a seed."""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from src.simulator.bars import Bars
from src.simulator.feed import Feed

SECOND_MS = 1_000
_LOW_FIRST_IN_RISING_CANDLE = 0.75
_ROUGHNESS = 0.12


class TickPaths:
    """Second-by-second prices of a feed's base candles, the newest of them kept."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._path = lru_cache(maxsize=64)(self._make)

    def of(self, symbol: str, open_time: int) -> NDArray[np.float64] | None:
        """Prices at second 0, 1, … of the base candle that opens then; None if there is none.

        The first is the open, the last the close; high and low are both hit in between.
        """
        return self._path(symbol, open_time)

    def _make(self, symbol: str, open_time: int) -> NDArray[np.float64] | None:
        feed = self._feed
        bar = feed.bars(symbol, open_time, open_time + feed.base_ms)
        if bar.size == 0:
            return None
        key = (feed.seed, zlib.crc32(symbol.encode()), open_time // SECOND_MS)
        return walk(bar, feed.base_ms // SECOND_MS, feed.contract(symbol).tick, key)


def walk(bar: Bars, seconds: int, tick: float, key: tuple[int, ...]) -> NDArray[np.float64]:
    """One price per second through open, low and high (in either order) and close of `bar`."""
    random = np.random.default_rng(key)
    opening, high, low, close = (
        float(field[0]) for field in (bar.open, bar.high, bar.low, bar.close)
    )
    first, second = sorted(random.choice(np.arange(1, seconds - 1), size=2, replace=False))
    low_first = (random.random() < _LOW_FIRST_IN_RISING_CANDLE) == (close >= opening)
    extremes = (low, high) if low_first else (high, low)
    knots = (0, int(first), int(second), seconds - 1)
    path = np.interp(np.arange(seconds), knots, (opening, *extremes, close))
    path += random.standard_normal(seconds) * (high - low) * _ROUGHNESS
    path = np.clip(np.round(path / tick) * tick, low, high)
    for knot, price in zip(knots, (opening, *extremes, close), strict=True):
        path[knot] = price
    return np.asarray(path)
