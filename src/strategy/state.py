"""The fold's whole memory as plain numpy arrays, so a snapshot is its bytes."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from src.strategy import records
from src.strategy.compiled import Records, code
from src.strategy.records import HIGHER_COUNT

HIGHER_STEPS = (14_400_000, 86_400_000)
FOUR_HOURS, DAILY = 0, 1
# Row of `average` that belongs to the second symbol.
PEER = 1 + HIGHER_COUNT

# Rows of zone_levels: for either side, the level whose break ends a zone; then ended zones set
# aside while a bar is worked on.
CLOSE, ASIDE = code(0), code(2)
# The most levels that a zone waits for.
STAGES = 3
# Rows of pool_levels: active pools by side, then those waiting for a reclaim.
WAITING = code(2)
# Rows of retracements: legs still moving with their extreme, and locked ones by anchor.
FLOATING, LOCKED = code(0), code(1)
# Columns of `hunts` and of `fresh`.
HUNT_KILL_ZONE, HUNT_OLD_POOL, HUNT_SHIFT = code(0), code(1), code(2)
FRESH_BLOCK, FRESH_BREAKER, FRESH_GAP, FRESH_RETRACEMENT = range(4)

_COUNTERS = (
    "t",
    "contiguous",
    "windows",
    "live_setups",
    "asked",
    "asked_next",
    "undisplaced",
    "displaced",
    "peer_missing",
    "peer_holes",
    "has_peer",
    "ids",
    "trends",
    "swing_counts",
    "block_counts",
    "gap_counts",
    "touch_counts",
    "zone_counts",
    "pool_counts",
    "retracement_counts",
)


class Tables(NamedTuple):
    """What grows: live zones, active pools and live OTE legs, with their ordered levels."""

    zones: Records
    touch_levels: Records  # (side, STAGES * capacity), every level that a live zone waits for
    zone_levels: Records  # (3, capacity), see CLOSE, ASIDE
    pools: Records
    pool_levels: Records  # (3, capacity), see WAITING
    retracements: Records  # (2, side, capacity), see FLOATING, LOCKED


class State(NamedTuple):
    """Everything a candle can change; `memory` is one MEMORY record."""

    memory: Records
    tables: Tables


def new_state(step: int) -> State:
    """Empty memory for candles of `step` milliseconds."""
    made = _first_state(step)
    return State(made.memory.copy(), Tables(*(rows.copy() for rows in made.tables)))


@lru_cache(maxsize=8)
def _first_state(step: int) -> State:
    """Filled field by field, which takes ten times as long as to copy it; never handed out."""
    memory = blank((1,), records.MEMORY)
    for name in _COUNTERS:
        memory[name] = 0
    memory["step"] = step
    memory["highest_shallow"], memory["lowest_high"] = -np.inf, np.inf
    memory["highest_anchor"] = memory["breaker_reach"] = -np.inf
    # No leg is carried before its swing.
    memory["leg_prices"]["displaced_at"] = 0
    memory["average"]["count"], memory["average"]["sum"] = 0, 0.0
    memory["higher"]["bars"], memory["higher"]["trend"] = 0, 0
    usable = [length >= step and length % step == 0 for length in HIGHER_STEPS]
    memory["higher"]["step"] = np.where(usable, HIGHER_STEPS, 0)
    memory["lowest_higher"] = usable.index(True) if any(usable) else HIGHER_COUNT - 1
    memory["running"]["high"], memory["running"]["low"] = -np.inf, np.inf
    memory["opening_levels"] = memory["hunt_extremes"] = -np.inf
    tables = Tables(
        zones=blank((0,), records.ZONE),
        touch_levels=blank((2, 0), records.STAGE_LEVEL),
        zone_levels=blank((3, 0), records.ZONE_LEVEL),
        pools=blank((0,), records.POOL_ROW),
        pool_levels=blank((3, 0), records.POOL_LEVEL),
        retracements=blank((2, 2, 32), records.RETRACEMENT),
    )
    memory["free_zones"] = memory["free_pools"] = 0
    state = with_larger_zones(State(memory, tables), 256)
    return with_larger_pools(state, 256)


def blank(shape: tuple[int, ...], layout: np.dtype[np.void]) -> Records:
    """Rows with every integer -1 and every price NaN: nothing has happened yet. Fillers stay 0."""
    rows = np.zeros(shape, layout)
    _clear(rows)
    return rows


def _clear(rows: Records) -> None:
    for name in rows.dtype.names or ():
        field = rows[name]
        if field.dtype.names:
            _clear(field)
        elif name != records.FILLER:
            field[...] = np.nan if field.dtype.kind == "f" else -1


def with_larger_zones(state: State, capacity: int) -> State:
    """The same state with room for `capacity` zones, the new slots free."""
    tables = state.tables
    zones = _longer(tables.zones, capacity)
    _chain(zones, len(tables.zones), state.memory, "free_zone", "free_zones")
    touches = _longer(tables.touch_levels, STAGES * capacity)
    levels = _longer(tables.zone_levels, capacity)
    return state._replace(
        tables=tables._replace(zones=zones, touch_levels=touches, zone_levels=levels)
    )


def with_larger_pools(state: State, capacity: int) -> State:
    """The same state with room for `capacity` pools, the new slots free."""
    tables = state.tables
    pools = _longer(tables.pools, capacity)
    _chain(pools, len(tables.pools), state.memory, "free_pool", "free_pools")
    levels = _longer(tables.pool_levels, capacity)
    return state._replace(tables=tables._replace(pools=pools, pool_levels=levels))


def with_larger_retracements(state: State, capacity: int) -> State:
    """The same state with room for `capacity` OTE legs a side."""
    larger = _longer(state.tables.retracements, capacity)
    return state._replace(tables=state.tables._replace(retracements=larger))


def _longer(rows: Records, capacity: int) -> Records:
    larger = blank((*rows.shape[:-1], capacity), rows.dtype)
    larger[..., : rows.shape[-1]] = rows
    return larger


def _chain(rows: Records, first: int, memory: Records, head: str, count: str) -> None:
    """Put the slots from `first` on before the chain of free ones, lowest first."""
    rows["next_free"][first:-1] = np.arange(first + 1, len(rows))
    rows["next_free"][-1] = memory[head][0]
    memory[head] = first
    memory[count] += len(rows) - first
