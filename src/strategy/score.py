"""The confluence score: named points for facts known at the close of a bar (section 13)."""

from src.strategy.codes import BREAKER, IFVG, KILL_ZONE_BITS
from src.strategy.compiled import Record, inlined
from src.strategy.dealing_range import DISCOUNT_BELOW, range_position
from src.strategy.higher_timeframe import agreed_bias
from src.strategy.levels import forget_gap, is_block, is_gap
from src.strategy.optimal_entry import DEEP, SHALLOW
from src.strategy.state import CLOSE, FLOATING, LOCKED, Tables

RECENT_BARS = 30
BIAS_POINTS = 20.0
SWEEP_POINTS = 20.0
SHIFT_POINTS = 20.0
BREAK_POINTS = 10.0
GAP_POINTS = 15.0
BLOCK_POINTS = 10.0
RANGE_POINTS = 5.0
RETRACEMENT_POINTS = 2.0
KILL_ZONE_POINTS = 5.0
DIVERGENCE_POINTS = 3.0


@inlined
def score_entry(
    memory: Record,
    tables: Tables,
    params: Record,
    side: int,
    entry: float,
    t: int,
    row: Record,
    forgets: bool,
) -> None:
    """Score an entry price (side's coordinates) at the close of bar t into a setup row.

    Writes the points, their sum and the facts that earned them. With `forgets` the filled gaps on
    the way are no longer scanned for, which changes memory and nothing that is told.
    """
    row.bias = agreed_bias(memory)
    row.points_bias = BIAS_POINTS if row.bias == 1 - 2 * side else 0.0
    _score_sweep(memory, side, t, row)
    _score_structure(memory, side, t, row)
    _score_zones(memory, tables, params, side, entry, row, forgets)
    row.range_position = range_position(memory, side, t)
    row.in_retracement = 1 if _in_retracement(memory, tables, side, entry) else 0
    row.points_range = RANGE_POINTS if row.range_position < DISCOUNT_BELOW else 0.0
    row.points_range += RETRACEMENT_POINTS * row.in_retracement
    row.windows = memory.windows
    row.points_zone = KILL_ZONE_POINTS if row.windows & KILL_ZONE_BITS else 0.0
    row.smt_t = memory.divergences[side]
    row.points_smt = DIVERGENCE_POINTS if is_recent(row.smt_t, t) else 0.0
    row.score = (
        row.points_bias
        + row.points_sweep
        + row.points_structure
        + row.points_gap
        + row.points_block
        + row.points_range
        + row.points_zone
        + row.points_smt
    )


@inlined
def is_recent(fact_t: int, t: int) -> bool:
    """Whether a fact's bar is one of the 30 ending with t."""
    return fact_t >= 0 and fact_t > t - RECENT_BARS


@inlined
def _score_sweep(memory: Record, side: int, t: int, row: Record) -> None:
    """The best tier swept in the direction: strong pools, external swings, internal swings."""
    row.points_sweep = 0.0
    row.sweep_t = -1
    for tier in range(3):
        fact = memory.sweeps[side, tier]
        if is_recent(fact.t, t):
            worth = 1.0 if tier == 0 else (0.7 if tier == 1 else 0.4)
            row.points_sweep = SWEEP_POINTS * worth
            note_sweep(row, fact)
            return


@inlined
def note_sweep(row: Record, fact: Record) -> None:
    """Keep with the setup which sweep it is about."""
    row.sweep_t, row.sweep_kind, row.sweep_session = fact.t, fact.kind, fact.session
    row.sweep_windows, row.sweep_reclaim = fact.windows, fact.reclaim
    row.sweep_price = fact.price


@inlined
def _score_structure(memory: Record, side: int, t: int, row: Record) -> None:
    row.points_structure = 0.0
    row.break_t = -1
    for sort in range(2):
        fact = memory.breaks[side, sort]
        if is_recent(fact.t, t):
            row.points_structure = SHIFT_POINTS if sort == 0 else BREAK_POINTS
            row.break_t, row.break_degree = fact.t, fact.degree
            row.break_is_shift, row.break_level = 1 - sort, fact.level
            return


@inlined
def _score_zones(
    memory: Record,
    tables: Tables,
    params: Record,
    side: int,
    entry: float,
    row: Record,
    forgets: bool,
) -> None:
    """An active gap that holds the entry, and a live block overlapping that gap."""
    row.points_gap, row.points_block = 0.0, 0.0
    for i in range(memory.zone_counts[CLOSE + side] - 1, -1, -1):
        level = tables.zone_levels[CLOSE + side, i]
        if level.gap_reach < entry:
            return
        if not level.price <= entry <= level.top:
            continue
        if not is_gap(level.kind):
            continue
        zone = tables.zones[level.slot]
        if zone.stage >= params.mitigation_stage:
            if forgets:
                forget_gap(tables.zone_levels[CLOSE + side], i, memory.zone_counts[CLOSE + side])
            continue
        if row.points_gap == 0.0:
            row.points_gap = GAP_POINTS
            row.gap_top, row.gap_bottom = zone.top, zone.bottom
            row.gap_is_inverted = 1 if zone.kind == IFVG else 0
        if _overlapping_block(memory, tables, side, zone, row):
            return


@inlined
def _overlapping_block(memory: Record, tables: Tables, side: int, gap: Record, row: Record) -> bool:
    for i in range(memory.zone_counts[CLOSE + side] - 1, -1, -1):
        level = tables.zone_levels[CLOSE + side, i]
        if level.block_reach <= gap.bottom:
            return False
        if not (level.top > gap.bottom and gap.top > level.price):
            continue
        if is_block(level.kind):
            row.points_block = BLOCK_POINTS
            row.block_top, row.block_bottom = level.top, level.price
            row.block_is_breaker = 1 if level.kind == BREAKER else 0
            return True
    return False


@inlined
def _in_retracement(memory: Record, tables: Tables, side: int, entry: float) -> bool:
    """Whether the entry lies in an OTE zone of the side, moving or locked."""
    for i in range(memory.retracement_counts[LOCKED, side] - 1, -1, -1):
        row = tables.retracements[LOCKED, side, i]
        if row.reach < entry:
            break
        if row.bottom <= entry <= row.top:
            return True
    if entry > memory.highest_shallow[side]:
        return False
    for i in range(memory.retracement_counts[FLOATING, side]):
        row = tables.retracements[FLOATING, side, i]
        span = row.high - row.anchor
        if row.high - DEEP * span <= entry <= row.high - SHALLOW * span:
            return True
    return False
