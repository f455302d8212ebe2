"""Room for one more bar: checked before every bar, made by Python when it runs out."""

from typing import NamedTuple

from src.strategy.calendar import DAY_MS
from src.strategy.codes import (
    BEAR,
    BULL,
    GROW_EVENTS,
    GROW_POOLS,
    GROW_RETRACEMENTS,
    GROW_SETUPS,
    GROW_ZONES,
    READY,
)
from src.strategy.compiled import Record, inlined
from src.strategy.output import EVENT_COUNT, RECORD_EVENTS, SETUP_COUNT, Output
from src.strategy.state import FLOATING, LOCKED, Tables

# The most one bar can add: an FVG, 20 BPRs, and per degree and side a block of either sort.
ZONE_MARGIN = 32
# Eight periods and four swings with their equals, two sides each.
POOL_MARGIN = 32
RETRACEMENT_MARGIN = 8
EVENT_MARGIN = 160
# Seven models on two sides, each ending one setup and arming another.
SETUP_MARGIN = 28


@inlined
def missing_room(memory: Record, tables: Tables, candle: Record, out: Output) -> int:
    """READY, or which table must grow before this bar."""
    room = _room(memory, tables, candle, out)
    # One negative number makes the bits of all together one.
    if room.zones | room.pools | room.retracements | room.setups | room.events >= 0:
        return READY
    if room.zones < 0:
        return GROW_ZONES
    if room.pools < 0:
        return GROW_POOLS
    if room.retracements < 0:
        return GROW_RETRACEMENTS
    if room.setups < 0:
        return GROW_SETUPS
    return GROW_EVENTS


class Room(NamedTuple):
    """How many rows of each table one bar could leave free; negative: it could lack as many."""

    zones: int
    pools: int
    retracements: int
    setups: int
    events: int


@inlined
def _room(memory: Record, tables: Tables, candle: Record, out: Output) -> Room:
    counts, capacity = memory.retracement_counts, tables.retracements.shape[2] - RETRACEMENT_MARGIN
    bulls = capacity - counts[FLOATING, BULL] - counts[LOCKED, BULL]
    bears = capacity - counts[FLOATING, BEAR] - counts[LOCKED, BEAR]
    events = len(out.events) - out.counts[EVENT_COUNT] - _most_events(memory, tables, candle)
    return Room(
        memory.free_zones - ZONE_MARGIN,
        memory.free_pools - POOL_MARGIN,
        # Of either side: negative where one is.
        bulls | bears,
        len(out.setups) - out.counts[SETUP_COUNT] - SETUP_MARGIN,
        events if out.counts[RECORD_EVENTS] == 1 else 0,
    )


@inlined
def _most_events(memory: Record, tables: Tables, candle: Record) -> int:
    """More rows than this bar could write if every object there is room for passed every stage."""
    most = EVENT_MARGIN + 5 * len(tables.zones) + len(tables.pools)
    most += 4 * tables.retracements.shape[2]
    pause = candle.time - memory.last_time
    if pause >= DAY_MS and memory.opening >= 0:
        # Each trading day begun since the bar before can open a gap.
        most += 1 + pause // DAY_MS
    return int(most)
