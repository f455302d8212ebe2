"""Entry models that wait at a zone: OTE, order block retest, breaker, unicorn."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import (
    BLOCK_RETEST,
    BREAKER,
    BREAKER_RETEST,
    FVG,
    OPTIMAL_ENTRY,
    TARGET_LEG,
    UNICORN,
)
from src.strategy.compiled import Record, compiled
from src.strategy.setups import STOP_MARGIN, start_draft
from src.strategy.state import (
    CLOSE,
    FRESH_BLOCK,
    FRESH_BREAKER,
    FRESH_GAP,
    FRESH_RETRACEMENT,
    Tables,
)


@compiled
def optimal_entry(memory: Record, params: Record, candle: Record, side: int) -> bool:
    """A limit at the ideal retracement of a leg, once a touch of its zone has fixed the leg."""
    leg = memory.fresh[side, FRESH_RETRACEMENT]
    if leg.t != memory.t or np.isnan(memory.before_atr):
        return False
    row = start_draft(memory, params, candle, OPTIMAL_ENTRY, side)
    row.entry = leg.middle
    row.zone_top, row.zone_bottom = leg.top, leg.anchor
    row.stop = leg.anchor - STOP_MARGIN * row.atr
    row.target, row.target_source = leg.open, TARGET_LEG
    return True


@compiled
def block_retest(memory: Record, params: Record, candle: Record, side: int) -> bool:
    """A limit at the order block the break has just proved, for its first touch."""
    block = memory.fresh[side, FRESH_BLOCK]
    return _draft_block(memory, params, candle, BLOCK_RETEST, side, block)


@compiled
def breaker_retest(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int
) -> bool:
    """A limit at the breaker a failed order block has just become."""
    block = memory.fresh[side, FRESH_BREAKER]
    if block.t != memory.t:
        return False
    if params.breaker_needs_sweep == 1 and tables.zones[block.slot].facts[0].flags == 0:
        return False
    return _draft_block(memory, params, candle, BREAKER_RETEST, side, block)


@compiled
def _draft_block(
    memory: Record, params: Record, candle: Record, model: int, side: int, block: Record
) -> bool:
    """Only above the entry is a first touch still to come."""
    if block.t != memory.t or np.isnan(memory.before_atr):
        return False
    entry = block.top
    if params.block_entry == 1:
        entry = block.open
    elif params.block_entry == 2:
        entry = block.middle
    if not bar_at(memory, side, memory.t).close > entry:
        return False
    row = start_draft(memory, params, candle, model, side)
    row.entry = entry
    row.zone_top, row.zone_bottom = block.top, block.bottom
    row.stop = block.bottom - STOP_MARGIN * row.atr
    return True


@compiled
def unicorn(memory: Record, tables: Tables, params: Record, candle: Record, side: int) -> bool:
    """A limit where a breaker and a gap of the same direction overlap, when the later one forms.

    Of several overlaps that lie under the close, the highest; of equal ones the nearest stop.
    """
    t, fresh = memory.t, memory.fresh[side]
    if np.isnan(memory.before_atr):
        return False
    best = (-np.inf, -np.inf, -np.inf)
    if fresh[FRESH_GAP].t == t:
        gap = fresh[FRESH_GAP]
        best = _best_pair(memory, tables, params, side, gap.top, gap.bottom, BREAKER, best)
    if fresh[FRESH_BREAKER].t == t:
        slot = int(fresh[FRESH_BREAKER].slot)
        while slot >= 0:
            zone = tables.zones[slot]
            best = _best_pair(memory, tables, params, side, zone.top, zone.bottom, FVG, best)
            slot = int(zone.next_free)
    entry, stop_zone, bottom = best
    if np.isinf(entry):
        return False
    row = start_draft(memory, params, candle, UNICORN, side)
    row.entry = entry
    row.zone_top, row.zone_bottom = entry, bottom
    row.stop = stop_zone - STOP_MARGIN * row.atr
    return True


@compiled
def _best_pair(
    memory: Record,
    tables: Tables,
    params: Record,
    side: int,
    top: float,
    bottom: float,
    wanted: int,
    best: tuple[float, float, float],
) -> tuple[float, float, float]:
    """The best so far or a better overlap of a zone with a live zone of the wanted kind.

    Each is the overlap's top, the breaker's bottom and the overlap's bottom. On the way the bound
    on the breakers' tops is drawn near: those not looked at lie under the zone, or reach no higher
    than all blocks there.
    """
    closed, highest = bar_at(memory, side, memory.t).close, bottom
    for i in range(memory.zone_counts[CLOSE + side] - 1, -1, -1):
        level = tables.zone_levels[CLOSE + side, i]
        reach = level.block_reach if wanted == BREAKER else level.gap_reach
        if reach <= bottom:
            highest = max(highest, level.block_reach)
            break
        if level.kind == BREAKER:
            highest = max(highest, level.top)
        if level.kind != wanted:
            continue
        upper, lower = min(top, level.top), max(bottom, level.price)
        if not (upper > lower and closed > upper):
            continue
        if wanted == FVG and tables.zones[level.slot].stage >= params.mitigation_stage:
            continue
        pair = (upper, level.price if wanted == BREAKER else bottom, lower)
        if pair > best:
            best = pair
    memory.breaker_reach[side] = min(memory.breaker_reach[side], highest)
    return best
