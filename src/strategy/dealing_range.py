"""The dealing range and where price stands in it (section 9)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.compiled import Record, compiled, inlined
from src.strategy.lanes import below, replace

DISCOUNT_BELOW = 0.475


@inlined
def extend_range(memory: Record, candle: Record) -> None:
    """Stretch the range to this bar; `extremes` holds the high and the mirrored low."""
    ends = (candle.high, -candle.low)
    replace(memory.extremes, ends, below(memory.extremes, ends))


@compiled
def range_position(memory: Record, side: int, t: int) -> float:
    """0 at the side's low end of the range, 1 at its high end; NaN while an end is unknown."""
    high, low = memory.extremes[side], -memory.extremes[1 - side]
    if not high > low:
        return np.nan
    return float((bar_at(memory, side, t).close - low) / (high - low))
