"""Draw on liquidity: which side's resting pools pull harder, and the pool that pulls most (12)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BEAR, BULL, NOTHING
from src.strategy.compiled import Record, Records, apart, compiled, inlined
from src.strategy.liquidity import LARGEST_WEIGHT
from src.strategy.state import DAILY, Tables

# How far a bound stays clear of rounding.
SLACK = 1e-9


@compiled
def find_draw(memory: Record, tables: Tables, closed: float) -> tuple[int, int]:
    """Direction (+1, -1, 0) and slot of the pool with the largest pull on that side, or -1."""
    direction = _bounded_direction(memory, closed)
    if direction == 0:
        direction = _direction(memory, tables.pool_levels, closed)
    if direction == 0:
        return 0, NOTHING
    return direction, _strongest(memory, tables, BEAR if direction == 1 else BULL, closed)


@inlined
def weigh_draw(memory: Record, tables: Tables, side: int) -> int:
    """Slot of the pool that draws price the side's way at the bar being folded, or -1.

    What is found out is kept for those who ask at the same bar.
    """
    draw, closed = memory.draw[0], bar_at(memory, 0, memory.t).close
    if draw.t != memory.t:
        draw.t, draw.slot = memory.t, NOTHING
        draw.direction = _bounded_direction(memory, closed)
        if draw.direction == 0:
            draw.direction = _weighed_direction(memory, tables.pool_levels, closed)
    if draw.direction != 1 - 2 * side:
        return NOTHING
    if draw.slot < 0:
        draw.slot = _strongest(memory, tables, 1 - side, closed)
    return int(draw.slot)


@compiled
def draw_ahead(memory: Record, tables: Tables, t: int, side: int) -> int:
    """The same at the close of bar t, the newest, leaving memory as it is."""
    direction, slot = find_draw(memory, tables, bar_at(memory, 0, t).close)
    return slot if direction == 1 - 2 * side else NOTHING


@inlined
def _bounded_direction(memory: Record, closed: float) -> int:
    """Where the larger sum of pulls lies, if the bounds kept tell; else 0.

    Price has traded through no pool that rests. Having moved by x daily ranges, it is nearer to
    all of one side, which pull more, and farther from all of the other: 1 + x times at most.
    """
    daily_range = memory.average[1 + DAILY].value
    if daily_range != memory.pulls_range:
        return 0
    moved = closed - memory.pulls_from
    change = 1.0 + abs(moved) / daily_range
    above, below, most = memory.pulls[BEAR], memory.pulls[BULL], change * change
    up, down = (1.0, most) if moved > 0.0 else (most, 1.0)
    return int(above.least > below.most * up) - int(below.least > above.most * down)


@apart
def _weighed_direction(memory: Record, levels: Records, closed: float) -> int:
    """The same once every pool is weighed as seen from this price; undefined (0) until 14 daily
    candles have closed."""
    daily_range = memory.average[1 + DAILY].value
    if np.isnan(daily_range):
        return 0
    memory.pulls_from, memory.pulls_range = closed, daily_range
    for side in range(2):
        seen, pull = closed if side == BULL else -closed, memory.pulls[side]
        total = _rounded_pull(levels[side], memory.pool_counts[side], seen, 1.0 / daily_range)
        pull.least, pull.most = total * (1.0 - SLACK), total * (1.0 + SLACK)
    direction = _bounded_direction(memory, closed)
    return direction if direction != 0 else _direction(memory, levels, closed)


@inlined
def _rounded_pull(levels: Records, count: int, closed: float, inverse: float) -> float:
    """Sum of the pulls of one side's pools but for rounding: four at a time, in any order."""
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for i in range(3, count, 4):
        first += _one_pull(levels[i - 3], closed, inverse)
        second += _one_pull(levels[i - 2], closed, inverse)
        third += _one_pull(levels[i - 1], closed, inverse)
        fourth += _one_pull(levels[i], closed, inverse)
    for i in range(count & ~3, count):
        first += _one_pull(levels[i], closed, inverse)
    return first + second + third + fourth


@inlined
def _one_pull(level: Record, closed: float, inverse: float) -> float:
    return float(level.weight / (1.0 + (closed - level.price) * inverse))


@apart
def _direction(memory: Record, levels: Records, closed: float) -> int:
    """Where the larger sum of pulls lies, to the last bit; 0 as well until 14 days have closed."""
    daily_range = memory.average[1 + DAILY].value
    above = _total_pull(levels[BEAR], memory.pool_counts[BEAR], -closed, daily_range)
    below = _total_pull(levels[BULL], memory.pool_counts[BULL], closed, daily_range)
    return int(above > below) - int(below > above)


@inlined
def _total_pull(levels: Records, count: int, closed: float, daily_range: float) -> float:
    """Sum of the pulls of one side's pools."""
    total = 0.0
    for i in range(count):
        level = levels[i]
        total += level.weight / (1.0 + abs(level.price - closed) / daily_range)
    return total


@compiled
def _strongest(memory: Record, tables: Tables, side: int, plain: float) -> int:
    """Slot of a side's pool with the largest pull, from the nearest to where none can be larger.

    Equal pulls: the nearer pool, then the lower kind, then the older.
    """
    daily_range = memory.average[1 + DAILY].value
    closed, inverse = plain * (1 - 2 * side), 1.0 / daily_range
    strongest, best = 0.0, -1
    for i in range(memory.pool_counts[side] - 1, -1, -1):
        level = tables.pool_levels[side, i]
        distance = abs(level.price - closed)
        needed = strongest * (1.0 + distance * inverse) * (1.0 - SLACK)
        if level.price <= closed and needed > LARGEST_WEIGHT:
            return best
        if needed > level.weight:
            continue
        pull = level.weight / (1.0 + distance / daily_range)
        if best < 0 or pull > strongest:
            strongest, best = pull, int(level.slot)
        elif pull == strongest and _comes_first(
            tables.pools[level.slot], tables.pools[best], closed
        ):
            best = int(level.slot)
    return best


@inlined
def _comes_first(pool: Record, other: Record, closed: float) -> bool:
    distance, rival = abs(pool.price - closed), abs(other.price - closed)
    if distance != rival:
        return bool(distance < rival)
    if pool.kind != other.kind:
        return bool(pool.kind < other.kind)
    return bool(pool.id < other.id)
