"""Life of price zones: FVG, IFVG, BPR, order block, breaker, mitigation block (sections 4 to 6).

A bull zone waits below the price. Each bar reaches its levels in order (top, middle, bottom) and
a close under its bottom ends it; what an ended FVG or order block turns into is created after the
bar's sweeps are known.
"""

from src.strategy.codes import (
    BPR,
    BREAKER,
    CREATED,
    EXPIRED,
    FVG,
    IFVG,
    ORDER_BLOCK,
    TOUCHED,
)
from src.strategy.codes import ENDED as ZONE_ENDED
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.levels import insert_level, remove_level
from src.strategy.output import Output, emit_zone
from src.strategy.state import CLOSE, ENDED, FREE_ZONES, FRESH_BREAKER, TOUCH, Zones

LIFECYCLE_STEP = 3


@compiled
def stage_count(kind: int) -> int:
    """How many levels of this kind are reported when reached: top, then middle, then bottom."""
    if kind in (FVG, BPR):
        return 3
    if kind in (IFVG, ORDER_BLOCK):
        return 2
    return 1


@compiled
def stage_level(zone: Record) -> float:
    """The next level the zone waits for."""
    if zone.stage == 0:
        return float(zone.top)
    if zone.stage == 1:
        return float(zone.middle)
    return float(zone.bottom)


@compiled
def add_zone(
    zones: Zones,
    kind: int,
    identity: int,
    side: int,
    known: int,
    origin: int,
    degree: int,
    reference: int,
    flags: int,
    top: float,
    middle: float,
    bottom: float,
    opened: float,
) -> int:
    """Put a new zone (prices in the side's coordinates) among the live ones; returns its slot."""
    zones.counts[FREE_ZONES, 0] -= 1
    slot = int(zones.free[zones.counts[FREE_ZONES, 0]])
    zone = zones.table[slot]
    zone.kind, zone.id, zone.side = kind, identity, side
    zone.known, zone.origin, zone.degree = known, origin, degree
    zone.reference, zone.flags = reference, flags
    zone.top, zone.middle, zone.bottom, zone.open = top, middle, bottom, opened
    zone.stage, zone.stages = 0, stage_count(kind)
    insert_level(zones.touch, zones.counts[TOUCH], side, top, slot)
    insert_level(zones.close, zones.counts[CLOSE], side, bottom, slot)
    return slot


@compiled
def touch_zones(zones: Zones, side: int, t: int, low: float, out: Output) -> None:
    """Report every level that bar t's low reached; zones with levels left are filed again."""
    remaining = zones.counts[TOUCH, side]
    waiting = 0
    while remaining > 0 and zones.touch[side, remaining - 1].price >= low:
        remaining -= 1
        slot = zones.touch[side, remaining].slot
        zone = zones.table[slot]
        while zone.stage < zone.stages and stage_level(zone) >= low:
            emit_zone(out, t, LIFECYCLE_STEP, TOUCHED + zone.stage, zone)
            zone.stage += 1
        if zone.stage < zone.stages:
            zones.ended[waiting] = slot
            waiting += 1
    zones.counts[TOUCH, side] = remaining
    for i in range(waiting - 1, -1, -1):
        slot = zones.ended[i]
        level = stage_level(zones.table[slot])
        insert_level(zones.touch, zones.counts[TOUCH], side, level, slot)


@compiled
def end_zones(zones: Zones, side: int, t: int, closed: float, out: Output) -> None:
    """End every zone whose bottom bar t closed under; their slots wait in `ended`."""
    remaining = zones.counts[CLOSE, side]
    while remaining > 0 and zones.close[side, remaining - 1].price > closed:
        remaining -= 1
        slot = zones.close[side, remaining].slot
        emit_zone(out, t, LIFECYCLE_STEP, ZONE_ENDED, zones.table[slot])
        zones.ended[zones.counts[ENDED, 0]] = slot
        zones.counts[ENDED, 0] += 1
    zones.counts[CLOSE, side] = remaining


@compiled
def expire_gaps(zones: Zones, side: int, t: int, max_age: int, out: Output) -> None:
    """Drop FVGs older than `max_age` bars."""
    position = zones.counts[CLOSE, side] - 1
    while position >= 0:
        slot = zones.close[side, position].slot
        zone = zones.table[slot]
        if zone.kind == FVG and t - zone.known > max_age:
            emit_zone(out, t, LIFECYCLE_STEP, EXPIRED, zone)
            if zone.stage < zone.stages:
                level = stage_level(zone)
                remove_level(zones.touch, zones.counts[TOUCH], side, level, slot)
            remove_level(zones.close, zones.counts[CLOSE], side, zone.bottom, slot)
            _release(zones, slot)
        position -= 1


@compiled
def _release(zones: Zones, slot: int) -> None:
    zones.table[slot].kind = -1
    zones.free[zones.counts[FREE_ZONES, 0]] = slot
    zones.counts[FREE_ZONES, 0] += 1


@compiled
def create_children(
    zones: Zones, ids: Integers, taken: Integers, fresh: Records, t: int, out: Output
) -> None:
    """Turn ended FVGs into IFVGs and ended order blocks into breakers, by parent id.

    Runs after the bar's sweeps: a breaker is `swept_first` if liquidity beyond it was taken
    since its order block became known.
    """
    count = zones.counts[ENDED, 0]
    if count == 0:
        return
    _sort_by_identity(zones, count)
    for i in range(count):
        slot = zones.ended[i]
        parent = zones.table[slot]
        side = 1 - parent.side
        if parent.kind == FVG:
            _spawn(zones, ids, IFVG, slot, t, 0, out)
        elif parent.kind == ORDER_BLOCK:
            # A bull block's bear breaker looks at the liquidity above, resting on the bears' side.
            swept = 1 if taken[side] > parent.known else 0
            child = _spawn(zones, ids, BREAKER, slot, t, swept, out)
            _remember_breaker(fresh[side, FRESH_BREAKER], zones.table[child], child, t)
        else:
            _release(zones, slot)
    zones.counts[ENDED, 0] = 0


@compiled
def _spawn(
    zones: Zones, ids: Integers, kind: int, slot: int, t: int, flags: int, out: Output
) -> int:
    """Replace an ended zone by its opposite with the same bounds; returns the child's slot."""
    parent = zones.table[slot]
    side, identity, origin, degree = 1 - parent.side, parent.id, parent.origin, parent.degree
    top, middle, bottom = -parent.bottom, -parent.middle, -parent.top
    _release(zones, slot)
    child = add_zone(
        zones,
        kind,
        ids[kind],
        side,
        t,
        origin,
        degree,
        identity,
        flags,
        top,
        middle,
        bottom,
        middle,
    )
    ids[kind] += 1
    emit_zone(out, t, LIFECYCLE_STEP, CREATED, zones.table[child])
    return child


@compiled
def _remember_breaker(fact: Record, zone: Record, slot: int, t: int) -> None:
    fact.t, fact.id, fact.degree, fact.slot = t, zone.id, zone.degree, slot
    fact.top, fact.middle, fact.bottom = zone.top, zone.middle, zone.bottom


@compiled
def _sort_by_identity(zones: Zones, count: int) -> None:
    """Insertion sort of the ended slots by (kind, id): ids of children follow their parents'."""
    for i in range(1, count):
        slot = zones.ended[i]
        zone = zones.table[slot]
        j = i
        while j > 0 and _comes_after(zones.table[zones.ended[j - 1]], zone):
            zones.ended[j] = zones.ended[j - 1]
            j -= 1
        zones.ended[j] = slot


@compiled
def _comes_after(first: Record, second: Record) -> bool:
    if first.kind != second.kind:
        return bool(first.kind > second.kind)
    return bool(first.id > second.id)
