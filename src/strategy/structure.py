"""Market structure: BOS, CHoCH and MSS, per degree (section 2).

The leg since the latest unbroken swing high is carried bar by bar: its low (the protected level of
a break), the first displacement after that low and the order block before it.
"""

import numpy as np

from src.strategy.bars import bar_at, is_displaced
from src.strategy.codes import (
    BOS,
    CHOCH,
    NOTHING,
    STRUCTURE,
    WITHOUT_MITIGATION,
    WITHOUT_OTE,
)
from src.strategy.compiled import Record, code, compiled, either, inlined
from src.strategy.lanes import at_least, below, replace
from src.strategy.liquidity import remember_shift
from src.strategy.occasions import lowest_bit
from src.strategy.optimal_entry import start_retracement
from src.strategy.order_block import create_mitigation_block, create_order_block, find_origin_block
from src.strategy.output import Output, emit
from src.strategy.records import BAR_RING
from src.strategy.state import Tables

STRUCTURE_STEP = code(6)
AFTER_SWEEP_BARS = 30
# Of a leg's lane, 2 * degree + side, the bit where it has a new low, and 4 higher of a break.
LEG_BITS, ALL_LEGS = code(4), code(0b1111)
BULL_LEGS, BEAR_LEGS = code(0b0101), code(0b1010)
INITIAL_FLAG, SHIFT_FLAG, SWEEP_FLAG = 1, 2, 4


@compiled
def start_leg(memory: Record, degree: int, side: int, p: int, body_zone: int) -> None:
    """Make the swing high of bar p, confirmed now, the level whose break is next.

    Without branches: what the few bars since then were cannot be foreseen.
    """
    lane, prices = 2 * degree + side, memory.leg_prices[0]
    leg = memory.legs[lane]
    low, low_at, high, displaced_at = np.inf, p, -np.inf, NOTHING
    for i in range(p, memory.t + 1):
        bar = bar_at(memory, side, i)
        is_lower = bar.low <= low
        is_first = (displaced_at < 0) & is_displaced(memory, side, i)
        before = -np.inf if is_lower else high
        high = bar.high if bar.high > before else before
        low = bar.low if is_lower else low
        low_at = either(is_lower, i, low_at)
        displaced_at = either(is_lower, NOTHING, either(is_first, i, displaced_at))
    leg.origin, leg.block_at = p, NOTHING
    prices.level[lane], prices.low[lane], prices.high[lane] = (
        bar_at(memory, side, p).high,
        low,
        high,
    )
    prices.low_at[lane], prices.displaced_at[lane] = low_at, NOTHING
    memory.undisplaced |= 1 << lane
    if displaced_at >= 0:
        _set_displacement(memory, lane, displaced_at, body_zone)


@inlined
def _set_displacement(memory: Record, lane: int, t: int, body_zone: int) -> None:
    """The leg's first displacement bar since its low, with the order block before it."""
    memory.leg_prices[0].displaced_at[lane] = t
    memory.undisplaced &= ~(1 << lane)
    find_origin_block(memory.legs[lane], memory, lane & 1, t, body_zone)


@inlined
def break_structure(
    memory: Record, tables: Tables, params: Record, candle: Record, out: Output
) -> None:
    """Carry every leg over this bar and report the levels it breaks."""
    changed = _changes(memory, params, candle)
    if changed == 0:
        return
    displaced = changed & ALL_LEGS
    while displaced != 0:
        _set_displacement(memory, lowest_bit(displaced), memory.t, params.body_zone)
        displaced &= displaced - 1
    broken = changed >> LEG_BITS
    if broken != 0:
        # Only with wick breaks can both sides break on one bar; an up bar is taken to dip first.
        first = 1 if params.break_on_close == 0 and candle.close >= candle.open else 0
        _report_breaks(memory, tables, params, broken, first, out)


@inlined
def _changes(memory: Record, params: Record, candle: Record) -> int:
    """Stretch every leg up to this bar; the bits of those whose first displacement since their low
    it is, and 4 higher of those whose level it breaks.

    At a new low (the last of equals) the search for a displacement begins anew.
    """
    prices, high, low, now = memory.leg_prices[0], candle.high, candle.low, float(memory.t)
    bull, bear = (candle.close, -candle.close) if params.break_on_close == 1 else (high, -low)
    highs, lows = (high, -low, high, -low), (low, -high, low, -high)
    breaks = below(prices.level, (bull, bear, bull, bear))
    falls = at_least(prices.low, lows)
    replace(prices.high, highs, below(prices.high, highs) | falls)
    replace(prices.low, lows, falls)
    replace(prices.low_at, (now, now, now, now), falls)
    replace(prices.displaced_at, (-1.0, -1.0, -1.0, -1.0), falls)
    direction = memory.displaced[memory.t & (BAR_RING - 1)]
    moved = BULL_LEGS & -int(direction > 0) | BEAR_LEGS & -int(direction < 0)
    displaced = memory.undisplaced & moved & ~falls
    memory.undisplaced |= falls
    return int(displaced | breaks << LEG_BITS)


@compiled
def _report_breaks(
    memory: Record, tables: Tables, params: Record, broken: int, first: int, out: Output
) -> None:
    """Internal before external; of both sides `first` first."""
    for turn in range(4):
        number = turn ^ first
        if broken >> number & 1:
            _report_break(memory, tables, params, number >> 1, number & 1, out)


@compiled
def _report_break(
    memory: Record, tables: Tables, params: Record, degree: int, side: int, out: Output
) -> None:
    """Emit the break of a leg's swing, and what it gives: order block, mitigation block, OTE."""
    t, lane, direction = memory.t, 2 * degree + side, 1 - 2 * side
    leg, prices = memory.legs[lane], memory.leg_prices[0]
    level, low, low_at = prices.level[lane], prices.low[lane], int(prices.low_at[lane])
    if low_at == t and is_displaced(memory, side, t):
        _set_displacement(memory, lane, t, params.body_zone)
    is_change = memory.trends[degree] == -direction
    is_shift = is_change and prices.displaced_at[lane] >= 0
    identity = memory.ids[STRUCTURE]
    memory.ids[STRUCTURE] += 1
    emit(
        out,
        t,
        STRUCTURE_STEP,
        STRUCTURE,
        CHOCH if is_change else BOS,
        identity,
        direction,
        degree,
        leg.origin,
        low_at,
        _break_flags(memory, degree, side, is_shift),
        level * direction,
        low * direction,
        0.0,
        0.0,
    )
    memory.trends[degree] = direction
    if is_shift:
        remember_shift(memory, side)
    if is_shift or not is_change:
        fact = memory.breaks[side, 0 if is_shift else 1]
        fact.t, fact.degree, fact.id, fact.level = t, degree, identity, level
        if params.left_out & WITHOUT_OTE == 0:
            start_retracement(memory, tables, low, prices.high[lane], degree, side, identity, out)
    if prices.displaced_at[lane] >= 0:
        displaced_at = int(prices.displaced_at[lane])
        create_order_block(memory, tables, leg, degree, side, displaced_at, out)
    if params.left_out & WITHOUT_MITIGATION == 0:
        create_mitigation_block(memory, tables, degree, side, out)
    # Nothing is carried on until the next swing: no low is as low, no displacement is missing.
    prices.level[lane], prices.low[lane], prices.displaced_at[lane] = np.nan, -np.inf, t
    memory.undisplaced &= ~(1 << lane)


@compiled
def _break_flags(memory: Record, degree: int, side: int, is_shift: bool) -> int:
    flags = INITIAL_FLAG if memory.trends[degree] == 0 else 0
    if is_shift:
        flags |= SHIFT_FLAG
    for tier in range(3):
        swept_at = memory.sweeps[side, tier].t
        if swept_at >= 0 and swept_at >= memory.t - AFTER_SWEEP_BARS:
            flags |= SWEEP_FLAG
    return flags
