"""Draw on liquidity: which side's resting pools pull harder, and the pool that pulls most (12)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BEAR, BULL
from src.strategy.compiled import Record, compiled
from src.strategy.liquidity import LARGEST_WEIGHT
from src.strategy.state import DAILY, Tables

# Pools weighed together in a bound, and how far a bound stays clear of rounding.
BLOCK = 8
SLACK = 1e-9


@compiled
def find_draw(memory: Record, tables: Tables, closed: float) -> tuple[int, int]:
    """Direction (+1, -1, 0) and slot of the pool with the largest pull on that side, or -1.

    Undefined (0, -1) until 14 daily candles have closed. The sums of all pulls are only taken
    where bounds on them leave the direction open.
    """
    daily_range = memory.average[1 + DAILY].value
    if np.isnan(daily_range):
        return 0, -1
    above, most_above = _bounds(memory, tables, BEAR, -closed, daily_range)
    below, most_below = _bounds(memory, tables, BULL, closed, daily_range)
    if not (above > most_below or below > most_above):
        above = _total_pull(memory, tables, BEAR, -closed, daily_range)
        below = _total_pull(memory, tables, BULL, closed, daily_range)
    if above > below:
        return 1, _strongest(memory, tables, BEAR, -closed, daily_range)
    if below > above:
        return -1, _strongest(memory, tables, BULL, closed, daily_range)
    return 0, -1


@compiled
def weigh_draw(memory: Record, tables: Tables) -> None:
    """Keep the draw at the close of the bar being folded, however many setups ask for it."""
    draw = memory.draw[0]
    if draw.t != memory.t:
        draw.direction, draw.slot = find_draw(memory, tables, bar_at(memory, 0, memory.t).close)
        draw.t = memory.t


@compiled
def draw_at(memory: Record, tables: Tables, t: int) -> tuple[int, int]:
    """`find_draw` at the close of bar t, the newest."""
    draw = memory.draw[0]
    if draw.t == t:
        return draw.direction, draw.slot
    return find_draw(memory, tables, bar_at(memory, 0, t).close)


@compiled
def _bounds(
    memory: Record, tables: Tables, side: int, closed: float, daily_range: float
) -> tuple[float, float]:
    """A lower and an upper bound of a side's pulls: a block of neighbours is weighed as if all
    stood at its farthest, and at its nearest. Rounding is far smaller than SLACK."""
    levels, last = tables.pool_levels, memory.pool_counts[side]
    least, most = 0.0, 0.0
    while last > 0:
        first = max(last - BLOCK, 0)
        weight = 0.0
        for i in range(first, last):
            weight += levels[side, i].detail
        nearest = closed - levels[side, last - 1].price
        if nearest < 0.0:
            return 0.0, np.inf
        most += weight / (1.0 + nearest / daily_range)
        least += weight / (1.0 + (closed - levels[side, first].price) / daily_range)
        last = first
    return least * (1.0 - SLACK), most * (1.0 + SLACK)


@compiled
def _total_pull(
    memory: Record, tables: Tables, side: int, closed: float, daily_range: float
) -> float:
    """Sum of the pulls of one side's pools."""
    total = 0.0
    for i in range(memory.pool_counts[side]):
        level = tables.pool_levels[side, i]
        total += level.detail / (1.0 + abs(level.price - closed) / daily_range)
    return total


@compiled
def _strongest(memory: Record, tables: Tables, side: int, closed: float, daily_range: float) -> int:
    """Slot of a side's pool with the largest pull, from the nearest to where none can be larger.

    Equal pulls: the nearer pool, then the lower kind, then the older.
    """
    strongest, best = 0.0, -1
    for i in range(memory.pool_counts[side] - 1, -1, -1):
        level = tables.pool_levels[side, i]
        reduction = 1.0 + abs(level.price - closed) / daily_range
        needed = strongest * reduction * (1.0 - SLACK)
        if level.price <= closed and needed > LARGEST_WEIGHT:
            return best
        if needed > level.detail:
            continue
        pull = level.detail / reduction
        if best < 0 or pull > strongest:
            strongest, best = pull, int(level.slot)
        elif pull == strongest and _comes_first(
            tables.pools[level.slot], tables.pools[best], closed
        ):
            best = int(level.slot)
    return best


@compiled
def _comes_first(pool: Record, other: Record, closed: float) -> bool:
    distance, rival = abs(pool.price - closed), abs(other.price - closed)
    if distance != rival:
        return bool(distance < rival)
    if pool.kind != other.kind:
        return bool(pool.kind < other.kind)
    return bool(pool.id < other.id)
