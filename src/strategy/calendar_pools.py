"""Highs and lows of finished days, weeks, months and sessions become pools (section 7)."""

from src.strategy.codes import PD, SESSION
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.liquidity import CALENDAR_STEP, create_pool, supersede_pool
from src.strategy.output import Output
from src.strategy.state import Pools

FIRST_SESSION = 3


@compiled
def roll_periods(
    pools: Pools,
    period_pools: Integers,
    periods: Records,
    ids: Integers,
    candle: Record,
    t: int,
    step: int,
    out: Output,
) -> None:
    """Close the periods that bar t proves finished, then count bar t into those it belongs to."""
    for row in range(FIRST_SESSION + 5):
        period = periods[row]
        if row == 0:
            key, length = candle.day, candle.day_length
        elif row == 1:
            key, length = candle.week, candle.week_length
        elif row == 2:
            key, length = candle.month, candle.month_length
        elif row - FIRST_SESSION == candle.session:
            key, length = candle.session_start, candle.session_length
        else:
            key, length = -1, 0
        if period.key >= 0 and period.key != key:
            _finish_period(pools, period_pools, period, row, ids, t, step, out)
            period.key = -1
        if key >= 0:
            _extend_period(period, key, length, candle, t)


@compiled
def _extend_period(period: Record, key: int, length: int, candle: Record, t: int) -> None:
    if period.key < 0:
        period.key, period.length, period.bars = key, length, 0
        period.high, period.high_at = candle.high, t
        period.low, period.low_at = candle.low, t
    if candle.high > period.high:
        period.high, period.high_at = candle.high, t
    if candle.low < period.low:
        period.low, period.low_at = candle.low, t
    period.bars += 1
    period.last = t


@compiled
def _finish_period(
    pools: Pools,
    period_pools: Integers,
    period: Record,
    row: int,
    ids: Integers,
    t: int,
    step: int,
    out: Output,
) -> None:
    """Both levels of a finished period replace those of the one before; the high comes first."""
    kind = PD + row if row < FIRST_SESSION else SESSION
    session = row - FIRST_SESSION if row >= FIRST_SESSION else -1
    partial = 1 if 2 * period.bars * step < period.length else 0
    for side in (1, 0):
        earlier = period_pools[row, side, 0]
        if earlier >= 0:
            pool = pools.table[earlier]
            if pool.active == 1 and pool.id == period_pools[row, side, 1]:
                supersede_pool(pools, earlier, t, CALENDAR_STEP, out)
        price = -period.high if side == 1 else period.low
        origin = period.high_at if side == 1 else period.low_at
        slot = create_pool(
            pools,
            ids,
            side,
            kind,
            session,
            price,
            origin,
            period.last,
            1,
            partial,
            t,
            CALENDAR_STEP,
            out,
        )
        period_pools[row, side, 0] = slot
        period_pools[row, side, 1] = pools.table[slot].id
