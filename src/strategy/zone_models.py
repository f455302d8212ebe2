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
from src.strategy.output import Output
from src.strategy.setups import STOP_MARGIN, propose, start_draft
from src.strategy.state import (
    CLOSE,
    FRESH_BLOCK,
    FRESH_BREAKER,
    FRESH_GAP,
    FRESH_RETRACEMENT,
    Tables,
)


@compiled
def optimal_entry(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int, out: Output
) -> None:
    """A limit at the ideal retracement of a leg, once a touch of its zone has fixed the leg."""
    leg = memory.fresh[side, FRESH_RETRACEMENT]
    if leg.t != memory.t or np.isnan(memory.before_atr):
        return
    row = start_draft(memory, params, candle, OPTIMAL_ENTRY, side)
    row.entry = leg.middle
    row.zone_top, row.zone_bottom = leg.top, leg.anchor
    row.stop = leg.anchor - STOP_MARGIN * row.atr
    row.target, row.target_source = leg.open, TARGET_LEG
    propose(memory, tables, params, candle, out)


@compiled
def block_retest(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int, out: Output
) -> None:
    """A limit at the order block the break has just proved, for its first touch."""
    _propose_block(
        memory, tables, params, candle, BLOCK_RETEST, side, memory.fresh[side, FRESH_BLOCK], out
    )


@compiled
def breaker_retest(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int, out: Output
) -> None:
    """A limit at the breaker a failed order block has just become."""
    block = memory.fresh[side, FRESH_BREAKER]
    if block.t != memory.t:
        return
    if params.breaker_needs_sweep == 1 and tables.zones[block.slot].flags == 0:
        return
    _propose_block(memory, tables, params, candle, BREAKER_RETEST, side, block, out)


@compiled
def _propose_block(
    memory: Record,
    tables: Tables,
    params: Record,
    candle: Record,
    model: int,
    side: int,
    block: Record,
    out: Output,
) -> None:
    """Only above the entry is a first touch still to come."""
    if block.t != memory.t or np.isnan(memory.before_atr):
        return
    entry = block.top
    if params.block_entry == 1:
        entry = block.open
    elif params.block_entry == 2:
        entry = block.middle
    if not bar_at(memory, side, memory.t).close > entry:
        return
    row = start_draft(memory, params, candle, model, side)
    row.entry = entry
    row.zone_top, row.zone_bottom = block.top, block.bottom
    row.stop = block.bottom - STOP_MARGIN * row.atr
    propose(memory, tables, params, candle, out)


@compiled
def unicorn(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int, out: Output
) -> None:
    """A limit where a breaker and a gap of the same direction overlap, when the later one forms."""
    if np.isnan(memory.before_atr):
        return
    if memory.fresh[side, FRESH_GAP].t == memory.t:
        _pair(memory, tables, params, candle, side, memory.fresh[side, FRESH_GAP], BREAKER, out)
    elif memory.fresh[side, FRESH_BREAKER].t == memory.t:
        _pair(memory, tables, params, candle, side, memory.fresh[side, FRESH_BREAKER], FVG, out)


@compiled
def _pair(
    memory: Record,
    tables: Tables,
    params: Record,
    candle: Record,
    side: int,
    zone: Record,
    wanted: int,
    out: Output,
) -> None:
    """Propose the highest overlap of `zone` with a live zone of the wanted kind."""
    closed = bar_at(memory, side, memory.t).close
    entry, bottom, stop_zone = -np.inf, 0.0, 0.0
    for i in range(memory.zone_counts[CLOSE + side] - 1, -1, -1):
        level = tables.zone_levels[CLOSE + side, i]
        if not min(zone.top, level.detail) > max(zone.bottom, level.price):
            continue
        other = tables.zones[level.slot]
        if other.kind != wanted:
            continue
        if wanted == FVG and other.stage >= params.mitigation_stage:
            continue
        upper, lower = min(zone.top, other.top), max(zone.bottom, other.bottom)
        if upper > entry and closed > upper:
            entry, bottom = upper, lower
            stop_zone = other.bottom if wanted == BREAKER else zone.bottom
    if np.isinf(entry):
        return
    row = start_draft(memory, params, candle, UNICORN, side)
    row.entry = entry
    row.zone_top, row.zone_bottom = entry, bottom
    row.stop = stop_zone - STOP_MARGIN * row.atr
    propose(memory, tables, params, candle, out)
