"""Market structure: BOS, CHoCH and MSS, per degree (section 2).

The leg since the latest unbroken swing high is carried bar by bar: its low (the protected level of
a break), the first displacement after that low and the order block before it.
"""

import numpy as np

from src.strategy.bars import bar_at, is_displaced, seen_by
from src.strategy.codes import BOS, CHOCH, STRUCTURE
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.liquidity import remember_shift
from src.strategy.optimal_entry import start_retracement
from src.strategy.order_block import create_mitigation_block, create_order_block, find_origin_block
from src.strategy.output import Output, emit
from src.strategy.state import Tables

STRUCTURE_STEP = code(6)
AFTER_SWEEP_BARS = 30
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
    t = memory.t
    # Only with wick breaks can both sides break on one bar; an up bar is taken to dip first.
    first = 1 if params.break_on_close == 0 and candle.close >= candle.open else 0
    for degree in range(2):
        for turn in range(2):
            side = turn ^ first
            leg = memory.legs[degree, side]
            _, high, low, closed = seen_by(side, candle)
            reached = closed if params.break_on_close == 1 else high
            # Most bars change nothing about a leg: all of that is asked in one branch.
            changes = (low <= leg.low) | (high > leg.high) | (reached > leg.price)
            # The price is NaN while there is no level to break.
            if not (changes | is_displaced(memory, side, t)) or np.isnan(leg.price):
                continue
            _extend_leg(leg, memory, side, t, low, high, params.body_zone)
            if reached > leg.price:
                _report_break(memory, tables, params.body_zone, degree, side, out)


@compiled
def _report_break(
    memory: Record, tables: Tables, body_zone: int, degree: int, side: int, out: Output
) -> None:
    """Emit the break of a leg's swing, and what it gives: order block, mitigation block, OTE."""
    t, leg, direction = memory.t, memory.legs[degree, side], 1 - 2 * side
    if leg.low_at == t and is_displaced(memory, side, t):
        leg.displaced_at = t
        find_origin_block(leg, memory, side, t, body_zone)
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
        if is_shift:
            memory.shift_t = t
        start_retracement(memory, tables, leg, degree, side, identity, out)
    create_order_block(memory, tables, leg, degree, side, out)
    create_mitigation_block(memory, tables, degree, side, out)
    leg.price = np.nan


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
