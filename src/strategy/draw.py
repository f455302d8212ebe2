"""Draw on liquidity: which side's resting pools pull harder, and the pool that pulls most (12)."""

import numpy as np

from src.strategy.codes import BEAR, BULL
from src.strategy.compiled import Record, compiled
from src.strategy.state import DAILY, Tables


@compiled
def find_draw(memory: Record, tables: Tables, closed: float) -> tuple[int, int]:
    """Direction (+1, -1, 0) and slot of the pool with the largest pull on that side, or -1.

    Undefined (0, -1) until 14 daily candles have closed.
    """
    daily_range = memory.average[1 + DAILY].value
    if np.isnan(daily_range):
        return 0, -1
    above, above_slot = _pull(memory, tables, BEAR, -closed, daily_range)
    below, below_slot = _pull(memory, tables, BULL, closed, daily_range)
    if above > below:
        return 1, above_slot
    if below > above:
        return -1, below_slot
    return 0, -1


@compiled
def _pull(
    memory: Record, tables: Tables, side: int, closed: float, daily_range: float
) -> tuple[float, int]:
    """Sum of the pulls of one side's pools, and the slot of the strongest.

    Equal pulls: the nearer pool, then the lower kind, then the older.
    """
    total, strongest, best = 0.0, 0.0, -1
    for i in range(memory.pool_counts[side]):
        level = tables.pool_levels[side, i]
        pull = level.detail / (1.0 + abs(level.price - closed) / daily_range)
        total += pull
        if best < 0 or pull > strongest:
            strongest, best = pull, int(level.slot)
        elif pull == strongest and _comes_first(
            tables.pools[level.slot], tables.pools[best], closed
        ):
            best = int(level.slot)
    return total, best


@compiled
def _comes_first(pool: Record, other: Record, closed: float) -> bool:
    distance, rival = abs(pool.price - closed), abs(other.price - closed)
    if distance != rival:
        return bool(distance < rival)
    if pool.kind != other.kind:
        return bool(pool.kind < other.kind)
    return bool(pool.id < other.id)
