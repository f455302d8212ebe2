"""Fair value gaps and balanced price ranges (sections 4 and 5)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BPR, CREATED, FVG, SILVER_BULLET_BITS
from src.strategy.compiled import Record, compiled
from src.strategy.output import Output, emit_zone
from src.strategy.parameters import Parameters
from src.strategy.state import FRESH_GAP, RING, State
from src.strategy.zones import add_zone

GAP_STEP = 5
BALANCE_BARS = 20
CONTIGUOUS_BARS = 2


@compiled
def find_gaps(
    state: State, params: Parameters, t: int, before_atr: float, candle: Record, out: Output
) -> None:
    """Create the FVG that bar t completes, if any, and the BPRs it forms with opposite ones."""
    if state.core[0].contiguous < CONTIGUOUS_BARS:
        return
    for side in range(2):
        top = bar_at(state.bars, side, t).low
        bottom = bar_at(state.bars, side, t - 2).high
        smallest = max(params.fvg_atr_fraction * before_atr, params.tick)
        if np.isnan(before_atr) or not (top > bottom and top - bottom >= smallest):
            continue
        if params.require_displacement == 1 and bar_at(state.bars, side, t - 1).displaced == 0:
            continue
        identity = _create_gap(state, side, t, top, bottom, candle, out)
        _find_balanced_ranges(state, params, side, t, identity, top, bottom, out)


@compiled
def _create_gap(
    state: State, side: int, t: int, top: float, bottom: float, candle: Record, out: Output
) -> int:
    identity = int(state.ids[FVG])
    state.ids[FVG] += 1
    before = state.gaps[side, (state.gap_counts[side] - 1) & (RING - 1)]
    group = before.group if before.known == t - 1 and state.gap_counts[side] > 0 else identity
    middle = (top + bottom) / 2
    slot = add_zone(
        state.zones, FVG, identity, side, t, t - 1, -1, group, 0, top, middle, bottom, middle
    )
    emit_zone(out, t, GAP_STEP, CREATED, state.zones.table[slot])
    row = state.gaps[side, state.gap_counts[side] & (RING - 1)]
    row.id, row.known, row.slot, row.group = identity, t, slot, group
    row.top, row.bottom = top, bottom
    row.windows = candle.windows & SILVER_BULLET_BITS
    row.silver_bullet_end = candle.silver_bullet_end
    state.gap_counts[side] += 1
    fact = state.fresh[side, FRESH_GAP]
    fact.t, fact.id, fact.slot = t, identity, slot
    fact.top, fact.middle, fact.bottom = top, middle, bottom
    return identity


@compiled
def _find_balanced_ranges(
    state: State,
    params: Parameters,
    side: int,
    t: int,
    identity: int,
    top: float,
    bottom: float,
    out: Output,
) -> None:
    """One BPR per opposite FVG of the last 20 bars that overlaps the new one, oldest first."""
    count = state.gap_counts[1 - side]
    for number in range(max(count - RING, 0), count):
        opposite = state.gaps[1 - side, number & (RING - 1)]
        if opposite.known < t - BALANCE_BARS or opposite.known > t - 1:
            continue
        upper, lower = min(top, -opposite.bottom), max(bottom, -opposite.top)
        if not (upper > lower and upper - lower >= params.tick):
            continue
        middle = (upper + lower) / 2
        slot = add_zone(
            state.zones,
            BPR,
            state.ids[BPR],
            side,
            t,
            opposite.id,
            -1,
            identity,
            0,
            upper,
            middle,
            lower,
            middle,
        )
        state.ids[BPR] += 1
        emit_zone(out, t, GAP_STEP, CREATED, state.zones.table[slot])
