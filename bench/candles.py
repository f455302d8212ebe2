"""Candles to measure with: a synthetic market of any length, or a recorded file tiled to it."""

import numpy as np

from src.domain.candle import Timeframe
from src.simulator.bars import DAY_MS, Bars, aggregate, join
from src.simulator.synthetic import SyntheticFeed
from src.strategy.candle_arrays import CandleArrays

SYMBOL = "BTCUSDT"
SEED = 7
# 2001-04-01 UTC: the calendar begins in 2001, and two million 5-minute candles are 19 years.
ORIGIN = 986_083_200_000
# Minutes take five times the room of the candles made of them, so they are made in parts.
DAYS_AT_A_TIME = 300


def synthetic_candles(count: int, timeframe: Timeframe) -> CandleArrays:
    """The first `count` candles of the simulator's market."""
    feed = SyntheticFeed([SYMBOL], SEED, ORIGIN)
    days = -(-count * timeframe.milliseconds // DAY_MS)
    parts: list[Bars] = []
    for day in range(0, days, DAYS_AT_A_TIME):
        start = feed.first_time + day * DAY_MS
        minutes = feed.bars(SYMBOL, start, start + min(DAYS_AT_A_TIME, days - day) * DAY_MS)
        parts.append(aggregate(minutes, timeframe.milliseconds))
    bars = join(parts).part(0, count)
    return CandleArrays(bars.time, bars.open, bars.high, bars.low, bars.close)


def tiled(candles: CandleArrays, count: int, timeframe: Timeframe) -> CandleArrays:
    """`count` consecutive candles with the recorded prices, from the start again at their end."""
    taken = np.arange(count) % len(candles)
    times = candles.time[0] + timeframe.milliseconds * np.arange(count, dtype=np.int64)
    prices = (candles.open, candles.high, candles.low, candles.close)
    return CandleArrays(times, *(column[taken] for column in prices))
