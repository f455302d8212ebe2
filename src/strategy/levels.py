"""Price levels kept in order, so that a bar only looks at those it reaches (the speed rule).

A row holds one side's levels ascending, in that side's coordinates: the level nearest below the
price comes last. A falling bar pops from the end; a new level is inserted by walking back.

A zone's level also carries its top, and `reach`, the highest top up to and including its own
position: a scan for zones that reach a price walks from the end and stops where `reach` is lower.
"""

import numpy as np

from src.strategy.compiled import Integers, Records, compiled, inlined


@inlined
def insert_level(
    levels: Records, counts: Integers, row: int, price: float, slot: int, detail: float
) -> None:
    """Insert a level into levels[row, :counts[row]]; equal prices keep order of arrival."""
    position = counts[row]
    while position > 0 and levels[row, position - 1].price > price:
        target, source = levels[row, position], levels[row, position - 1]
        target.price, target.slot, target.detail = source.price, source.slot, source.detail
        target.reach = max(source.reach, detail)
        position -= 1
    level = levels[row, position]
    level.price, level.slot, level.detail = price, slot, detail
    _set_reach(levels, row, position)
    counts[row] += 1


@inlined
def _set_reach(levels: Records, row: int, position: int) -> None:
    below = levels[row, position - 1].reach if position > 0 else -np.inf
    levels[row, position].reach = max(below, levels[row, position].detail)


@compiled
def remove_level(levels: Records, counts: Integers, row: int, price: float, slot: int) -> None:
    """Remove the level of `slot`, which must be present at exactly `price`."""
    low, high = 0, counts[row]
    while low < high:
        middle = (low + high) // 2
        if levels[row, middle].price < price:
            low = middle + 1
        else:
            high = middle
    while levels[row, low].slot != slot:
        low += 1
    counts[row] -= 1
    for position in range(low, counts[row]):
        target, source = levels[row, position], levels[row, position + 1]
        target.price, target.slot, target.detail = source.price, source.slot, source.detail
        _set_reach(levels, row, position)
