"""Section 12: the draw on liquidity."""

from dataclasses import dataclass
from math import fsum

from tests.unit.strategy.reference.facts import Facts, Story

KINDS = ("SWING_INT", "SWING_EXT", "EQ_INT", "EQ_EXT", "PD", "PW", "PM", "SESSION")
WEIGHTS = {
    "PM": 5,
    "PW": 5,
    "PD": 4,
    "SESSION": 3,
    "EQ_INT": 3,
    "EQ_EXT": 3,
    "SWING_EXT": 2,
    "SWING_INT": 1,
}


@dataclass(frozen=True)
class Draw:
    """dol_dir and the pool with the largest term on that side (None on a tie)."""

    dir: int
    pool: Story | None


def find_draw(facts: Facts, t: int) -> Draw | None:
    """Each ACTIVE pool pulls with w/(1+|P−c|/ATR_1d); None before ATR_1d exists."""
    daily_range = facts.context.day.average_range(t)
    if daily_range is None:
        return None
    close = facts.market.up.close[t]

    def term(pool: Story) -> float:
        weight = WEIGHTS[pool.keys["pool_kind"]]
        distance: float = abs(pool.keys["price"] - close)
        return weight / (1 + distance / daily_range)

    def rank(pool: Story) -> tuple[float, float, int, int]:
        """Largest term first; ties: nearer, then lower kind order, then lower id."""
        distance = abs(pool.keys["price"] - close)
        return -term(pool), distance, KINDS.index(pool.keys["pool_kind"]), pool.id

    pools = {direction: list(facts.alive("pool", direction, t)) for direction in (1, -1)}
    above, below = (fsum(term(pool) for pool in pools[direction]) for direction in (1, -1))
    if above == below:
        return Draw(0, None)
    direction = 1 if above > below else -1
    return Draw(direction, min(pools[direction], key=rank))
