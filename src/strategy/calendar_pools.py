"""Highs and lows of finished days, weeks, months and sessions become pools (section 7).

Periods begin and end only where the calendar changes. In between the fold keeps the extremes of
the bars since then in one place, `running`, and counts them into every period at once.
"""

import numpy as np

from src.strategy.calendar import Calendar, mark_span
from src.strategy.codes import PD, SESSION
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.liquidity import CALENDAR_STEP, create_pool, supersede_pool
from src.strategy.output import Output
from src.strategy.state import Tables

FIRST_SESSION = 3
SINGLE = code(1)
PERIODS = 8


@compiled
def enter_span(
    memory: Record, tables: Tables, calendar: Calendar, candle: Record, out: Output
) -> None:
    """The calendar at this bar; periods it proves finished become pools, new ones begin."""
    settle_running(memory)
    span = memory.span[0]
    mark_span(span, calendar, candle.time, memory.step)
    memory.windows = span.windows
    for row in range(FIRST_SESSION):
        _roll(memory, tables, row, span.starts[row], span.lengths[row], out)
    for row in range(FIRST_SESSION, PERIODS):
        if row - FIRST_SESSION == span.session:
            _roll(memory, tables, row, span.session_start, span.session_length, out)
        elif memory.periods[row].key >= 0:
            _finish_period(memory, tables, row, out)


@compiled
def _roll(memory: Record, tables: Tables, row: int, key: int, length: int, out: Output) -> None:
    period = memory.periods[row]
    if period.key == key:
        return
    if period.key >= 0:
        _finish_period(memory, tables, row, out)
    period.key, period.length, period.first = key, length, memory.t
    period.high, period.low = -np.inf, np.inf


@inlined
def extend_running(memory: Record, candle: Record) -> None:
    """Take this bar into the extremes not yet counted; the first of equals stays."""
    running = memory.running[0]
    # Without branches: whether a bar is the highest so far cannot be foreseen.
    is_highest, is_lowest = candle.high > running.high, candle.low < running.low
    running.high = candle.high if is_highest else running.high
    running.high_at = memory.t if is_highest else running.high_at
    running.low = candle.low if is_lowest else running.low
    running.low_at = memory.t if is_lowest else running.low_at


@compiled
def settle_running(memory: Record) -> None:
    """Count the running extremes into the periods and the higher candle that are under way."""
    running = memory.running[0]
    for row in range(PERIODS):
        period = memory.periods[row]
        if period.key < 0:
            continue
        if running.high > period.high:
            period.high, period.high_at = running.high, running.high_at
        if running.low < period.low:
            period.low, period.low_at = running.low, running.low_at
    forming = memory.higher[memory.lowest_higher]
    forming.high, forming.low = max(forming.high, running.high), min(forming.low, running.low)
    running.high, running.low = -np.inf, np.inf


@compiled
def _finish_period(memory: Record, tables: Tables, row: int, out: Output) -> None:
    """Both levels of a finished period replace those of the one before; the high comes first."""
    period = memory.periods[row]
    kind = PD + row if row < FIRST_SESSION else SESSION
    session = row - FIRST_SESSION if row >= FIRST_SESSION else -1
    bars = memory.t - period.first
    partial = 1 if 2 * bars * memory.step < period.length else 0
    for side in (1, 0):
        earlier = memory.period_pools[row, side]
        if earlier[0] >= 0:
            pool = tables.pools[earlier[0]]
            if pool.active == 1 and pool.id == earlier[1]:
                supersede_pool(memory, tables, CALENDAR_STEP, earlier[0], out)
        slot = create_pool(
            memory,
            tables,
            CALENDAR_STEP,
            side,
            kind,
            session,
            -period.high if side == 1 else period.low,
            period.high_at if side == 1 else period.low_at,
            memory.t - 1,
            SINGLE,
            partial,
            out,
        )
        earlier[0], earlier[1] = slot, tables.pools[slot].id
    period.key = -1
