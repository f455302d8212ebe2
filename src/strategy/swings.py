"""Swing highs and lows, known only once the bars to their right have closed (section 1)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BEAR, BULL, CONFIRMED, LABEL_FIRST, SWING
from src.strategy.compiled import Record, Records, code, compiled, either, inlined
from src.strategy.lanes import at_least, below, replace
from src.strategy.output import Output, emit
from src.strategy.records import RING

SWING_STEP = code(7)
ORIGIN_CANDLE_BARS = 10
# Lanes of the swings to come: 2 * degree + side.
LANES, INTERNAL_LANES, EXTERNAL_LANES = code(4), code(2), code(0b1100)


@inlined
def is_swing_high(ring: Records, side: int, t: int, degree: int) -> bool:
    """Whether bar t-degree is a swing high: above the bars before it, not below those after."""
    p = t - degree
    if p < degree:
        return False
    mask = ring.shape[0] - 1
    high = ring[p & mask, side].high
    for distance in range(1, degree + 1):
        if ring[(p - distance) & mask, side].high >= high:
            return False
        if ring[(p + distance) & mask, side].high > high:
            return False
    return True


@inlined
def follow_candidates(memory: Record, params: Record, candle: Record) -> int:
    """What this bar does to the swings to come: a bit for each it confirms, `width` bars after it,
    and 4 higher a bit where it may be an external candidate itself. The bit of a swing is its lane.

    The newest bar above all `width` before it is a candidate until a higher one comes within
    `width` bars. While one stands, a bar above it is above all the bars that matter, so one
    comparison does.
    """
    candidates, now = memory.candidates[0], float(memory.t)
    internal, external = float(params.internal_degree), float(params.external_degree)
    bull, bear = candle.high, -candle.low
    highs, times = (bull, bear, bull, bear), (now, now, now, now)
    stands = at_least(candidates.until, times)
    is_last = below(candidates.until, (now + 1.0, now + 1.0, now + 1.0, now + 1.0))
    holds = at_least(candidates.high, highs)
    is_blocked = at_least(candidates.blocked_until, times) & at_least(candidates.blocking, highs)
    highest = _highest_of(memory, params.internal_degree, bull, bear)
    ends = (now + internal, now + internal, now + external, now + external)
    begins = stands & ~holds | highest & ~stands
    replace(candidates.until, ends, begins)
    replace(candidates.high, highs, begins)
    may_be = highest << INTERNAL_LANES if internal <= external else EXTERNAL_LANES
    return stands & is_last & holds | (may_be & ~stands & ~is_blocked) << LANES


@inlined
def _highest_of(memory: Record, width: int, bull: float, bear: float) -> int:
    """Bits of the sides to which this bar is above all `width` before it.

    Before the first bar there is no price to be above.
    """
    t, highest, mirrored = memory.t, -np.inf, -np.inf
    for distance in range(1, width + 1):
        high, low = bar_at(memory, BULL, t - distance).high, bar_at(memory, BEAR, t - distance).high
        highest, mirrored = high if high > highest else highest, low if low > mirrored else mirrored
    return (int(bull > highest) | int(bear > mirrored) << 1) & -int(t >= width)


@compiled
def try_candidate(memory: Record, side: int, width: int) -> None:
    """Make this bar the external candidate if it is above all `width` before it; else keep what
    blocks it, the nearest such bar.
    """
    candidates, t, lane = memory.candidates[0], memory.t, INTERNAL_LANES + side
    high, nearest = bar_at(memory, side, t).high, 0
    for distance in range(width, 0, -1):
        blocks = not bar_at(memory, side, t - distance).high < high
        nearest = either(blocks, distance, nearest)
    if nearest > 0:
        candidates.blocked_until[lane] = t - nearest + width
        candidates.blocking[lane] = bar_at(memory, side, t - nearest).high
    else:
        candidates.until[lane], candidates.high[lane] = t + width, high


@compiled
def newest_swing(memory: Record, degree: int, side: int) -> Record:
    """The latest confirmed swing; only valid if there is one."""
    return memory.swings[degree, side, (memory.swing_counts[degree, side] - 1) & (RING - 1)]


@compiled
def confirm_swing(memory: Record, degree: int, side: int, p: int, out: Output) -> None:
    """Append the swing high of bar p (of `side`: a low for bears), known now, with its label."""
    price = bar_at(memory, side, p).high
    label = LABEL_FIRST
    if memory.swing_counts[degree, side] > 0:
        before = newest_swing(memory, degree, side).price
        label = 1 if price > before else (-1 if price < before else 0)
    row = memory.swings[degree, side, memory.swing_counts[degree, side] & (RING - 1)]
    row.origin, row.price, row.label = p, price, label
    row.pool_slot, row.pool_id, row.peer = -1, -1, np.nan
    row.peer_missing = 0
    _find_origin_candle(row, memory, side, p)
    _copy_opposite_candle(row, memory, degree, side, p)
    memory.swing_counts[degree, side] += 1
    sign = 1 - 2 * side
    emit(
        out,
        memory.t,
        SWING_STEP,
        SWING,
        CONFIRMED,
        memory.ids[SWING],
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
    memory.ids[SWING] += 1


@compiled
def _find_origin_candle(row: Record, memory: Record, side: int, p: int) -> None:
    """The last candle closing up among bar p and the ten before it."""
    row.candle_at = -1
    for k in range(p, max(p - ORIGIN_CANDLE_BARS, 0) - 1, -1):
        bar = bar_at(memory, side, k)
        if bar.close > bar.open:
            row.candle_at, row.candle_low, row.candle_high = k, bar.low, bar.high
            return


@compiled
def _copy_opposite_candle(row: Record, memory: Record, degree: int, side: int, p: int) -> None:
    """That candle of the latest opposite swing before p: the origin of a mitigation block."""
    row.opposite_at = -1
    count = memory.swing_counts[degree, 1 - side]
    for back in range(1, min(count, RING) + 1):
        other = memory.swings[degree, 1 - side, (count - back) & (RING - 1)]
        if other.origin < p:
            row.opposite_at = other.candle_at
            row.opposite_low, row.opposite_high = other.candle_low, other.candle_high
            return
