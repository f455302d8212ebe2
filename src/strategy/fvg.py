"""Fair value gaps and balanced price ranges (sections 4 and 5)."""

import numpy as np

from src.strategy.bars import bar_at, is_displaced, seen_by
from src.strategy.codes import (
    BPR,
    FVG,
    NO_FLAGS,
    NOTHING,
    SILVER_BULLET_BITS,
    UNICORN,
    WITHOUT_BPR,
)
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.occasions import give_occasion
from src.strategy.output import Output
from src.strategy.records import RING
from src.strategy.state import FRESH_GAP, Tables
from src.strategy.zones import add_zone

GAP_STEP = code(5)
BALANCE_BARS = 20
CONTIGUOUS_BARS = 2


@inlined
def find_gaps(memory: Record, tables: Tables, params: Record, candle: Record, out: Output) -> None:
    """Create the FVG that this bar completes, if any, and the BPRs it forms with opposite ones."""
    if memory.contiguous < CONTIGUOUS_BARS or np.isnan(memory.before_atr):
        return
    t = memory.t
    smallest = max(params.fvg_atr_fraction * memory.before_atr, params.tick)
    for side in range(2):
        _, _, top, _ = seen_by(side, candle)
        bottom = bar_at(memory, side, t - 2).high
        if not (top > bottom and top - bottom >= smallest):
            continue
        if params.require_displacement == 1 and not is_displaced(memory, side, t - 1):
            continue
        identity = _create_gap(memory, tables, side, top, bottom, out)
        if params.left_out & WITHOUT_BPR == 0:
            _find_balanced_ranges(memory, tables, params.tick, side, identity, top, bottom, out)


@compiled
def _create_gap(
    memory: Record, tables: Tables, side: int, top: float, bottom: float, out: Output
) -> int:
    t, identity, count = memory.t, int(memory.ids[FVG]), memory.gap_counts[side]
    before = memory.gaps[side, (count - 1) & (RING - 1)]
    group = before.group if count > 0 and before.known == t - 1 else identity
    middle = (top + bottom) / 2
    slot = add_zone(
        memory,
        tables,
        FVG,
        side,
        t - 1,
        NOTHING,
        group,
        NO_FLAGS,
        top,
        middle,
        bottom,
        middle,
        GAP_STEP,
        out,
    )
    row = memory.gaps[side, count & (RING - 1)]
    row.id, row.known, row.slot, row.group = identity, t, slot, group
    row.top, row.bottom = top, bottom
    row.windows = memory.windows & SILVER_BULLET_BITS
    row.silver_bullet_end = memory.span[0].silver_bullet_end
    memory.gap_counts[side] += 1
    fact = memory.fresh[side, FRESH_GAP]
    fact.t, fact.id, fact.slot = t, identity, slot
    if bottom < memory.breaker_reach[side]:
        give_occasion(memory, UNICORN, side)
    fact.top, fact.middle, fact.bottom = top, middle, bottom
    return identity


@compiled
def _find_balanced_ranges(
    memory: Record,
    tables: Tables,
    tick: float,
    side: int,
    identity: int,
    top: float,
    bottom: float,
    out: Output,
) -> None:
    """One BPR per opposite FVG of the last 20 bars that overlaps the new one, oldest first."""
    t, count = memory.t, memory.gap_counts[1 - side]
    oldest, earliest = count, max(count - RING, 0)
    while oldest > earliest and _known(memory, 1 - side, oldest - 1) >= t - BALANCE_BARS:
        oldest -= 1
    for number in range(oldest, count):
        opposite = memory.gaps[1 - side, number & (RING - 1)]
        if opposite.known == t:
            continue
        upper, lower = min(top, -opposite.bottom), max(bottom, -opposite.top)
        if not (upper > lower and upper - lower >= tick):
            continue
        middle = (upper + lower) / 2
        add_zone(
            memory,
            tables,
            BPR,
            side,
            opposite.id,
            NOTHING,
            identity,
            NO_FLAGS,
            upper,
            middle,
            lower,
            middle,
            GAP_STEP,
            out,
        )


@inlined
def _known(memory: Record, side: int, number: int) -> int:
    return int(memory.gaps[side, number & (RING - 1)].known)
