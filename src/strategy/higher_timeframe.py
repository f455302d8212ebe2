"""Higher-timeframe candles, their structure trend, and the bias they agree on (section 12)."""

import numpy as np

from src.strategy.bars import store_bar, update_average_range
from src.strategy.codes import BEAR, BULL
from src.strategy.compiled import Record, Records, code, compiled, inlined
from src.strategy.records import HIGHER_COUNT, HIGHER_RING
from src.strategy.swings import is_swing_high

DEGREE = code(5)


@inlined
def fold_higher(memory: Record, candle: Record) -> None:
    """Add a base candle to every higher timeframe; only buckets that ended change a trend."""
    for k in range(HIGHER_COUNT):
        row = memory.higher[k]
        if row.step <= 0:
            continue
        bucket = candle.time - candle.time % row.step
        if row.bucket >= 0 and row.bucket != bucket:
            _close_bucket(row, memory.higher_bars[k], memory.average[1 + k])
        if row.bucket < 0:
            row.bucket = bucket
            row.open, row.high, row.low = candle.open, candle.high, candle.low
        row.high, row.low = max(row.high, candle.high), min(row.low, candle.low)
        row.close = candle.close
        if candle.time + memory.step == bucket + row.step:
            _close_bucket(row, memory.higher_bars[k], memory.average[1 + k])


@compiled
def _close_bucket(row: Record, ring: Records, average: Record) -> None:
    """Structure of a finished candle: breaks first, then the swings it confirms."""
    t = row.bars
    store_bar(ring, t, row.open, row.high, row.low, row.close)
    update_average_range(average, row.high, row.low, row.close)
    if row.close > row.reference_high:
        row.trend, row.reference_high = 1, np.nan
    if -row.close > row.reference_low:
        row.trend, row.reference_low = -1, np.nan
    if is_swing_high(ring, BULL, t, DEGREE):
        row.reference_high = ring[0, (t - DEGREE) & (HIGHER_RING - 1)].high
    if is_swing_high(ring, BEAR, t, DEGREE):
        row.reference_low = ring[1, (t - DEGREE) & (HIGHER_RING - 1)].high
    row.bars += 1
    row.bucket = -1


@compiled
def agreed_bias(memory: Record) -> int:
    """The trend all voting timeframes share, else 0."""
    agreed, voters = 0, 0
    for k in range(HIGHER_COUNT):
        row = memory.higher[k]
        if row.votes != 1:
            continue
        if voters > 0 and row.trend != agreed:
            return 0
        agreed = row.trend
        voters += 1
    return agreed
