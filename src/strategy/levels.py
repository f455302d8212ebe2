"""Price levels kept in order, so that a bar only looks at those it reaches (the speed rule).

A row holds one side's levels ascending, in that side's coordinates: the level nearest below the
price comes last. A falling bar pops from the end; a new level is inserted by walking back.

A zone's ending level also carries its top, and `reach`, the highest top up to and including its own
position: a scan for zones that reach a price walks from the end and stops where `reach` is lower.
A pool's level carries its weight, and `reach` is the sum of the weights up to and including its
own position (whole numbers, so the sum is exact).
"""

import numpy as np

from src.strategy.compiled import Integers, Record, Records, code, compiled, copy_record, inlined

# What `reach` holds.
HIGHEST, SUM = code(0), code(1)


@inlined
def nearest(levels: Records, counts: Integers, row: int) -> float:
    """Price of the last level of a row, the one a bar reaches first; -inf without any."""
    return float(levels[row, counts[row] - 1].price) if counts[row] > 0 else -np.inf


@inlined
def insert_level(
    levels: Records,
    counts: Integers,
    row: int,
    price: float,
    slot: int,
    kind: int,
    detail: float,
    reach: int,
) -> None:
    """Insert a level into levels[row, :counts[row]]; equal prices keep order of arrival."""
    ordered, position = levels[row], counts[row]
    while position > 0 and ordered[position - 1].price > price:
        target, source = ordered[position], ordered[position - 1]
        copy_record(target, source)
        target.reach = _reach(source.reach, detail, reach)
        position -= 1
    level = ordered[position]
    level.price, level.slot, level.kind, level.detail = price, slot, kind, detail
    _set_reach(ordered, position, reach)
    counts[row] += 1


@inlined
def _reach(below: float, detail: float, reach: int) -> float:
    return below + detail if reach == SUM else max(below, detail)


@inlined
def _set_reach(ordered: Records, position: int, reach: int) -> None:
    level: Record = ordered[position]
    if position > 0:
        level.reach = _reach(ordered[position - 1].reach, level.detail, reach)
    else:
        level.reach = level.detail


@compiled
def remove_level(
    levels: Records, counts: Integers, row: int, price: float, slot: int, reach: int
) -> None:
    """Remove the level of `slot`, which must be present at exactly `price`."""
    ordered, low, high = levels[row], 0, counts[row]
    while low < high:
        middle = (low + high) // 2
        if ordered[middle].price < price:
            low = middle + 1
        else:
            high = middle
    while ordered[low].slot != slot:
        low += 1
    counts[row] -= 1
    for position in range(low, counts[row]):
        copy_record(ordered[position], ordered[position + 1])
        _set_reach(ordered, position, reach)
