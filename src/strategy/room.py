"""Room for one more bar: checked before every bar, made by Python when it runs out."""

from src.strategy.calendar import DAY_MS
from src.strategy.codes import (
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
    if memory.free_zones < ZONE_MARGIN:
        return GROW_ZONES
    if memory.free_pools < POOL_MARGIN:
        return GROW_POOLS
    counts = memory.retracement_counts
    used = max(counts[FLOATING, 0] + counts[LOCKED, 0], counts[FLOATING, 1] + counts[LOCKED, 1])
    if used + RETRACEMENT_MARGIN > tables.retracements.shape[2]:
        return GROW_RETRACEMENTS
    if len(out.setups) - out.counts[SETUP_COUNT] < SETUP_MARGIN:
        return GROW_SETUPS
    if out.counts[RECORD_EVENTS] == 0:
        return READY
    if len(out.events) - out.counts[EVENT_COUNT] < _most_events(memory, tables, candle):
        return GROW_EVENTS
    return READY


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
