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
from src.strategy.compiled import Record, compiled, inlined
from src.strategy.output import EVENT_COUNT, RECORD_EVENTS, SETUP_COUNT, Output
from src.strategy.state import CLOSE, FLOATING, LOCKED, WAITING, Tables

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
    if len(out.events) - out.counts[EVENT_COUNT] < _most_events(memory, candle):
        return GROW_EVENTS
    return READY


@compiled
def _most_events(memory: Record, candle: Record) -> int:
    """The most rows this bar could write: every live object passing every stage."""
    zones = memory.zone_counts[CLOSE] + memory.zone_counts[CLOSE + 1]
    pools = memory.pool_counts[0] + memory.pool_counts[1] + memory.pool_counts[WAITING]
    legs = 0
    for side in range(2):
        legs += memory.retracement_counts[FLOATING, side]
        legs += memory.retracement_counts[LOCKED, side]
    # Each trading day begun since the bar before can open a gap.
    days = 1 + (candle.time - memory.last_time) // DAY_MS if memory.opening >= 0 else 0
    return int(days + 5 * zones + pools + 2 * legs + EVENT_MARGIN)
