"""Room for one more bar: checked before every bar, made by Python when it runs out."""

from src.strategy.codes import (
    GROW_EVENTS,
    GROW_POOLS,
    GROW_RETRACEMENTS,
    GROW_SETUPS,
    GROW_ZONES,
    READY,
)
from src.strategy.compiled import compiled
from src.strategy.output import EVENT_COUNT, RECORD_EVENTS, SETUP_COUNT, Output
from src.strategy.state import (
    CLOSE,
    FLOATING,
    FREE_POOLS,
    FREE_ZONES,
    LOCKED,
    POOL_LEVELS,
    WAITING,
    State,
)

# The most one bar can add: an FVG, 20 BPRs, and per degree and side a block of either sort.
ZONE_MARGIN = 32
# Eight periods and four swings with their equals, two sides each.
POOL_MARGIN = 32
RETRACEMENT_MARGIN = 8
EVENT_MARGIN = 160
# Seven models on two sides, each ending one setup and arming another.
SETUP_MARGIN = 28


@compiled
def missing_room(state: State, out: Output) -> int:
    """READY, or which table must grow before the next bar."""
    if state.zones.counts[FREE_ZONES, 0] < ZONE_MARGIN:
        return GROW_ZONES
    if state.pools.counts[FREE_POOLS, 0] < POOL_MARGIN:
        return GROW_POOLS
    capacity = state.retracements.floating.shape[1]
    counts = state.retracements.counts
    for side in range(2):
        if counts[FLOATING, side] + counts[LOCKED, side] + RETRACEMENT_MARGIN > capacity:
            return GROW_RETRACEMENTS
    if len(out.setups) - out.counts[SETUP_COUNT] < SETUP_MARGIN:
        return GROW_SETUPS
    if out.counts[RECORD_EVENTS] == 0:
        return READY
    if len(out.events) - out.counts[EVENT_COUNT] < _most_events(state):
        return GROW_EVENTS
    return READY


@compiled
def _most_events(state: State) -> int:
    """The most rows the next bar could write: every live object passing every stage."""
    zones = state.zones.counts[CLOSE, 0] + state.zones.counts[CLOSE, 1]
    pools = state.pools.counts[POOL_LEVELS, 0] + state.pools.counts[POOL_LEVELS, 1]
    pools += state.pools.counts[WAITING, 0]
    legs = 0
    for side in range(2):
        legs += state.retracements.counts[FLOATING, side]
        legs += state.retracements.counts[LOCKED, side]
    return int(5 * zones + pools + 2 * legs + EVENT_MARGIN)
