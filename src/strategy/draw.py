"""Draw on liquidity: which side's resting pools pull harder, and the pool that pulls most (12)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import BEAR, BULL, NOTHING
from src.strategy.compiled import Record, apart, code, compiled, inlined
from src.strategy.liquidity import LARGEST_WEIGHT
from src.strategy.state import DAILY, Tables

# Pools weighed together in a bound, first many, then few; how far a bound stays clear of rounding.
LARGE_BLOCK, SMALL_BLOCK = code(16), code(4)
SLACK = 1e-9


@compiled
def find_draw(memory: Record, tables: Tables, closed: float) -> tuple[int, int]:
    """Direction (+1, -1, 0) and slot of the pool with the largest pull on that side, or -1."""
    direction = _direction(memory, tables, closed)
    if direction == 0:
        return 0, NOTHING
    return direction, _strongest(memory, tables, BEAR if direction == 1 else BULL, closed)


@inlined
def weigh_draw(memory: Record, tables: Tables, side: int) -> None:
    """Keep what `draw_ahead` of a side asks for at the bar being folded, however many ask."""
    draw, closed = memory.draw[0], bar_at(memory, 0, memory.t).close
    if draw.t != memory.t:
        draw.t, draw.slot = memory.t, NOTHING
        draw.direction = _bounded_direction(memory, closed)
        if draw.direction == 0:
            _bound_pulls(memory, tables, closed)
            draw.direction = _bounded_direction(memory, closed)
        if draw.direction == 0:
            draw.direction = _direction(memory, tables, closed)
    if draw.slot < 0 and draw.direction == 1 - 2 * side:
        draw.slot = _strongest(memory, tables, 1 - side, closed)


@inlined
def draw_ahead(memory: Record, tables: Tables, t: int, side: int) -> int:
    """Slot of the pool that draws price the side's way at the close of bar t, the newest, or -1."""
    draw = memory.draw[0]
    if draw.t == t:
        return int(draw.slot) if draw.direction == 1 - 2 * side else NOTHING
    direction, slot = find_draw(memory, tables, bar_at(memory, 0, t).close)
    return slot if direction == 1 - 2 * side else NOTHING


@inlined
def _bounded_direction(memory: Record, closed: float) -> int:
    """Where the larger sum of pulls lies, if the bounds kept tell; else 0.

    Seen from a price x daily ranges away, a pull is at most 1 + x times as large or as small.
    """
    daily_range = memory.average[1 + DAILY].value
    if daily_range != memory.pulls_range:
        return 0
    change = 1.0 + abs(closed - memory.pulls_from) / daily_range
    above, below, most = memory.pulls[BEAR], memory.pulls[BULL], change * change
    return int(above.least > below.most * most) - int(below.least > above.most * most)


@apart
def _bound_pulls(memory: Record, tables: Tables, closed: float) -> None:
    """Keep bounds on both sums of pulls as seen from this price."""
    daily_range = memory.average[1 + DAILY].value
    memory.pulls_from, memory.pulls_range = closed, daily_range
    for side in range(2):
        seen = closed if side == BULL else -closed
        pull = memory.pulls[side]
        pull.least, pull.most = _bounds(memory, tables, side, seen, daily_range, LARGE_BLOCK)


@apart
def _direction(memory: Record, tables: Tables, closed: float) -> int:
    """Where the larger sum of pulls lies; undefined (0) until 14 daily candles have closed.

    The sums are only taken where bounds on them leave it open.
    """
    daily_range = memory.average[1 + DAILY].value
    if np.isnan(daily_range):
        return 0
    block = LARGE_BLOCK
    while block >= SMALL_BLOCK:
        above, most_above = _bounds(memory, tables, BEAR, -closed, daily_range, block)
        below, most_below = _bounds(memory, tables, BULL, closed, daily_range, block)
        if above > most_below or below > most_above:
            return 1 if above > below else -1
        block >>= 2
    above = _total_pull(memory, tables, BEAR, -closed, daily_range)
    below = _total_pull(memory, tables, BULL, closed, daily_range)
    return int(above > below) - int(below > above)


@inlined
def _bounds(
    memory: Record, tables: Tables, side: int, closed: float, daily_range: float, block: int
) -> tuple[float, float]:
    """A lower and an upper bound of a side's pulls: a block of neighbours is weighed as if all
    stood at its farthest, and at the farthest of the block before it.

    `reach` sums the weights, so a block costs one division. Rounding is far smaller than SLACK.
    """
    levels, last = tables.pool_levels, memory.pool_counts[side]
    least, most = 0.0, 0.0
    if last == 0:
        return least, most
    nearest, up_to_here = closed - levels[side, last - 1].price, levels[side, last - 1].reach
    if nearest < 0.0:
        return 0.0, np.inf
    inverse = 1.0 / daily_range
    share = 1.0 / (1.0 + nearest * inverse)
    while last > 0:
        last = max(last - block, 0)
        beyond = levels[side, last - 1].reach if last > 0 else 0.0
        weight = up_to_here - beyond
        most += weight * share
        share = 1.0 / (1.0 + (closed - levels[side, last].price) * inverse)
        least += weight * share
        up_to_here = beyond
    return least * (1.0 - SLACK), most * (1.0 + SLACK)


@inlined
def _total_pull(
    memory: Record, tables: Tables, side: int, closed: float, daily_range: float
) -> float:
    """Sum of the pulls of one side's pools."""
    total = 0.0
    for i in range(memory.pool_counts[side]):
        level = tables.pool_levels[side, i]
        total += level.detail / (1.0 + abs(level.price - closed) / daily_range)
    return total


@apart
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
        if needed > level.detail:
            continue
        pull = level.detail / (1.0 + distance / daily_range)
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
