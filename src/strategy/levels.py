"""Price levels kept in order, so that a bar only looks at those it reaches (the speed rule).

A stack holds one side's levels ascending, in that side's coordinates: the level nearest below the
price comes last. A falling bar pops from the end; a new level is inserted by walking back.
"""

from src.strategy.compiled import Integers, Records, compiled


@compiled
def insert_level(levels: Records, counts: Integers, side: int, price: float, slot: int) -> None:
    """Insert a level into levels[side, :counts[side]]; equal prices keep order of arrival."""
    position = counts[side]
    while position > 0 and levels[side, position - 1].price > price:
        levels[side, position].price = levels[side, position - 1].price
        levels[side, position].slot = levels[side, position - 1].slot
        position -= 1
    levels[side, position].price = price
    levels[side, position].slot = slot
    counts[side] += 1


@compiled
def remove_level(levels: Records, counts: Integers, side: int, price: float, slot: int) -> None:
    """Remove the level of `slot`, which must be present at exactly `price`."""
    low, high = 0, counts[side]
    while low < high:
        middle = (low + high) // 2
        if levels[side, middle].price < price:
            low = middle + 1
        else:
            high = middle
    while levels[side, low].slot != slot:
        low += 1
    for position in range(low, counts[side] - 1):
        levels[side, position].price = levels[side, position + 1].price
        levels[side, position].slot = levels[side, position + 1].slot
    counts[side] -= 1
