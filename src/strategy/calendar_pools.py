"""Highs and lows of finished days, weeks, months and sessions become pools (section 7)."""

from src.strategy.codes import PD, SESSION
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.liquidity import CALENDAR_STEP, create_pool, supersede_pool
from src.strategy.output import Output
from src.strategy.state import Tables

DAY, WEEK, MONTH = code(0), code(1), code(2)
FIRST_SESSION = 3
SINGLE = code(1)
PERIODS = 8


@inlined
def roll_periods(memory: Record, tables: Tables, candle: Record, out: Output) -> None:
    """Close the periods this bar proves finished, then count it into those it belongs to."""
    _roll(memory, tables, DAY, candle.day, candle.day_length, candle, out)
    _roll(memory, tables, WEEK, candle.week, candle.week_length, candle, out)
    _roll(memory, tables, MONTH, candle.month, candle.month_length, candle, out)
    for row in range(FIRST_SESSION, PERIODS):
        if row - FIRST_SESSION == candle.session:
            key, length = candle.session_start, candle.session_length
            _roll(memory, tables, row, key, length, candle, out)
        elif memory.periods[row].key >= 0:
            _finish_period(memory, tables, row, out)


@inlined
def _roll(
    memory: Record,
    tables: Tables,
    row: int,
    key: int,
    length: int,
    candle: Record,
    out: Output,
) -> None:
    period = memory.periods[row]
    if period.key != key:
        if period.key >= 0:
            _finish_period(memory, tables, row, out)
        period.key, period.length, period.bars = key, length, 0
        period.high, period.high_at = candle.high, memory.t
        period.low, period.low_at = candle.low, memory.t
    if candle.high > period.high:
        period.high, period.high_at = candle.high, memory.t
    if candle.low < period.low:
        period.low, period.low_at = candle.low, memory.t
    period.bars += 1
    period.last = memory.t


@compiled
def _finish_period(memory: Record, tables: Tables, row: int, out: Output) -> None:
    """Both levels of a finished period replace those of the one before; the high comes first."""
    period = memory.periods[row]
    kind = PD + row if row < FIRST_SESSION else SESSION
    session = row - FIRST_SESSION if row >= FIRST_SESSION else -1
    partial = 1 if 2 * period.bars * memory.step < period.length else 0
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
            period.last,
            SINGLE,
            partial,
            out,
        )
        earlier[0], earlier[1] = slot, tables.pools[slot].id
    period.key = -1
