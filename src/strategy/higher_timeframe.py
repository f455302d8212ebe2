"""Higher-timeframe candles, their structure trend, and the bias they agree on (section 12)."""

import numpy as np

from src.strategy.bars import bar_at, store_bar, update_average_range
from src.strategy.calendar_pools import extend_running, settle_running
from src.strategy.codes import BEAR, BULL, NOTHING
from src.strategy.compiled import Record, Records, code, compiled, inlined
from src.strategy.records import HIGHER_COUNT, HIGHER_RING
from src.strategy.swings import is_swing_high

DEGREE = code(5)


@inlined
def fold_higher(memory: Record, candle: Record) -> None:
    """Add a base candle to the higher ones; only those that end change a trend.

    The lowest is made of base candles, the next of those of the one below.
    """
    if candle.time >= memory.higher_turn:
        _turn_higher(memory, candle)
    else:
        extend_running(memory, candle)


@compiled
def _turn_higher(memory: Record, candle: Record) -> None:
    """The base candle opens or ends a candle of the lowest higher timeframe, or follows its end."""
    row = memory.higher[memory.lowest_higher]
    _end_candles(memory, bar_at(memory, 0, memory.t - 1).close, candle.time)
    extend_running(memory, candle)
    if row.step == 0:
        return
    if row.until < 0:
        row.until = candle.time - candle.time % row.step + row.step
        row.open, row.high, row.low = candle.open, -np.inf, np.inf
    if candle.time + memory.step == row.until:
        _end_candles(memory, candle.close, row.until)
    memory.higher_turn = row.until - memory.step if row.until >= 0 else NOTHING


@compiled
def _end_candles(memory: Record, closed: float, time: int) -> None:
    """End every forming candle that lasts until `time` or less; each is part of the next."""
    settle_running(memory)
    memory.higher[memory.lowest_higher].close = closed
    for k in range(memory.lowest_higher, HIGHER_COUNT):
        row = memory.higher[k]
        if 0 <= row.until <= time:
            if k + 1 < HIGHER_COUNT:
                _add_to_next(memory.higher[k + 1], row)
            _close_candle(row, memory.higher_bars[k], memory.average[1 + k])


@compiled
def _add_to_next(above: Record, row: Record) -> None:
    if above.until < 0:
        start = row.until - row.step
        above.until = start - start % above.step + above.step
        above.open, above.high, above.low = row.open, row.high, row.low
    above.high, above.low = max(above.high, row.high), min(above.low, row.low)
    above.close = row.close


@compiled
def _close_candle(row: Record, ring: Records, average: Record) -> None:
    """Structure of a finished candle: breaks first, then the swings it confirms."""
    t = row.bars
    store_bar(ring, t, row.open, row.high, row.low, row.close)
    update_average_range(average, row.high, row.low, row.close)
    if row.close > row.reference_high:
        row.trend, row.reference_high = 1, np.nan
    if -row.close > row.reference_low:
        row.trend, row.reference_low = -1, np.nan
    if is_swing_high(ring, BULL, t, DEGREE):
        row.reference_high = ring[(t - DEGREE) & (HIGHER_RING - 1), BULL].high
    if is_swing_high(ring, BEAR, t, DEGREE):
        row.reference_low = ring[(t - DEGREE) & (HIGHER_RING - 1), BEAR].high
    row.bars += 1
    row.until = -1


@compiled
def agreed_bias(memory: Record) -> int:
    """The trend all voting timeframes share, else 0."""
    agreed, voters = 0, 0
    for k in range(HIGHER_COUNT):
        row = memory.higher[k]
        if row.step == 0:
            continue
        if voters > 0 and row.trend != agreed:
            return 0
        agreed = row.trend
        voters += 1
    return agreed
