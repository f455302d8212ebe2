"""Entry models that begin with a sweep: the 2022 model, the silver bullet, the turtle soup."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import (
    FVG,
    MODEL_2022,
    SILVER_BULLET,
    TARGET_EQUILIBRIUM,
    TARGET_POOL,
    TURTLE_SOUP,
)
from src.strategy.compiled import Record, compiled
from src.strategy.records import RING
from src.strategy.setups import STOP_MARGIN, start_draft
from src.strategy.state import HUNT_OLD_POOL, HUNT_SHIFT, Tables

SILVER_BULLET_GRACE_MS = 30 * 60_000


@compiled
def model_2022(memory: Record, tables: Tables, params: Record, candle: Record, side: int) -> bool:
    """Sweep in a kill zone, then MSS, then a limit in the highest gap left by the move."""
    swept_at = _sweep_before_shift(memory, params, side)
    if swept_at < 0:
        return False
    number = _highest_gap(memory, tables, params, side, swept_at, False)
    if number < 0:
        return False
    return _draft_gap_entry(memory, params, candle, MODEL_2022, side, number, -1)


@compiled
def silver_bullet(
    memory: Record, tables: Tables, params: Record, candle: Record, side: int
) -> bool:
    """The same in a gap known inside a silver bullet window, fillable until shortly after it."""
    swept_at = _sweep_before_shift(memory, params, side)
    if swept_at < 0:
        return False
    number = _highest_gap(memory, tables, params, side, swept_at, True)
    if number < 0:
        return False
    gap = memory.gaps[side, number & (RING - 1)]
    deadline = gap.silver_bullet_end + SILVER_BULLET_GRACE_MS
    if candle.time + memory.step >= deadline:
        return False
    return _draft_gap_entry(memory, params, candle, SILVER_BULLET, side, number, deadline)


@compiled
def _sweep_before_shift(memory: Record, params: Record, side: int) -> int:
    """Bar of the sweep, still intact, that the MSS of the bar before followed; -1 without one."""
    before = memory.t - 1
    sweep = memory.hunts[side, HUNT_SHIFT + (before & 1)]
    if memory.shifts[side, before & 1] != before or before - sweep.t > params.sweep_window:
        return -1
    return int(sweep.t)


@compiled
def _highest_gap(
    memory: Record, tables: Tables, params: Record, side: int, after: int, silver_bullet_only: bool
) -> int:
    """Number of the active FVG with the highest top known after bar `after`, or -1."""
    best = -1
    highest = -np.inf
    count = memory.gap_counts[side]
    for number in range(count - 1, max(count - RING, 0) - 1, -1):
        gap = memory.gaps[side, number & (RING - 1)]
        if gap.known <= after:
            break
        if silver_bullet_only and gap.windows == 0:
            continue
        zone = tables.zones[gap.slot]
        alive = zone.kind == FVG and zone.id == gap.id and zone.stage < params.mitigation_stage
        if alive and gap.top > highest:
            best, highest = number, gap.top
    return best


@compiled
def _draft_gap_entry(
    memory: Record,
    params: Record,
    candle: Record,
    model: int,
    side: int,
    number: int,
    deadline: int,
) -> bool:
    gap = memory.gaps[side, number & (RING - 1)]
    row = start_draft(memory, params, candle, model, side)
    if params.gap_entry == 0:
        row.entry = gap.top
    elif params.gap_entry == 1:
        row.entry = (gap.top + gap.bottom) / 2
    else:
        row.entry = gap.bottom
    row.about_sweep = HUNT_SHIFT + ((memory.t - 1) & 1)
    row.stop = memory.hunts[side, row.about_sweep].extreme - STOP_MARGIN * row.atr
    row.zone_top, row.zone_bottom = gap.top, gap.bottom
    row.expires_time = deadline
    return True


@compiled
def turtle_soup(memory: Record, tables: Tables, params: Record, candle: Record, side: int) -> bool:
    """Fade the sweep of an old pool at the next open, back to the middle or the other side."""
    sweep = memory.hunts[side, HUNT_OLD_POOL]
    if sweep.t != memory.t or np.isnan(memory.before_atr):
        return False
    row = start_draft(memory, params, candle, TURTLE_SOUP, side)
    row.market, row.prefers_draw = 1, 0
    row.entry = bar_at(memory, side, memory.t).close
    row.stop = sweep.extreme - STOP_MARGIN * row.atr
    row.about_sweep = HUNT_OLD_POOL
    equilibrium = (memory.extremes[side] - memory.extremes[1 - side]) / 2
    levels = memory.pool_counts[1 - side]
    if equilibrium > row.entry:
        row.target, row.target_source = equilibrium, TARGET_EQUILIBRIUM
    elif levels > 0:
        row.target = -tables.pool_levels[1 - side, levels - 1].price
        row.target_source = TARGET_POOL
    return True
