"""Swing highs and lows, known only once the bars to their right have closed (section 1)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import CONFIRMED, LABEL_FIRST, SWING
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.output import Output, emit
from src.strategy.state import RING

SWING_STEP = 7
ORIGIN_CANDLE_BARS = 10


@compiled
def is_swing_high(bars: Records, side: int, t: int, degree: int) -> bool:
    """Whether bar t-degree is a swing high: above the bars before it, not below those after."""
    p = t - degree
    if p < degree:
        return False
    high = bar_at(bars, side, p).high
    for distance in range(1, degree + 1):
        if bar_at(bars, side, p - distance).high >= high:
            return False
        if bar_at(bars, side, p + distance).high > high:
            return False
    return True


@compiled
def newest_swing(swings: Records, swing_counts: Integers, degree: int, side: int) -> Record:
    """The latest confirmed swing; only valid if there is one."""
    return swings[degree, side, (swing_counts[degree, side] - 1) & (RING - 1)]


@compiled
def confirm_swing(
    swings: Records,
    swing_counts: Integers,
    bars: Records,
    ids: Integers,
    degree: int,
    side: int,
    p: int,
    t: int,
    out: Output,
) -> None:
    """Append the swing high of bar p (of `side`: a low for bears), known at t, with its label."""
    price = bar_at(bars, side, p).high
    label = LABEL_FIRST
    if swing_counts[degree, side] > 0:
        before = newest_swing(swings, swing_counts, degree, side).price
        label = 1 if price > before else (-1 if price < before else 0)
    row = swings[degree, side, swing_counts[degree, side] & (RING - 1)]
    row.origin, row.price, row.label = p, price, label
    row.pool_slot, row.pool_id, row.peer = -1, -1, np.nan
    _find_origin_candle(row, bars, side, p)
    _copy_opposite_candle(row, swings, swing_counts, degree, side, p)
    swing_counts[degree, side] += 1
    sign = 1 - 2 * side
    emit(
        out,
        t,
        SWING_STEP,
        SWING,
        CONFIRMED,
        ids[SWING],
        sign,
        degree,
        p,
        label,
        side,
        price * sign,
        0.0,
        0.0,
        0.0,
    )
    ids[SWING] += 1


@compiled
def _find_origin_candle(row: Record, bars: Records, side: int, p: int) -> None:
    """The last candle closing up among bar p and the ten before it."""
    row.candle_at = -1
    for k in range(p, max(p - ORIGIN_CANDLE_BARS, 0) - 1, -1):
        bar = bar_at(bars, side, k)
        if bar.close > bar.open:
            row.candle_at, row.candle_low, row.candle_high = k, bar.low, bar.high
            return


@compiled
def _copy_opposite_candle(
    row: Record, swings: Records, swing_counts: Integers, degree: int, side: int, p: int
) -> None:
    """That candle of the latest opposite swing before p: the origin of a mitigation block."""
    row.opposite_at = -1
    count = swing_counts[degree, 1 - side]
    for back in range(1, min(count, RING) + 1):
        other = swings[degree, 1 - side, (count - back) & (RING - 1)]
        if other.origin < p:
            row.opposite_at = other.candle_at
            row.opposite_low, row.opposite_high = other.candle_low, other.candle_high
            return
