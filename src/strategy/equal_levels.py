"""Equal highs and lows: swings at nearly one price whose joint level still stands (section 7)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import EQ_INT, NO_FLAGS, NOTHING
from src.strategy.compiled import Record, Records, compiled, whole
from src.strategy.liquidity import SWING_STEP, create_pool, supersede_pool
from src.strategy.output import Output
from src.strategy.records import RING
from src.strategy.state import Tables

NEAREST_PARTNER_BARS = 3
EQUAL_LEVEL_BARS = 100
# Marks a swing already counted into the pool being built.
COUNTED = -2


@compiled
def join_equal_levels(
    memory: Record, tables: Tables, degree: int, side: int, tolerance: float, out: Output
) -> None:
    """Join the newest swing high of a degree and side with its equals into one pool.

    `tolerance` is in price; NaN makes nothing equal. A swing belongs to at most one active pool
    of equals, so the size of a pool is that of those it replaces, the loose partners and itself.
    """
    ring = memory.swings[degree, side]
    newest = memory.swing_counts[degree, side] - 1
    if not _has_neighbour(ring, newest, tolerance):
        return
    swing = ring[newest & (RING - 1)]
    strength, price, origin = 1, swing.price, swing.origin
    highest_between, reached = -np.inf, swing.origin
    for back in range(1, min(newest, RING - 1) + 1):
        partner = ring[(newest - back) & (RING - 1)]
        if swing.origin - partner.origin > EQUAL_LEVEL_BARS:
            break
        i = reached - 1
        while i > partner.origin and not highest_between - swing.price > tolerance:
            highest_between = max(highest_between, bar_at(memory, side, i).high)
            i -= 1
        reached = partner.origin + 1
        if highest_between - swing.price > tolerance:
            break
        if not _are_equal(swing, partner, highest_between, tolerance):
            continue
        members, top, top_at = _absorb(memory, tables, ring, partner, out)
        strength += members
        if top > price or (top == price and top_at < origin):
            price, origin = top, top_at
    if strength > 1:
        swing.pool_id = COUNTED
        _create_joint_pool(memory, tables, degree, side, strength, price, origin, out)


@compiled
def _has_neighbour(ring: Records, newest: int, tolerance: float) -> bool:
    """Whether any earlier swing could be equal: most have none, and need no look at the bars.

    A swing too high by more than the tolerance stands between the newest and all before it.
    """
    swing = ring[newest & (RING - 1)]
    for back in range(1, min(newest, RING - 1) + 1):
        partner = ring[(newest - back) & (RING - 1)]
        if swing.origin - partner.origin > EQUAL_LEVEL_BARS:
            return False
        above = partner.price - swing.price
        if abs(above) <= tolerance and swing.origin - partner.origin >= NEAREST_PARTNER_BARS:
            return True
        if above > tolerance:
            return False
    return False


@compiled
def _are_equal(swing: Record, partner: Record, highest_between: float, tolerance: float) -> bool:
    if swing.origin - partner.origin < NEAREST_PARTNER_BARS:
        return False
    if not abs(partner.price - swing.price) <= tolerance:
        return False
    return bool(highest_between <= max(partner.price, swing.price))


@compiled
def _absorb(
    memory: Record, tables: Tables, ring: Records, partner: Record, out: Output
) -> tuple[int, float, int]:
    """Count a partner, or the whole active pool that holds it: members, price, first bar of it."""
    if partner.pool_id == COUNTED:
        return 0, partner.price, partner.origin
    slot, identity = partner.pool_slot, partner.pool_id
    if identity < 0 or tables.pools[slot].id != identity or tables.pools[slot].active != 1:
        partner.pool_id = COUNTED
        return 1, partner.price, partner.origin
    pool = tables.pools[slot]
    members, price, origin = whole(pool.strength), -pool.price, whole(pool.origin)
    for i in range(RING):
        if ring[i].pool_id == identity:
            ring[i].pool_id = COUNTED
    supersede_pool(memory, tables, SWING_STEP, slot, out)
    return members, price, origin


@compiled
def _create_joint_pool(
    memory: Record,
    tables: Tables,
    degree: int,
    side: int,
    strength: int,
    price: float,
    origin: int,
    out: Output,
) -> None:
    """Highs of `side` rest as liquidity whose sweep the other side trades."""
    slot = create_pool(
        memory,
        tables,
        SWING_STEP,
        1 - side,
        EQ_INT + degree,
        NOTHING,
        -price,
        origin,
        memory.t,
        strength,
        NO_FLAGS,
        out,
    )
    ring = memory.swings[degree, side]
    for i in range(RING):
        if ring[i].pool_id == COUNTED:
            ring[i].pool_slot = slot
            ring[i].pool_id = tables.pools[slot].id
