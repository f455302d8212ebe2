"""The fold's whole memory: a NamedTuple of plain numpy arrays, so a snapshot is its bytes.

Fixed arrays are rings or one row per thing there is one of. The zone, pool and retracement tables
grow (see memory.py) and give back the rows of terminal objects.
"""

from typing import NamedTuple

import numpy as np

from src.strategy import records
from src.strategy.codes import KINDS, MODELS
from src.strategy.compiled import Floats, Integers, Records
from src.strategy.parameters import StrategyParameters

EQUAL_LEVEL_BARS = 100
RING = 64
HIGHER_RING = 16
HIGHER_STEPS = (3_600_000, 14_400_000, 86_400_000)
HIGHER_VOTES = (0, 1, 1)
DAILY = 2

# Rows of the counts beside growing tables; columns are sides (free and ended use the first).
TOUCH, CLOSE, FREE_ZONES, ENDED = range(4)
POOL_LEVELS, FREE_POOLS, WAITING = range(3)
FLOATING, LOCKED = range(2)
HUNT_KILL_ZONE, HUNT_OLD_POOL = range(2)
# Rows of `fresh`: the newest zone of each sort per side, for the entry models.
FRESH_BLOCK, FRESH_BREAKER, FRESH_GAP, FRESH_RETRACEMENT = range(4)


class Zones(NamedTuple):
    """Live price zones of every kind. `touch` holds each zone's next level to be reached from
    outside, `close` the level whose break ends it; `ended` the zones that ended on this bar."""

    table: Records
    free: Integers
    touch: Records
    close: Records
    ended: Integers
    counts: Integers


class Pools(NamedTuple):
    """Active liquidity pools ordered by price, and those waiting for a reclaim after a run."""

    table: Records
    free: Integers
    levels: Records
    waiting: Integers
    counts: Integers


class Retracements(NamedTuple):
    """Live OTE legs: still moving with their extreme, or locked and ordered by anchor."""

    floating: Records
    locked: Records
    counts: Integers


class State(NamedTuple):
    """Everything a candle can change. First axis 2 = sides, unless said otherwise."""

    core: Records
    ids: Integers  # next id by kind
    bars: Records  # (2, ring): bull and mirrored
    average: Records  # ATR of the base and of each higher timeframe
    legs: Records  # (degree, side)
    trends: Integers  # by degree
    swings: Records  # (degree, side, RING)
    swing_counts: Integers
    block_origins: Integers  # (degree, side, RING): bars that already gave an order block
    block_counts: Integers
    gaps: Records  # (2, RING): newest FVGs, whatever their state
    gap_counts: Integers
    zones: Zones
    pools: Pools
    period_pools: Integers  # (period, pool side, [slot, id])
    periods: Records  # day, week, month, then the five sessions
    higher: Records
    higher_bars: Records  # (timeframe, 2, HIGHER_RING)
    extremes: Floats  # range high and negated range low
    retracements: Retracements
    sweeps: Records  # (2, tier)
    hunts: Records  # (2, [in a kill zone, of an old pool]): newest sweep, until its extreme breaks
    taken: Integers  # bar of the newest sweep or run, by pool side
    breaks: Records  # (2, [MSS, BOS])
    fresh: Records  # (2, sort)
    divergences: Integers  # bar of the newest SMT
    openings: Records  # (NWOG and NDOG, 5)
    opening_state: Floats  # [day key, close before the break]; NaN: none
    setups: Records  # (model, 2)
    draft: Records


def new_state(parameters: StrategyParameters, step: int) -> State:
    """Empty memory for candles of `step` milliseconds."""
    reach = EQUAL_LEVEL_BARS + parameters.largest_degree + 16
    core = _blank((1,), records.CORE)
    core["t"], core["step"], core["contiguous"], core["windows"] = 0, step, 0, 0
    core["live_setups"] = 0
    average = _blank((1 + len(HIGHER_STEPS),), records.AVERAGE_RANGE)
    average["count"], average["sum"] = 0, 0.0
    return State(
        core=core,
        ids=np.zeros(len(KINDS), np.int64),
        bars=_blank((2, 1 << (reach - 1).bit_length()), records.BAR),
        average=average,
        legs=_blank((2, 2), records.LEG),
        trends=np.zeros(2, np.int64),
        swings=_blank((2, 2, RING), records.SWING_ROW),
        swing_counts=np.zeros((2, 2), np.int64),
        block_origins=np.full((2, 2, RING), -1, np.int64),
        block_counts=np.zeros((2, 2), np.int64),
        gaps=_blank((2, RING), records.RECENT_GAP),
        gap_counts=np.zeros(2, np.int64),
        zones=new_zones(256),
        pools=new_pools(256),
        period_pools=np.full((8, 2, 2), -1, np.int64),
        periods=_blank((8,), records.PERIOD),
        higher=_new_higher(step),
        higher_bars=_blank((len(HIGHER_STEPS), 2, HIGHER_RING), records.BAR),
        extremes=np.full(2, np.nan),
        retracements=new_retracements(32),
        sweeps=_blank((2, 3), records.SWEEP_FACT),
        hunts=_blank((2, 2), records.SWEEP_FACT),
        taken=np.full(2, -1, np.int64),
        breaks=_blank((2, 2), records.BREAK_FACT),
        fresh=_blank((2, 4), records.ZONE_FACT),
        divergences=np.full(2, -1, np.int64),
        openings=_blank((2, 5), records.OPENING_GAP_ROW),
        opening_state=np.full(2, np.nan),
        setups=_blank((len(MODELS), 2), records.SETUP_ROW),
        draft=_blank((1,), records.SETUP_ROW),
    )


def new_zones(capacity: int) -> Zones:
    """Empty zone tables."""
    zones = Zones(
        table=_blank((capacity,), records.ZONE),
        free=np.arange(capacity)[::-1].astype(np.int64),
        touch=_blank((2, capacity), records.LEVEL),
        close=_blank((2, capacity), records.LEVEL),
        ended=np.full(capacity, -1, np.int64),
        counts=np.zeros((4, 2), np.int64),
    )
    zones.counts[FREE_ZONES, 0] = capacity
    return zones


def new_pools(capacity: int) -> Pools:
    """Empty pool tables."""
    pools = Pools(
        table=_blank((capacity,), records.POOL_ROW),
        free=np.arange(capacity)[::-1].astype(np.int64),
        levels=_blank((2, capacity), records.LEVEL),
        waiting=np.full(capacity, -1, np.int64),
        counts=np.zeros((3, 2), np.int64),
    )
    pools.counts[FREE_POOLS, 0] = capacity
    return pools


def new_retracements(capacity: int) -> Retracements:
    """Empty OTE tables."""
    return Retracements(
        floating=_blank((2, capacity), records.RETRACEMENT),
        locked=_blank((2, capacity), records.RETRACEMENT),
        counts=np.zeros((2, 2), np.int64),
    )


def _new_higher(step: int) -> Records:
    higher = _blank((len(HIGHER_STEPS),), records.HIGHER)
    higher["bars"], higher["trend"] = 0, 0
    for row, length, vote in zip(higher, HIGHER_STEPS, HIGHER_VOTES, strict=True):
        usable = length >= step and length % step == 0
        row["step"], row["votes"] = (length, vote) if usable else (0, 0)
    return higher


def _blank(shape: tuple[int, ...], layout: np.dtype[np.void]) -> Records:
    """Rows with every integer -1 and every price NaN: nothing has happened yet."""
    rows = np.zeros(shape, layout)
    for name in layout.names or ():
        rows[name] = np.nan if layout[name].kind == "f" else -1
    return rows
