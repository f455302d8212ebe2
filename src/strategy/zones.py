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
from src.strategy.levels import insert_zone_level, nearest, remove_zone_level
from src.strategy.occasions import give_occasion
from src.strategy.output import Output, emit_facts
from src.strategy.state import ASIDE, CLOSE, FRESH_BREAKER, Tables

LIFECYCLE_STEP = code(3)


@compiled
def stage_count(kind: int) -> int:
    """How many levels of this kind are reported when reached: top, then middle, then bottom."""
    if kind in (FVG, BPR):
        return 3
    if kind in (IFVG, ORDER_BLOCK):
        return 2
    return 1


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
    step: int,
    out: Output,
) -> int:
    """Put a new zone, known now (prices in the side's coordinates), among the live ones.

    Reports it and returns its slot; its id is the next of its kind.
    """
    slot = int(memory.free_zone)
    zone = tables.zones[slot]
    memory.free_zone = zone.next_free
    memory.free_zones -= 1
    zone.kind, zone.id, zone.side, zone.known = kind, memory.ids[kind], side, memory.t
    zone.top, zone.middle, zone.bottom, zone.open = top, middle, bottom, opened
    zone.stage, zone.stages = 0, stage_count(kind)
    memory.ids[kind] += 1
    facts = zone.facts[0]
    facts.t_origin, facts.degree, facts.reference, facts.flags = origin, degree, reference, flags
    _copy_facts(zone, facts)
    _wait_for_touches(memory, tables, side, slot)
    levels, counts = tables.zone_levels, memory.zone_counts
    insert_zone_level(levels, counts, CLOSE + side, bottom, slot, kind, top)
    emit_facts(out, memory.t, step, CREATED, facts)
    return slot


@inlined
def _copy_facts(zone: Record, facts: Record) -> None:
    """Put what the zone is into its event row, its prices turned to the market's."""
    facts.kind, facts.id, facts.dir = zone.kind, zone.id, 1 - 2 * zone.side
    is_bull = zone.side == BULL
    facts.price_1 = zone.top if is_bull else -zone.bottom
    facts.price_2 = zone.bottom if is_bull else -zone.top
    facts.price_3 = zone.open if is_bull else -zone.open
    facts.price_4 = zone.middle if is_bull else -zone.middle


@inlined
def _wait_for_touches(memory: Record, tables: Tables, side: int, slot: int) -> None:
    """File every level of a new zone, the top nearest to the price; what is nearer moves up."""
    levels, zone = tables.touch_levels[side], tables.zones[slot]
    position = memory.touch_counts[side]
    gap = whole(zone.stages)
    memory.touch_counts[side] += gap
    price = float(zone.top)
    for stage in range(zone.stages):
        while position > 0 and levels[position - 1].price > price:
            position -= 1
            target, source = levels[position + gap], levels[position]
            target.price, target.slot, target.stage = source.price, source.slot, source.stage
        gap -= 1
        level = levels[position + gap]
        level.price, level.slot, level.stage = price, slot, stage
        price = float(zone.middle) if stage == 0 else float(zone.bottom)


@compiled
def _release(memory: Record, tables: Tables, slot: int) -> None:
    tables.zones[slot].kind = -1
    tables.zones[slot].next_free = memory.free_zone
    memory.free_zone = slot
    memory.free_zones += 1


@inlined
def touch_zones(memory: Record, tables: Tables, candle: Record, out: Output) -> None:
    """Report every level of a zone that the bar reached."""
    levels, counts = tables.touch_levels, memory.touch_counts
    bulls = nearest(levels, counts, BULL) >= candle.low
    bears = nearest(levels, counts, BEAR) >= -candle.high
    # Both sides are asked at once, and one copy of the code does either.
    if bulls | bears:
        for side in range(1 - int(bulls), 1 + int(bears)):
            low = candle.low if side == BULL else -candle.high
            _touch_side(memory, tables, side, low, out)


@compiled
def _touch_side(memory: Record, tables: Tables, side: int, low: float, out: Output) -> None:
    levels = tables.touch_levels[side]
    remaining = memory.touch_counts[side]
    while remaining > 0 and levels[remaining - 1].price >= low:
        remaining -= 1
        zone, stage = tables.zones[levels[remaining].slot], whole(levels[remaining].stage)
        zone.stage = stage + 1
        emit_facts(out, memory.t, LIFECYCLE_STEP, TOUCHED + stage, zone.facts[0])
    memory.touch_counts[side] = remaining


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
    levels, remaining = tables.zone_levels[CLOSE + side], memory.zone_counts[CLOSE + side]
    while remaining > 0 and levels[remaining - 1].price > closed:
        remaining -= 1
        _end(memory, tables, levels[remaining].slot, out)
    memory.zone_counts[CLOSE + side] = remaining


@inlined
def _end(memory: Record, tables: Tables, slot: int, out: Output) -> None:
    """Report the end of a zone; one that turns into another is set aside until then."""
    zone = tables.zones[slot]
    emit_facts(out, memory.t, LIFECYCLE_STEP, ZONE_ENDED, zone.facts[0])
    if zone.kind == FVG or zone.kind == ORDER_BLOCK:
        _set_aside(memory, tables, slot, zone.id)
    else:
        _release(memory, tables, slot)


@inlined
def _set_aside(memory: Record, tables: Tables, slot: int, identity: int) -> None:
    """Keep an ended zone among those of this bar by its id: ids of children follow parents'."""
    aside, position = tables.zone_levels[ASIDE], memory.zone_counts[ASIDE]
    while position > 0 and aside[position - 1].price > identity:
        aside[position].price = aside[position - 1].price
        aside[position].slot = aside[position - 1].slot
        position -= 1
    aside[position].price, aside[position].slot = identity, slot
    memory.zone_counts[ASIDE] += 1


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
            remove_zone_level(levels, memory.zone_counts, row, zone.bottom, slot)
            _end(memory, tables, slot, out)
        position -= 1


@compiled
def expire_gaps(memory: Record, tables: Tables, side: int, max_age: int, out: Output) -> None:
    """Drop FVGs older than `max_age` bars."""
    position = memory.zone_counts[CLOSE + side] - 1
    while position >= 0:
        slot = tables.zone_levels[CLOSE + side, position].slot
        zone = tables.zones[slot]
        if zone.kind == FVG and memory.t - zone.known > max_age:
            emit_facts(out, memory.t, LIFECYCLE_STEP, EXPIRED, zone.facts[0])
            _forget_touches(memory, tables, side, slot)
            remove_zone_level(
                tables.zone_levels, memory.zone_counts, CLOSE + side, zone.bottom, slot
            )
            _release(memory, tables, slot)
        position -= 1


@compiled
def _forget_touches(memory: Record, tables: Tables, side: int, slot: int) -> None:
    """Take every level that a zone still waits for out of its row."""
    levels, kept = tables.touch_levels, 0
    for position in range(memory.touch_counts[side]):
        if levels[side, position].slot != slot:
            levels[side, kept] = levels[side, position]
            kept += 1
    memory.touch_counts[side] = kept


@compiled
def create_children(memory: Record, tables: Tables, left_out: int, out: Output) -> None:
    """Turn ended FVGs into IFVGs and ended order blocks into breakers, by parent id.

    Runs after the bar's sweeps: a breaker is `swept_first` if liquidity beyond it was taken
    since its order block became known.
    """
    for i in range(memory.zone_counts[ASIDE]):
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
    origin, degree = whole(parent.facts[0].t_origin), whole(parent.facts[0].degree)
    top, middle, bottom = -parent.bottom, -parent.middle, -parent.top
    opened = -parent.open
    _release(memory, tables, slot)
    return add_zone(
        memory,
        tables,
        kind,
        side,
        origin,
        degree,
        identity,
        flags,
        top,
        middle,
        bottom,
        opened,
        LIFECYCLE_STEP,
        out,
    )


@compiled
def _remember_breaker(memory: Record, zone: Record, slot: int) -> None:
    """The newest breaker; through `next_free`, idle while a zone lives, those of the same bar."""
    fact = memory.fresh[zone.side, FRESH_BREAKER]
    zone.next_free = fact.slot if fact.t == memory.t else -1
    fact.t, fact.id, fact.degree, fact.slot = memory.t, zone.id, zone.facts[0].degree, slot
    fact.top, fact.middle, fact.bottom, fact.open = zone.top, zone.middle, zone.bottom, zone.open
    side = whole(zone.side)
    memory.breaker_reach[side] = max(memory.breaker_reach[side], zone.top)
    give_occasion(memory, BREAKER_RETEST, side)
    give_occasion(memory, UNICORN, side)
