"""Life of price zones: FVG, IFVG, BPR, order block, breaker, mitigation block (sections 4 to 6).

A bull zone waits below the price. Each bar reaches its levels in order (top, middle, bottom) and
a close under its bottom ends it; what an ended FVG or order block turns into is created after the
bar's sweeps are known.
"""

from src.strategy.codes import (
    BEAR,
    BPR,
    BREAKER,
    BREAKER_RETEST,
    BULL,
    CREATED,
    EXPIRED,
    FVG,
    IFVG,
    NO_FLAGS,
    ORDER_BLOCK,
    TOUCHED,
    UNICORN,
    WITHOUT_BREAKER,
    WITHOUT_IFVG,
)
from src.strategy.codes import ENDED as ZONE_ENDED
from src.strategy.compiled import Record, code, compiled, inlined, whole
from src.strategy.levels import HIGHEST, NO_REACH, insert_level, nearest, remove_level
from src.strategy.occasions import give_occasion
from src.strategy.output import Output, emit_zone
from src.strategy.state import ASIDE, CLOSE, FRESH_BREAKER, TOUCH, Tables

LIFECYCLE_STEP = code(3)


@compiled
def stage_count(kind: int) -> int:
    """How many levels of this kind are reported when reached: top, then middle, then bottom."""
    if kind in (FVG, BPR):
        return 3
    if kind in (IFVG, ORDER_BLOCK):
        return 2
    return 1


@inlined
def stage_level(zone: Record) -> float:
    """The next level the zone waits for."""
    if zone.stage == 0:
        return float(zone.top)
    if zone.stage == 1:
        return float(zone.middle)
    return float(zone.bottom)


@compiled
def add_zone(
    memory: Record,
    tables: Tables,
    kind: int,
    side: int,
    origin: int,
    degree: int,
    reference: int,
    flags: int,
    top: float,
    middle: float,
    bottom: float,
    opened: float,
) -> int:
    """Put a new zone, known now (prices in the side's coordinates), among the live ones.

    Returns its slot; its id is the next of its kind.
    """
    slot = int(memory.free_zone)
    zone = tables.zones[slot]
    memory.free_zone = zone.next_free
    memory.free_zones -= 1
    zone.kind, zone.id, zone.side, zone.known = kind, memory.ids[kind], side, memory.t
    memory.ids[kind] += 1
    zone.origin, zone.degree, zone.reference, zone.flags = origin, degree, reference, flags
    zone.top, zone.middle, zone.bottom, zone.open = top, middle, bottom, opened
    zone.stage, zone.stages = 0, stage_count(kind)
    levels, counts = tables.zone_levels, memory.zone_counts
    insert_level(levels, counts, TOUCH + side, top, slot, top, NO_REACH)
    insert_level(levels, counts, CLOSE + side, bottom, slot, top, HIGHEST)
    return slot


@compiled
def _release(memory: Record, tables: Tables, slot: int) -> None:
    tables.zones[slot].kind = -1
    tables.zones[slot].next_free = memory.free_zone
    memory.free_zone = slot
    memory.free_zones += 1


@inlined
def touch_zones(memory: Record, tables: Tables, candle: Record, out: Output) -> None:
    """Report every level of a zone that the bar reached."""
    levels, counts = tables.zone_levels, memory.zone_counts
    bulls = nearest(levels, counts, TOUCH + BULL) >= candle.low
    bears = nearest(levels, counts, TOUCH + BEAR) >= -candle.high
    # Both sides are asked at once, and one copy of the code does either.
    if bulls | bears:
        for side in range(1 - int(bulls), 1 + int(bears)):
            low = candle.low if side == BULL else -candle.high
            _touch_side(memory, tables, side, low, out)


@compiled
def _touch_side(memory: Record, tables: Tables, side: int, low: float, out: Output) -> None:
    """Zones with levels left are filed again."""
    levels = tables.zone_levels
    row = TOUCH + side
    remaining = memory.zone_counts[row]
    waiting = 0
    while remaining > 0 and levels[row, remaining - 1].price >= low:
        remaining -= 1
        slot = levels[row, remaining].slot
        zone = tables.zones[slot]
        while zone.stage < zone.stages and stage_level(zone) >= low:
            emit_zone(out, memory.t, LIFECYCLE_STEP, TOUCHED + zone.stage, zone)
            zone.stage += 1
        if zone.stage < zone.stages:
            levels[ASIDE, waiting].slot = slot
            waiting += 1
    memory.zone_counts[row] = remaining
    for i in range(waiting - 1, -1, -1):
        slot = levels[ASIDE, i].slot
        zone = tables.zones[slot]
        level = stage_level(zone)
        insert_level(levels, memory.zone_counts, row, level, slot, zone.top, NO_REACH)


@inlined
def end_zones(memory: Record, tables: Tables, closed: float, out: Output) -> None:
    """End every zone whose bottom the bar closed under; their slots are set aside."""
    levels, counts = tables.zone_levels, memory.zone_counts
    bulls = nearest(levels, counts, CLOSE + BULL) > closed
    bears = nearest(levels, counts, CLOSE + BEAR) > -closed
    if bulls | bears:
        for side in range(1 - int(bulls), 1 + int(bears)):
            _end_side(memory, tables, side, closed if side == BULL else -closed, out)


@compiled
def _end_side(memory: Record, tables: Tables, side: int, closed: float, out: Output) -> None:
    levels = tables.zone_levels
    row = CLOSE + side
    remaining = memory.zone_counts[row]
    while remaining > 0 and levels[row, remaining - 1].price > closed:
        remaining -= 1
        slot = levels[row, remaining].slot
        emit_zone(out, memory.t, LIFECYCLE_STEP, ZONE_ENDED, tables.zones[slot])
        levels[ASIDE, memory.zone_counts[ASIDE]].slot = slot
        memory.zone_counts[ASIDE] += 1
    memory.zone_counts[row] = remaining


@compiled
def end_blocks_under(memory: Record, tables: Tables, side: int, low: float, out: Output) -> None:
    """End order blocks whose bottom the bar traded under, whatever it closed at.

    They have been touched at every level by then, so only their bottoms are still filed.
    """
    levels, row = tables.zone_levels, CLOSE + side
    position = memory.zone_counts[row] - 1
    while position >= 0 and levels[row, position].price > low:
        slot = levels[row, position].slot
        zone = tables.zones[slot]
        if zone.kind == ORDER_BLOCK:
            emit_zone(out, memory.t, LIFECYCLE_STEP, ZONE_ENDED, zone)
            remove_level(levels, memory.zone_counts, row, zone.bottom, slot, HIGHEST)
            levels[ASIDE, memory.zone_counts[ASIDE]].slot = slot
            memory.zone_counts[ASIDE] += 1
        position -= 1


@compiled
def expire_gaps(memory: Record, tables: Tables, side: int, max_age: int, out: Output) -> None:
    """Drop FVGs older than `max_age` bars."""
    position = memory.zone_counts[CLOSE + side] - 1
    while position >= 0:
        slot = tables.zone_levels[CLOSE + side, position].slot
        zone = tables.zones[slot]
        if zone.kind == FVG and memory.t - zone.known > max_age:
            emit_zone(out, memory.t, LIFECYCLE_STEP, EXPIRED, zone)
            levels, counts = tables.zone_levels, memory.zone_counts
            if zone.stage < zone.stages:
                remove_level(levels, counts, TOUCH + side, stage_level(zone), slot, NO_REACH)
            remove_level(levels, counts, CLOSE + side, zone.bottom, slot, HIGHEST)
            _release(memory, tables, slot)
        position -= 1


@compiled
def create_children(memory: Record, tables: Tables, left_out: int, out: Output) -> None:
    """Turn ended FVGs into IFVGs and ended order blocks into breakers, by parent id.

    Runs after the bar's sweeps: a breaker is `swept_first` if liquidity beyond it was taken
    since its order block became known.
    """
    count = memory.zone_counts[ASIDE]
    if count == 0:
        return
    _sort_by_identity(tables, count)
    for i in range(count):
        slot = tables.zone_levels[ASIDE, i].slot
        parent = tables.zones[slot]
        side = 1 - parent.side
        if parent.kind == FVG and left_out & WITHOUT_IFVG == 0:
            _spawn(memory, tables, IFVG, slot, NO_FLAGS, out)
        elif parent.kind == ORDER_BLOCK and left_out & WITHOUT_BREAKER == 0:
            # A bull block's bear breaker looks at the liquidity above, resting on the bears' side.
            swept = 1 if memory.taken[side] > parent.known else 0
            child = _spawn(memory, tables, BREAKER, slot, swept, out)
            _remember_breaker(memory, tables.zones[child], child)
        else:
            _release(memory, tables, slot)
    memory.zone_counts[ASIDE] = 0


@compiled
def _spawn(memory: Record, tables: Tables, kind: int, slot: int, flags: int, out: Output) -> int:
    """Replace an ended zone by its opposite with the same bounds; returns the child's slot."""
    parent = tables.zones[slot]
    # As whole numbers: from the row's small ones numba would compile `add_zone` a second time.
    side, identity = 1 - parent.side, whole(parent.id)
    origin, degree = whole(parent.origin), whole(parent.degree)
    top, middle, bottom = -parent.bottom, -parent.middle, -parent.top
    opened = -parent.open
    _release(memory, tables, slot)
    child = add_zone(
        memory, tables, kind, side, origin, degree, identity, flags, top, middle, bottom, opened
    )
    emit_zone(out, memory.t, LIFECYCLE_STEP, CREATED, tables.zones[child])
    return child


@compiled
def _remember_breaker(memory: Record, zone: Record, slot: int) -> None:
    """The newest breaker; through `next_free`, idle while a zone lives, those of the same bar."""
    fact = memory.fresh[zone.side, FRESH_BREAKER]
    zone.next_free = fact.slot if fact.t == memory.t else -1
    fact.t, fact.id, fact.degree, fact.slot = memory.t, zone.id, zone.degree, slot
    fact.top, fact.middle, fact.bottom, fact.open = zone.top, zone.middle, zone.bottom, zone.open
    side = whole(zone.side)
    give_occasion(memory, BREAKER_RETEST, side)
    give_occasion(memory, UNICORN, side)


@compiled
def _sort_by_identity(tables: Tables, count: int) -> None:
    """Sort the slots set aside by (kind, id): ids of children follow their parents'."""
    aside = tables.zone_levels[ASIDE]
    for i in range(1, count):
        slot = aside[i].slot
        zone = tables.zones[slot]
        j = i
        while j > 0 and _comes_after(tables.zones[aside[j - 1].slot], zone):
            aside[j].slot = aside[j - 1].slot
            j -= 1
        aside[j].slot = slot


@compiled
def _comes_after(first: Record, second: Record) -> bool:
    if first.kind != second.kind:
        return bool(first.kind > second.kind)
    return bool(first.id > second.id)
