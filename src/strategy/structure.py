"""Market structure: BOS, CHoCH and MSS, per degree (section 2).

The leg since the latest unbroken swing high is carried bar by bar: its low (the protected level of
a break), the first displacement after that low and the order block before it.
"""

import numpy as np

from src.strategy.bars import bar_at, is_displaced, seen_by
from src.strategy.codes import (
    BEAR,
    BOS,
    BULL,
    CHOCH,
    EXTERNAL,
    INTERNAL,
    STRUCTURE,
    WITHOUT_MITIGATION,
    WITHOUT_OTE,
)
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.liquidity import remember_shift
from src.strategy.occasions import lowest_bit
from src.strategy.optimal_entry import start_retracement
from src.strategy.order_block import create_mitigation_block, create_order_block, find_origin_block
from src.strategy.output import Output, emit
from src.strategy.records import BAR_RING
from src.strategy.state import Tables

STRUCTURE_STEP = code(6)
AFTER_SWEEP_BARS = 30
# One bit for every leg.
LEG_BITS, ALL_LEGS = code(4), code(15)
INITIAL_FLAG, SHIFT_FLAG, SWEEP_FLAG = 1, 2, 4


@compiled
def start_leg(memory: Record, degree: int, side: int, p: int, body_zone: int) -> None:
    """Make the swing high of bar p, confirmed now, the level whose break is next."""
    leg = memory.legs[degree, side]
    leg.price, leg.origin = bar_at(memory, side, p).high, p
    leg.low = np.inf
    for i in range(p, memory.t + 1):
        bar = bar_at(memory, side, i)
        _extend_leg(leg, memory, side, i, bar.low, bar.high, body_zone)


@inlined
def _extend_leg(
    leg: Record, memory: Record, side: int, i: int, low: float, high: float, body_zone: int
) -> None:
    """Carry the leg over bar i: a new low (the last of equals) starts the search anew."""
    if low <= leg.low:
        leg.low, leg.low_at, leg.high = low, i, high
        leg.displaced_at = -1
        leg.block_at = -1
        return
    if high > leg.high:
        leg.high = high
    if leg.displaced_at < 0 and is_displaced(memory, side, i):
        leg.displaced_at = i
        find_origin_block(leg, memory, side, i, body_zone)


@inlined
def break_structure(
    memory: Record, tables: Tables, params: Record, candle: Record, out: Output
) -> None:
    """Carry every leg over this bar and report the levels it breaks."""
    changed = _changes(memory, params, candle, BULL) | _changes(memory, params, candle, BEAR)
    direction = memory.displaced[memory.t & (BAR_RING - 1)]
    if direction != 0:
        changed |= _first_displacements(memory, BULL if direction > 0 else BEAR)
    if changed == 0:
        return
    _turn_legs(memory, candle, params.body_zone, changed & ALL_LEGS)
    broken = changed >> LEG_BITS
    if broken != 0:
        # Only with wick breaks can both sides break on one bar; an up bar is taken to dip first.
        first = 1 if params.break_on_close == 0 and candle.close >= candle.open else 0
        _report_breaks(memory, tables, params, broken, first, out)


@inlined
def _changes(memory: Record, params: Record, candle: Record, side: int) -> int:
    """Stretch the legs of a side up to this bar; the bits of those with a new low, and 4 higher of
    those whose level it breaks (the price is NaN while there is none).

    A leg's bit is 2 * degree + side.
    """
    _, high, low, closed = seen_by(side, candle)
    reached = closed if params.break_on_close == 1 else high
    inner, outer = memory.legs[INTERNAL, side], memory.legs[EXTERNAL, side]
    inner.high = high if high > inner.high else inner.high
    outer.high = high if high > outer.high else outer.high
    lower = int(low <= inner.low) | int(low <= outer.low) << 2
    breaks = int(reached > inner.price) | int(reached > outer.price) << 2
    return (lower | breaks << LEG_BITS) << side


@inlined
def _first_displacements(memory: Record, side: int) -> int:
    """The bits of the legs of a side without a displacement since their low."""
    inner, outer = memory.legs[INTERNAL, side], memory.legs[EXTERNAL, side]
    return (int(inner.displaced_at < 0) | int(outer.displaced_at < 0) << 2) << side


@compiled
def _turn_legs(memory: Record, candle: Record, body_zone: int, turned: int) -> None:
    while turned != 0:
        number = lowest_bit(turned)
        turned &= turned - 1
        degree, side = number >> 1, number & 1
        _, high, low, _ = seen_by(side, candle)
        leg = memory.legs[degree, side]
        _extend_leg(leg, memory, side, memory.t, low, high, body_zone)


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
    t, leg, direction = memory.t, memory.legs[degree, side], 1 - 2 * side
    if leg.low_at == t and is_displaced(memory, side, t):
        leg.displaced_at = t
        find_origin_block(leg, memory, side, t, params.body_zone)
    is_change = memory.trends[degree] == -direction
    is_shift = is_change and leg.displaced_at >= 0
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
        leg.low_at,
        _break_flags(memory, degree, side, is_shift),
        leg.price * direction,
        leg.low * direction,
        0.0,
        0.0,
    )
    memory.trends[degree] = direction
    if is_shift:
        remember_shift(memory, side)
    if is_shift or not is_change:
        fact = memory.breaks[side, 0 if is_shift else 1]
        fact.t, fact.degree, fact.id, fact.level = t, degree, identity, leg.price
        if params.left_out & WITHOUT_OTE == 0:
            start_retracement(memory, tables, leg, degree, side, identity, out)
    create_order_block(memory, tables, leg, degree, side, out)
    if params.left_out & WITHOUT_MITIGATION == 0:
        create_mitigation_block(memory, tables, degree, side, out)
    # Nothing is carried on until the next swing: no low is as low, no displacement is missing.
    leg.price, leg.low, leg.displaced_at = np.nan, -np.inf, t


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
