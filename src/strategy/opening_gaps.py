"""New week and new day opening gaps, NWOG and NDOG (section 10)."""

import numpy as np

from src.strategy.bars import seen_by
from src.strategy.codes import CREATED, NO_FLAGS, OPENING_GAP, TOUCHED
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.output import Output, emit

CALENDAR_STEP = code(1)
LIFECYCLE_STEP = code(3)
KEPT = 5
DAYS_A_WEEK = 5
NEW_WEEK, NEW_DAY = code(0), code(1)
STAGES = 3


@inlined
def open_trading_day(memory: Record, synthetic: int, candle: Record, out: Output) -> None:
    """On the first bar after a pause, the gap from the last close before that pause.

    Runs before the bar's range is known. `synthetic` marks markets that traded through the pause.
    """
    span = memory.span[0]
    if span.opening != memory.opening:
        if memory.opening >= 0:
            _open_days(memory, synthetic, candle, out)
        memory.opening = span.opening
    if span.closing == 1:
        memory.opening_close = candle.close


@compiled
def _open_days(memory: Record, synthetic: int, candle: Record, out: Output) -> None:
    """Every pause since the bar before ends on this bar: one, or several where bars are missing.

    Only the first can have begun before the bar before had closed; what it closed at then, the
    fold has kept. Each later pause follows the close of the bar before itself.
    """
    newest = memory.average[0].previous_close
    for day in range(memory.opening + 1, memory.span[0].opening + 1):
        close = memory.opening_close if day == memory.opening + 1 else newest
        kind = NEW_WEEK if day % DAYS_A_WEEK == 0 else NEW_DAY
        if not np.isnan(close) and candle.open != close:
            _create(memory, synthetic, kind, candle.open, close, out)
    memory.opening_close = newest


@compiled
def _create(
    memory: Record, synthetic: int, kind: int, opened: float, closed: float, out: Output
) -> None:
    """Keep the gap in place of the oldest of its kind."""
    row = memory.openings[kind, 0]
    for i in range(1, KEPT):
        if memory.openings[kind, i].id < row.id:
            row = memory.openings[kind, i]
    side = 0 if opened > closed else 1
    sign = 1 - 2 * side
    row.id, row.known, row.kind, row.side = memory.ids[OPENING_GAP], memory.t, kind, side
    row.stage, row.flags = 0, synthetic
    row.top, row.bottom = opened * sign, closed * sign
    row.middle = (row.top + row.bottom) / 2
    memory.opening_levels[side] = max(memory.opening_levels[side], row.top)
    memory.ids[OPENING_GAP] += 1
    _emit(out, memory.t, CALENDAR_STEP, CREATED, row)


@inlined
def touch_opening_gaps(memory: Record, candle: Record, out: Output) -> None:
    """Report the levels of kept gaps this bar reached."""
    # The highest waiting level of a side is kept, so that most bars look at no gap.
    waiting = memory.opening_levels
    if candle.low <= waiting[0] or -candle.high <= waiting[1]:
        _touch_kept(memory, candle, out)


@compiled
def _touch_kept(memory: Record, candle: Record, out: Output) -> None:
    waiting = memory.opening_levels
    waiting[0] = waiting[1] = -np.inf
    for kind in range(2):
        for i in range(KEPT):
            row = memory.openings[kind, i]
            if row.id < 0:
                continue
            _, _, low, _ = seen_by(row.side, candle)
            while row.stage < STAGES and row.known != memory.t and _level(row) >= low:
                _emit(out, memory.t, LIFECYCLE_STEP, TOUCHED + row.stage, row)
                row.stage += 1
            if row.stage < STAGES:
                waiting[row.side] = max(waiting[row.side], _level(row))


@compiled
def _level(row: Record) -> float:
    if row.stage == 0:
        return float(row.top)
    return float(row.middle) if row.stage == 1 else float(row.bottom)


@compiled
def _emit(out: Output, t: int, step: int, event: int, row: Record) -> None:
    sign = 1 - 2 * row.side
    top, bottom = row.top * sign, row.bottom * sign
    emit(
        out,
        t,
        step,
        OPENING_GAP,
        event,
        row.id,
        sign,
        row.kind,
        row.known,
        NO_FLAGS,
        row.flags,
        max(top, bottom),
        min(top, bottom),
        0.0,
        0.0,
    )
