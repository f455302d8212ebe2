"""Optimal trade entry: the 62 to 79 % retracement of a leg that broke structure (section 9)."""

import numpy as np

from src.strategy.codes import CREATED, INVALIDATED, NO_FLAGS, OPTIMAL_ENTRY, OTE, TOUCHED
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.occasions import give_occasion
from src.strategy.output import Output, emit
from src.strategy.state import FLOATING, FRESH_RETRACEMENT, LOCKED, Tables

OTE_STEP = code(6)
LIFECYCLE_STEP = code(3)
SHALLOW, IDEAL, DEEP = 0.62, 0.705, 0.79


@compiled
def start_retracement(
    memory: Record,
    tables: Tables,
    low: float,
    high: float,
    degree: int,
    side: int,
    structure: int,
    out: Output,
) -> None:
    """Follow the leg that just broke structure, from its low to whatever high it reaches."""
    row = tables.retracements[FLOATING, side, memory.retracement_counts[FLOATING, side]]
    memory.retracement_counts[FLOATING, side] += 1
    row.id, row.degree, row.structure, row.known = memory.ids[OTE], degree, structure, memory.t
    row.anchor, row.high, row.touched_at = low, high, -1
    row.shallow = row.high - SHALLOW * (row.high - row.anchor)
    memory.highest_shallow[side] = max(memory.highest_shallow[side], row.shallow)
    memory.lowest_high[side] = min(memory.lowest_high[side], row.high)
    memory.ids[OTE] += 1
    _emit_retracement(out, memory.t, OTE_STEP, CREATED, row, side, 0.0, 0.0)


@compiled
def _emit_retracement(
    out: Output,
    t: int,
    step: int,
    event: int,
    row: Record,
    side: int,
    top: float,
    bottom: float,
) -> None:
    sign = 1 - 2 * side
    emit(
        out,
        t,
        step,
        OTE,
        event,
        row.id,
        sign,
        row.degree,
        row.known,
        row.structure,
        NO_FLAGS,
        max(top * sign, bottom * sign),
        min(top * sign, bottom * sign),
        row.anchor * sign,
        0.0,
    )


@inlined
def follow_retracements(
    memory: Record, tables: Tables, side: int, high: float, low: float, out: Output
) -> None:
    """Move floating legs with their high, lock those retraced into, end those whose low broke."""
    if low < memory.highest_anchor[side]:
        _end_locked(memory, tables, side, low, out)
    # Most bars neither stretch a leg nor retrace into one.
    if low <= memory.highest_shallow[side] or high > memory.lowest_high[side]:
        _move_floating(memory, tables, side, high, low, out)


@compiled
def _move_floating(
    memory: Record, tables: Tables, side: int, high: float, low: float, out: Output
) -> None:
    t = memory.t
    highest_shallow, lowest_high = -np.inf, np.inf
    kept = 0
    for i in range(memory.retracement_counts[FLOATING, side]):
        row = tables.retracements[FLOATING, side, i]
        if low > row.shallow:
            if high > row.high:
                row.high = high
                row.shallow = row.high - SHALLOW * (row.high - row.anchor)
            highest_shallow = max(highest_shallow, row.shallow)
            lowest_high = min(lowest_high, row.high)
            if kept < i:
                _copy(tables.retracements[FLOATING, side, kept], row)
            kept += 1
            continue
        row.top, row.bottom = row.shallow, row.high - DEEP * (row.high - row.anchor)
        row.touched_at = t
        _emit_retracement(out, t, LIFECYCLE_STEP, TOUCHED, row, side, row.top, row.bottom)
        if low < row.anchor:
            _emit_retracement(out, t, LIFECYCLE_STEP, INVALIDATED, row, side, 0.0, 0.0)
        else:
            _lock(memory, tables, side, row)
            _remember(memory.fresh[side, FRESH_RETRACEMENT], row, t)
            give_occasion(memory, OPTIMAL_ENTRY, side)
    memory.retracement_counts[FLOATING, side] = kept
    memory.highest_shallow[side], memory.lowest_high[side] = highest_shallow, lowest_high


@compiled
def _end_locked(memory: Record, tables: Tables, side: int, low: float, out: Output) -> None:
    locked = tables.retracements[LOCKED, side]
    remaining = memory.retracement_counts[LOCKED, side]
    while remaining > 0 and locked[remaining - 1].anchor > low:
        remaining -= 1
        row = locked[remaining]
        _emit_retracement(out, memory.t, LIFECYCLE_STEP, INVALIDATED, row, side, 0.0, 0.0)
    memory.retracement_counts[LOCKED, side] = remaining
    memory.highest_anchor[side] = locked[remaining - 1].anchor if remaining > 0 else -np.inf


@compiled
def _lock(memory: Record, tables: Tables, side: int, row: Record) -> None:
    """File a touched leg by its anchor, nearest to the price last."""
    locked = tables.retracements[LOCKED, side]
    position = memory.retracement_counts[LOCKED, side]
    while position > 0 and locked[position - 1].anchor > row.anchor:
        _copy(locked[position], locked[position - 1])
        locked[position].reach = max(locked[position - 1].reach, row.top)
        position -= 1
    _copy(locked[position], row)
    locked[position].reach = row.top
    if position > 0:
        locked[position].reach = max(locked[position - 1].reach, row.top)
    memory.retracement_counts[LOCKED, side] += 1
    memory.highest_anchor[side] = max(memory.highest_anchor[side], row.anchor)


@compiled
def _copy(target: Record, source: Record) -> None:
    target.id, target.degree, target.structure = source.id, source.degree, source.structure
    target.known, target.touched_at = source.known, source.touched_at
    target.anchor, target.high, target.shallow = source.anchor, source.high, source.shallow
    target.top, target.bottom = source.top, source.bottom


@compiled
def _remember(fact: Record, row: Record, t: int) -> None:
    """Keep the newest locked leg for its entry model: `middle` is the ideal entry."""
    fact.t, fact.id, fact.degree = t, row.id, row.degree
    fact.top, fact.bottom = row.top, row.bottom
    fact.middle = row.high - IDEAL * (row.high - row.anchor)
    fact.open, fact.anchor = row.high, row.anchor
