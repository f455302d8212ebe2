"""Price levels kept in order, so that a bar only looks at those it reaches (the speed rule).

A row holds one side's levels ascending, in that side's coordinates: the level nearest below the
price comes last. A falling bar pops from the end; a new level is inserted by walking back.

A zone's ending level also carries its top, and for gaps and for blocks a reach: the highest top of
that sort up to and including its own position. A scan for gaps or blocks that reach a price walks
from the end and stops where their reach is lower. A pool's level carries its weight.
"""

import numpy as np

from src.strategy.codes import BREAKER, FVG, IFVG, NOTHING, ORDER_BLOCK
from src.strategy.compiled import (
    Integers,
    Record,
    Records,
    apart,
    compiled,
    copy_record,
    inlined,
    place,
)


@inlined
def nearest(levels: Records, counts: Integers, row: int) -> float:
    """Price of the last level of a row, the one a bar reaches first; -inf without any."""
    return float(levels[row, place(counts[row] - 1)].price) if counts[row] > 0 else -np.inf


@inlined
def insert_pool_level(
    levels: Records, counts: Integers, row: int, price: float, slot: int, weight: float
) -> None:
    """Insert a pool into levels[row, :counts[row]]; equal prices keep order of arrival."""
    ordered, position = levels[row], counts[row]
    while position > 0 and ordered[position - 1].price > price:
        copy_record(ordered[position], ordered[position - 1])
        position -= 1
    level = ordered[position]
    level.price, level.slot, level.weight = price, slot, weight
    counts[row] += 1


@inlined
def insert_zone_level(
    levels: Records, counts: Integers, row: int, price: float, slot: int, kind: int, top: float
) -> None:
    """The same for a zone that ends at `price`."""
    ordered, position = levels[row], counts[row]
    gap_top = top if is_gap(kind) else -np.inf
    block_top = top if is_block(kind) else -np.inf
    while position > 0 and ordered[position - 1].price > price:
        target, source = ordered[position], ordered[position - 1]
        copy_record(target, source)
        target.gap_reach = _higher(source.gap_reach, gap_top)
        target.block_reach = _higher(source.block_reach, block_top)
        position -= 1
    level = ordered[position]
    level.price, level.slot, level.kind, level.top = price, slot, kind, top
    _set_reach(ordered, position)
    counts[row] += 1


@compiled
def remove_pool_level(levels: Records, counts: Integers, row: int, price: float, slot: int) -> None:
    """Remove the level of `slot`, which must be present at exactly `price`."""
    ordered = levels[row]
    counts[row] -= 1
    for position in range(_find(ordered, counts[row] + 1, price, slot), counts[row]):
        copy_record(ordered[position], ordered[position + 1])


@compiled
def remove_zone_level(levels: Records, counts: Integers, row: int, price: float, slot: int) -> None:
    """The same for a zone."""
    ordered = levels[row]
    counts[row] -= 1
    for position in range(_find(ordered, counts[row] + 1, price, slot), counts[row]):
        copy_record(ordered[position], ordered[position + 1])
        _set_reach(ordered, position)


@apart
def forget_gap(ordered: Records, position: int, count: int) -> None:
    """No longer let scans for gaps find the zone at a position: a tall one makes them long."""
    ordered[position].kind = NOTHING
    for changed in range(position, count):
        _set_reach(ordered, changed)


@inlined
def is_gap(kind: int) -> bool:
    """Whether a kind of zone is a fair value gap, inverted or not."""
    return (kind == FVG) | (kind == IFVG)


@inlined
def is_block(kind: int) -> bool:
    """Whether a kind of zone is an order block or what becomes of one."""
    return (kind == ORDER_BLOCK) | (kind == BREAKER)


@inlined
def _find(ordered: Records, count: int, price: float, slot: int) -> int:
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if ordered[middle].price < price:
            low = middle + 1
        else:
            high = middle
    while ordered[low].slot != slot:
        low += 1
    return low


@inlined
def _set_reach(ordered: Records, position: int) -> None:
    level: Record = ordered[position]
    level.gap_reach = level.top if is_gap(level.kind) else -np.inf
    level.block_reach = level.top if is_block(level.kind) else -np.inf
    if position > 0:
        below = ordered[position - 1]
        level.gap_reach = _higher(below.gap_reach, level.gap_reach)
        level.block_reach = _higher(below.block_reach, level.block_reach)


@inlined
def _higher(this: float, that: float) -> float:
    """The larger of two numbers, both defined; `max` asks whether they are."""
    return this if this > that else that
