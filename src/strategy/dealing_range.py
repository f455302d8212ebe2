"""The dealing range and where price stands in it (section 9)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.compiled import Floats, Records, compiled

DISCOUNT_BELOW = 0.475


@compiled
def extend_range(extremes: Floats, bars: Records, t: int) -> None:
    """Stretch the range to bar t; `extremes` holds the high and the mirrored low."""
    for side in range(2):
        high = bar_at(bars, side, t).high
        if high > extremes[side]:
            extremes[side] = high


@compiled
def range_position(extremes: Floats, bars: Records, side: int, t: int) -> float:
    """0 at the side's low end of the range, 1 at its high end; NaN while an end is unknown."""
    high, low = extremes[side], -extremes[1 - side]
    if not high > low:
        return np.nan
    return float((bar_at(bars, side, t).close - low) / (high - low))
