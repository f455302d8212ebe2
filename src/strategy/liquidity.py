"""Liquidity pools and what happens to them: sweep, run, reclaim (sections 7 and 8).

Rules are written for sell-side pools under the price, whose sweep is bullish; a pool's side here
is the side that trades after its sweep. Buy-side pools are the same thing mirrored.
"""

from src.strategy.bars import bar_at
from src.strategy.codes import (
    CREATED,
    EQ_EXT,
    EQ_INT,
    KILL_ZONE_BITS,
    PD,
    PM,
    POOL,
    PW,
    RECLAIM,
    RUN,
    SESSION,
    SUPERSEDED,
    SWEEP,
    SWING_EXT,
    SWING_INT,
)
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.levels import insert_level, remove_level
from src.strategy.output import Output, emit
from src.strategy.state import (
    FREE_POOLS,
    HUNT_KILL_ZONE,
    HUNT_OLD_POOL,
    POOL_LEVELS,
    WAITING,
    Pools,
)

CALENDAR_STEP = 1
POOL_STEP = 4
SWING_STEP = 7
RECLAIM_BARS = 2


@compiled
def pool_weight(kind: int) -> int:
    """How strongly a kind of pool draws price."""
    if kind in (PM, PW):
        return 5
    if kind == PD:
        return 4
    if kind in (SESSION, EQ_INT, EQ_EXT):
        return 3
    if kind == SWING_EXT:
        return 2
    return 1


@compiled
def pool_tier(kind: int) -> int:
    """Row of `sweeps` a pool's sweep counts in: 0 strong, 1 external swing, 2 internal swing."""
    if kind == SWING_INT:
        return 2
    if kind == SWING_EXT:
        return 1
    return 0


@compiled
def create_pool(
    pools: Pools,
    ids: Integers,
    side: int,
    kind: int,
    session: int,
    price: float,
    origin: int,
    known: int,
    strength: int,
    partial: int,
    t: int,
    step: int,
    out: Output,
) -> int:
    """Add an active pool (price in the side's coordinates) known since `known`; the slot."""
    pools.counts[FREE_POOLS, 0] -= 1
    slot = int(pools.free[pools.counts[FREE_POOLS, 0]])
    pool = pools.table[slot]
    pool.id, pool.kind, pool.side, pool.session = ids[POOL], kind, side, session
    pool.price, pool.origin, pool.known = price, origin, known
    pool.strength, pool.partial, pool.active, pool.taken_at = strength, partial, 1, -1
    ids[POOL] += 1
    insert_level(pools.levels, pools.counts[POOL_LEVELS], side, price, slot)
    _emit_pool(out, t, step, CREATED, pool, 0.0)
    return slot


@compiled
def _emit_pool(out: Output, t: int, step: int, event: int, pool: Record, extreme: float) -> None:
    sign = 1 - 2 * pool.side
    emit(
        out,
        t,
        step,
        POOL,
        event,
        pool.id,
        -sign,
        pool.kind,
        pool.origin,
        pool.session,
        pool.partial,
        pool.price * sign,
        float(pool.strength),
        extreme * sign,
        0.0,
    )


@compiled
def supersede_pool(pools: Pools, slot: int, t: int, step: int, out: Output) -> None:
    """Replace an active pool by a newer one of its kind."""
    pool = pools.table[slot]
    remove_level(pools.levels, pools.counts[POOL_LEVELS], pool.side, pool.price, slot)
    _emit_pool(out, t, step, SUPERSEDED, pool, 0.0)
    _release(pools, slot)


@compiled
def _release(pools: Pools, slot: int) -> None:
    pools.table[slot].active = 0
    pools.table[slot].id = -1
    pools.free[pools.counts[FREE_POOLS, 0]] = slot
    pools.counts[FREE_POOLS, 0] += 1


@compiled
def take_pools(
    pools: Pools,
    bars: Records,
    sweeps: Records,
    hunts: Records,
    taken: Integers,
    t: int,
    windows: int,
    old_age: int,
    out: Output,
) -> None:
    """Reclaims of recent runs, then the pools bar t trades through, on both sides."""
    _reclaim_pools(pools, bars, sweeps, hunts, t, windows, old_age, out)
    for side in range(2):
        bar = bar_at(bars, side, t)
        remaining = pools.counts[POOL_LEVELS, side]
        while remaining > 0 and pools.levels[side, remaining - 1].price > bar.low:
            remaining -= 1
            slot = pools.levels[side, remaining].slot
            pool = pools.table[slot]
            pool.active, pool.taken_at, pool.extreme = 0, t, bar.low
            taken[side] = t
            if bar.close >= pool.price:
                _emit_pool(out, t, POOL_STEP, SWEEP, pool, bar.low)
                _remember_sweep(sweeps, hunts, pool, t, windows, 0, old_age)
                _release(pools, slot)
            else:
                _emit_pool(out, t, POOL_STEP, RUN, pool, bar.low)
                pools.waiting[pools.counts[WAITING, 0]] = slot
                pools.counts[WAITING, 0] += 1
        pools.counts[POOL_LEVELS, side] = remaining


@compiled
def _reclaim_pools(
    pools: Pools,
    bars: Records,
    sweeps: Records,
    hunts: Records,
    t: int,
    windows: int,
    old_age: int,
    out: Output,
) -> None:
    """A close back over a pool within two bars of its run; older ones stop waiting."""
    kept = 0
    for i in range(pools.counts[WAITING, 0]):
        slot = pools.waiting[i]
        pool = pools.table[slot]
        if t - pool.taken_at > RECLAIM_BARS:
            _release(pools, slot)
            continue
        bar = bar_at(bars, pool.side, t)
        pool.extreme = min(pool.extreme, bar.low)
        if bar.close > pool.price:
            _emit_pool(out, t, POOL_STEP, RECLAIM, pool, pool.extreme)
            _remember_sweep(sweeps, hunts, pool, t, windows, 1, old_age)
            _release(pools, slot)
        else:
            pools.waiting[kept] = slot
            kept += 1
    pools.counts[WAITING, 0] = kept


@compiled
def _remember_sweep(
    sweeps: Records,
    hunts: Records,
    pool: Record,
    t: int,
    windows: int,
    reclaim: int,
    old_age: int,
) -> None:
    """Keep the newest sweep per tier for the score, and those entry models hunt for."""
    _keep_stronger(sweeps[pool.side, pool_tier(pool.kind)], pool, t, windows, reclaim)
    if windows & KILL_ZONE_BITS:
        _keep_stronger(hunts[pool.side, HUNT_KILL_ZONE], pool, t, windows, reclaim)
    if t - pool.known >= old_age:
        _keep_stronger(hunts[pool.side, HUNT_OLD_POOL], pool, t, windows, reclaim)


@compiled
def _keep_stronger(fact: Record, pool: Record, t: int, windows: int, reclaim: int) -> None:
    """The newer sweep replaces the older; on one bar the stronger pool names it, the deepest
    extreme is kept."""
    weight = pool_weight(pool.kind)
    extreme = pool.extreme
    if fact.t == t:
        extreme = min(extreme, fact.extreme)
        fact.extreme = extreme
        if weight <= fact.weight:
            return
    fact.t, fact.kind, fact.session, fact.windows = t, pool.kind, pool.session, windows
    fact.reclaim, fact.known, fact.weight = reclaim, pool.known, weight
    fact.price, fact.extreme = pool.price, extreme


@compiled
def forget_broken_hunts(hunts: Records, bars: Records, t: int) -> None:
    """A sweep whose extreme trades again is no longer one to build a trade on."""
    for side in range(2):
        low = bar_at(bars, side, t).low
        for sort in range(2):
            if hunts[side, sort].t >= 0 and low < hunts[side, sort].extreme:
                hunts[side, sort].t = -1
