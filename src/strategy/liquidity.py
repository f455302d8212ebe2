"""Liquidity pools and what happens to them: sweep, run, reclaim (sections 7 and 8).

Rules are written for sell-side pools under the price, whose sweep is bullish; a pool's side here
is the side that trades after its sweep. Buy-side pools are the same thing mirrored.
"""

import numpy as np

from src.strategy.bars import bar_at, seen_by
from src.strategy.codes import (
    BEAR,
    BULL,
    CREATED,
    EQ_EXT,
    EQ_INT,
    KILL_ZONE_BITS,
    MODEL_2022,
    PD,
    PM,
    POOL,
    PW,
    RECLAIM,
    RUN,
    SESSION,
    SILVER_BULLET,
    SUPERSEDED,
    SWEEP,
    SWING_EXT,
    SWING_INT,
    TURTLE_SOUP,
)
from src.strategy.compiled import Record, code, compiled, copy_record, inlined, whole
from src.strategy.levels import insert_pool_level, nearest, remove_pool_level
from src.strategy.occasions import give_occasion, give_occasion_next
from src.strategy.output import Output, emit_facts
from src.strategy.state import HUNT_KILL_ZONE, HUNT_OLD_POOL, HUNT_SHIFT, WAITING, Tables

CALENDAR_STEP = code(1)
POOL_STEP = code(4)
SWING_STEP = code(7)
RECLAIM_BARS = 2
DEEPEST_SWEEP = 2.0
HUNTS = 4
SWEPT, RECLAIMED = code(0), code(1)


# Of what `pool_weight` gives.
LARGEST_WEIGHT = 5.0


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
    """Column of `sweeps` a sweep counts in: 0 strong, 1 external swing, 2 internal swing."""
    if kind == SWING_INT:
        return 2
    if kind == SWING_EXT:
        return 1
    return 0


@compiled
def create_pool(
    memory: Record,
    tables: Tables,
    step: int,
    side: int,
    kind: int,
    session: int,
    price: float,
    origin: int,
    known: int,
    strength: int,
    partial: int,
    out: Output,
) -> int:
    """Add an active pool (price in the side's coordinates) known since `known`; its slot."""
    slot = int(memory.free_pool)
    pool = tables.pools[slot]
    memory.free_pool = pool.next_free
    memory.free_pools -= 1
    pool.id, pool.kind, pool.side, pool.session = memory.ids[POOL], kind, side, session
    pool.price, pool.origin, pool.known = price, origin, known
    pool.strength, pool.active, pool.taken_at = strength, 1, -1
    pool.extreme = price
    facts = pool.facts[0]
    facts.kind, facts.id, facts.dir, facts.degree = POOL, memory.ids[POOL], 2 * side - 1, kind
    facts.t_origin, facts.reference, facts.flags = origin, session, partial
    facts.price_1 = facts.price_2 = price * (1 - 2 * side)
    facts.price_3, facts.price_4 = float(strength), 0.0
    memory.ids[POOL] += 1
    weight = float(pool_weight(kind))
    # A pull is at most the weight.
    memory.pulls[side].most += weight
    insert_pool_level(tables.pool_levels, memory.pool_counts, side, price, slot, weight)
    emit_facts(out, memory.t, step, CREATED, facts)
    return slot


@inlined
def _deepen(pool: Record, extreme: float) -> None:
    """How far price has gone through a pool."""
    pool.extreme = extreme
    pool.facts[0].price_2 = extreme * (1 - 2 * pool.side)


@compiled
def supersede_pool(memory: Record, tables: Tables, step: int, slot: int, out: Output) -> None:
    """Replace an active pool by a newer one of its kind."""
    pool = tables.pools[slot]
    side = whole(pool.side)
    memory.pulls[side].least -= pool_weight(whole(pool.kind))
    remove_pool_level(tables.pool_levels, memory.pool_counts, side, pool.price, slot)
    emit_facts(out, memory.t, step, SUPERSEDED, pool.facts[0])
    _release(memory, tables, slot)


@compiled
def _release(memory: Record, tables: Tables, slot: int) -> None:
    pool = tables.pools[slot]
    pool.active, pool.id, pool.next_free = 0, -1, memory.free_pool
    memory.free_pool = slot
    memory.free_pools += 1


@inlined
def take_pools(memory: Record, tables: Tables, params: Record, candle: Record, out: Output) -> None:
    """Reclaims of recent runs, then the pools this bar trades through, on both sides.

    Sweeps of pools known for at least `turtle_soup_age` bars are remembered apart.
    """
    if memory.pool_counts[WAITING] > 0:
        _reclaim_pools(memory, tables, params, out)
    bulls = nearest(tables.pool_levels, memory.pool_counts, BULL) > candle.low
    bears = nearest(tables.pool_levels, memory.pool_counts, BEAR) > -candle.high
    if bulls | bears:
        for side in range(1 - int(bulls), 1 + int(bears)):
            _take_side(memory, tables, params, side, candle, out)


@compiled
def _take_side(
    memory: Record, tables: Tables, params: Record, side: int, candle: Record, out: Output
) -> None:
    levels = tables.pool_levels
    _, _, low, closed = seen_by(side, candle)
    remaining = memory.pool_counts[side]
    while remaining > 0 and levels[side, remaining - 1].price > low:
        remaining -= 1
        slot = levels[side, remaining].slot
        memory.pulls[side].least -= levels[side, remaining].weight
        pool = tables.pools[slot]
        pool.active, pool.taken_at = 0, memory.t
        _deepen(pool, low)
        memory.taken[side] = memory.t
        if closed >= pool.price:
            emit_facts(out, memory.t, POOL_STEP, SWEEP, pool.facts[0])
            _remember_sweep(memory, params, pool, SWEPT)
            _release(memory, tables, slot)
        else:
            emit_facts(out, memory.t, POOL_STEP, RUN, pool.facts[0])
            levels[WAITING, memory.pool_counts[WAITING]].slot = slot
            memory.pool_counts[WAITING] += 1
    memory.pool_counts[side] = remaining


@compiled
def _reclaim_pools(memory: Record, tables: Tables, params: Record, out: Output) -> None:
    """A close back over a pool within two bars of its run; older ones stop waiting."""
    waiting = tables.pool_levels[WAITING]
    kept = 0
    for i in range(memory.pool_counts[WAITING]):
        slot = waiting[i].slot
        pool = tables.pools[slot]
        if memory.t - pool.taken_at > RECLAIM_BARS:
            _release(memory, tables, slot)
            continue
        bar = bar_at(memory, whole(pool.side), memory.t)
        _deepen(pool, min(pool.extreme, bar.low))
        if bar.close > pool.price:
            emit_facts(out, memory.t, POOL_STEP, RECLAIM, pool.facts[0])
            _remember_sweep(memory, params, pool, RECLAIMED)
            _release(memory, tables, slot)
        else:
            waiting[kept].slot = slot
            kept += 1
    memory.pool_counts[WAITING] = kept


@compiled
def _remember_sweep(memory: Record, params: Record, pool: Record, reclaim: int) -> None:
    """Keep the newest sweep per tier for the score, and those entry models hunt for.

    A filtered one, by less than a tick or by more than 2 A, is reported but argues for nothing.
    """
    if params.filter_sweeps == 1:
        depth = pool.price - pool.extreme
        if not params.tick <= depth <= DEEPEST_SWEEP * memory.before_atr:
            return
    t, windows = memory.t, memory.windows
    tier = pool_tier(whole(pool.kind))
    _keep_stronger(memory.sweeps[pool.side, tier], pool, t, windows, reclaim)
    extremes = memory.hunt_extremes
    if windows & KILL_ZONE_BITS:
        _keep_stronger(memory.hunts[pool.side, HUNT_KILL_ZONE], pool, t, windows, reclaim)
        extremes[pool.side] = max(extremes[pool.side], pool.extreme)
    if t - pool.known >= params.turtle_soup_age:
        _keep_stronger(memory.hunts[pool.side, HUNT_OLD_POOL], pool, t, windows, reclaim)
        extremes[pool.side] = max(extremes[pool.side], pool.extreme)
        give_occasion(memory, TURTLE_SOUP, whole(pool.side))


@compiled
def _keep_stronger(fact: Record, pool: Record, t: int, windows: int, reclaim: int) -> None:
    """The newer sweep replaces the older; on one bar the stronger pool names it, the deepest
    extreme is kept."""
    weight = pool_weight(whole(pool.kind))
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
def remember_shift(memory: Record, side: int) -> None:
    """Keep, for the close of the next bar, which sweep in a kill zone came before this MSS."""
    parity = memory.t & 1
    memory.shifts[side, parity] = memory.t
    copy_record(memory.hunts[side, HUNT_SHIFT + parity], memory.hunts[side, HUNT_KILL_ZONE])
    give_occasion_next(memory, MODEL_2022, side)
    give_occasion_next(memory, SILVER_BULLET, side)


@inlined
def forget_broken_hunts(memory: Record, candle: Record) -> None:
    """A sweep whose extreme trades again is no longer one to build a trade on."""
    if candle.low < memory.hunt_extremes[BULL]:
        _forget_under(memory, BULL, candle.low)
    if -candle.high < memory.hunt_extremes[BEAR]:
        _forget_under(memory, BEAR, -candle.high)


@compiled
def _forget_under(memory: Record, side: int, low: float) -> None:
    highest = -np.inf
    for sort in range(HUNTS):
        hunt = memory.hunts[side, sort]
        if low < hunt.extreme:
            hunt.t = -1
        elif hunt.t >= 0:
            highest = max(highest, hunt.extreme)
    memory.hunt_extremes[side] = highest
