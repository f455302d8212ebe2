"""Optimal trade entry: the 62 to 79 % retracement of a leg that broke structure (section 9)."""

from src.strategy.bars import bar_at
from src.strategy.codes import CREATED, INVALIDATED, OTE, TOUCHED
from src.strategy.compiled import Record, Records, compiled
from src.strategy.output import Output, emit
from src.strategy.state import FLOATING, FRESH_RETRACEMENT, LOCKED, Retracements, State

OTE_STEP = 6
LIFECYCLE_STEP = 3
SHALLOW, IDEAL, DEEP = 0.62, 0.705, 0.79


@compiled
def start_retracement(
    state: State, leg: Record, degree: int, side: int, structure: int, t: int, out: Output
) -> None:
    """Follow the leg that just broke structure, from its low to whatever high it reaches."""
    moving = state.retracements
    row = moving.floating[side, moving.counts[FLOATING, side]]
    moving.counts[FLOATING, side] += 1
    row.id, row.degree, row.structure, row.known = state.ids[OTE], degree, structure, t
    row.anchor, row.high, row.touched_at = leg.low, leg.high, -1
    state.ids[OTE] += 1
    _emit_retracement(out, t, OTE_STEP, CREATED, row, side, 0.0, 0.0)


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
        0,
        max(top * sign, bottom * sign),
        min(top * sign, bottom * sign),
        row.anchor * sign,
        0.0,
    )


@compiled
def follow_retracements(
    retracements: Retracements, fresh: Records, bars: Records, t: int, out: Output
) -> None:
    """Move floating legs with their high, lock those retraced into, end those whose low broke."""
    for side in range(2):
        bar = bar_at(bars, side, t)
        _end_locked(retracements, side, t, bar.low, out)
        kept = 0
        for i in range(retracements.counts[FLOATING, side]):
            row = retracements.floating[side, i]
            span = row.high - row.anchor
            if bar.low <= row.high - SHALLOW * span:
                row.top, row.bottom = row.high - SHALLOW * span, row.high - DEEP * span
                row.touched_at = t
                _emit_retracement(out, t, LIFECYCLE_STEP, TOUCHED, row, side, row.top, row.bottom)
                if bar.low < row.anchor:
                    _emit_retracement(out, t, LIFECYCLE_STEP, INVALIDATED, row, side, 0.0, 0.0)
                else:
                    _lock(retracements, side, row)
                    _remember(fresh[side, FRESH_RETRACEMENT], row, t)
                continue
            row.high = max(row.high, bar.high)
            if kept < i:
                _copy(retracements.floating[side, kept], row)
            kept += 1
        retracements.counts[FLOATING, side] = kept


@compiled
def _end_locked(retracements: Retracements, side: int, t: int, low: float, out: Output) -> None:
    remaining = retracements.counts[LOCKED, side]
    while remaining > 0 and retracements.locked[side, remaining - 1].anchor > low:
        remaining -= 1
        row = retracements.locked[side, remaining]
        _emit_retracement(out, t, LIFECYCLE_STEP, INVALIDATED, row, side, 0.0, 0.0)
    retracements.counts[LOCKED, side] = remaining


@compiled
def _lock(retracements: Retracements, side: int, row: Record) -> None:
    """File a touched leg by its anchor, nearest to the price last."""
    position = retracements.counts[LOCKED, side]
    while position > 0 and retracements.locked[side, position - 1].anchor > row.anchor:
        _copy(retracements.locked[side, position], retracements.locked[side, position - 1])
        position -= 1
    _copy(retracements.locked[side, position], row)
    retracements.counts[LOCKED, side] += 1


@compiled
def _copy(target: Record, source: Record) -> None:
    target.id, target.degree, target.structure = source.id, source.degree, source.structure
    target.known, target.touched_at = source.known, source.touched_at
    target.anchor, target.high = source.anchor, source.high
    target.top, target.bottom = source.top, source.bottom


@compiled
def _remember(fact: Record, row: Record, t: int) -> None:
    """Keep the newest locked leg for its entry model: `middle` is the ideal entry."""
    fact.t, fact.id, fact.degree = t, row.id, row.degree
    fact.top, fact.bottom = row.top, row.bottom
    fact.middle = row.high - IDEAL * (row.high - row.anchor)
    fact.open, fact.anchor = row.high, row.anchor
