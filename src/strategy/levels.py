"""Price levels kept in order, so that a bar only looks at those it reaches (the speed rule).

A row holds one side's levels ascending, in that side's coordinates: the level nearest below the
price comes last. A falling bar pops from the end; a new level is inserted by walking back.
"""

from src.strategy.compiled import Integers, Record, Records, compiled, inlined


@inlined
def _move(target: Record, source: Record) -> None:
    target.price, target.slot, target.detail = source.price, source.slot, source.detail


@inlined
def insert_level(
    levels: Records, counts: Integers, row: int, price: float, slot: int, detail: float
) -> None:
    """Insert a level into levels[row, :counts[row]]; equal prices keep order of arrival."""
    position = counts[row]
    while position > 0 and levels[row, position - 1].price > price:
        _move(levels[row, position], levels[row, position - 1])
        position -= 1
    level = levels[row, position]
    level.price, level.slot, level.detail = price, slot, detail
    counts[row] += 1


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
    for position in range(low, counts[row] - 1):
        _move(levels[row, position], levels[row, position + 1])
    counts[row] -= 1
