"""Market structure: BOS, CHoCH and MSS, per degree (section 2).

The leg since the latest unbroken swing high is carried bar by bar: its low (the protected level of
a break), the first displacement after that low and the order block before it.
"""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BOS, CHOCH, STRUCTURE
from src.strategy.compiled import Record, Records, compiled
from src.strategy.optimal_entry import start_retracement
from src.strategy.order_block import create_mitigation_block, create_order_block, find_origin_block
from src.strategy.output import Output, emit
from src.strategy.parameters import Parameters
from src.strategy.state import State

STRUCTURE_STEP = 6
AFTER_SWEEP_BARS = 30
INITIAL_FLAG, SHIFT_FLAG, SWEEP_FLAG = 1, 2, 4


@compiled
def start_leg(leg: Record, bars: Records, side: int, p: int, t: int, body_zone: int) -> None:
    """Make the swing high of bar p, confirmed at t, the level whose break is next."""
    leg.price, leg.origin = bar_at(bars, side, p).high, p
    leg.low = np.inf
    for i in range(p, t + 1):
        extend_leg(leg, bars, side, i, body_zone)


@compiled
def extend_leg(leg: Record, bars: Records, side: int, i: int, body_zone: int) -> None:
    """Carry the leg over bar i: a new low (the last of equals) starts the search anew."""
    bar = bar_at(bars, side, i)
    if bar.low <= leg.low:
        leg.low, leg.low_at, leg.high = bar.low, i, bar.high
        leg.displaced_at = -1
        leg.block_at = -1
        return
    leg.high = max(leg.high, bar.high)
    if leg.displaced_at < 0 and bar.displaced == 1:
        leg.displaced_at = i
        find_origin_block(leg, bars, side, i, body_zone)


@compiled
def break_structure(state: State, params: Parameters, t: int, out: Output) -> None:
    """Carry every leg over bar t and report the levels it breaks."""
    plain = bar_at(state.bars, 0, t)
    # Only with wick breaks can both sides break on one bar; an up bar is taken to dip first.
    first = 1 if params.break_on_close == 0 and plain.close >= plain.open else 0
    for degree in range(2):
        for turn in range(2):
            side = turn if first == 0 else 1 - turn
            leg = state.legs[degree, side]
            if np.isnan(leg.price):
                continue
            extend_leg(leg, state.bars, side, t, params.body_zone)
            bar = bar_at(state.bars, side, t)
            reached = bar.close if params.break_on_close == 1 else bar.high
            if reached > leg.price:
                _report_break(state, params, degree, side, t, out)


@compiled
def _report_break(
    state: State, params: Parameters, degree: int, side: int, t: int, out: Output
) -> None:
    """Emit the break of a leg's swing, and what it gives: order block, mitigation block, OTE."""
    leg = state.legs[degree, side]
    direction = 1 - 2 * side
    if leg.low_at == t and bar_at(state.bars, side, t).displaced == 1:
        leg.displaced_at = t
        find_origin_block(leg, state.bars, side, t, params.body_zone)
    is_change = state.trends[degree] == -direction
    is_shift = is_change and leg.displaced_at >= 0
    identity = state.ids[STRUCTURE]
    state.ids[STRUCTURE] += 1
    flags = _break_flags(state, degree, side, t, is_shift)
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
        flags,
        leg.price * direction,
        leg.low * direction,
        0.0,
        0.0,
    )
    state.trends[degree] = direction
    if is_shift or not is_change:
        fact = state.breaks[side, 0 if is_shift else 1]
        fact.t, fact.degree, fact.id, fact.level = t, degree, identity, leg.price
        start_retracement(state, leg, degree, side, identity, t, out)
    create_order_block(state, leg, degree, side, t, out)
    create_mitigation_block(state, degree, side, t, out)
    leg.price = np.nan


@compiled
def _break_flags(state: State, degree: int, side: int, t: int, is_shift: bool) -> int:
    flags = INITIAL_FLAG if state.trends[degree] == 0 else 0
    if is_shift:
        flags |= SHIFT_FLAG
    for tier in range(3):
        swept_at = state.sweeps[side, tier].t
        if swept_at >= 0 and swept_at >= t - AFTER_SWEEP_BARS:
            flags |= SWEEP_FLAG
    return flags
