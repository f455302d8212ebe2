"""The depth of the simulated book: every level holds what the ticker shows at the best price."""

from collections.abc import Callable
from decimal import Decimal

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.simulator.book import LEVELS


class Depth:
    """Cuts a taker order into the levels it meets, each one tick worse than the one before."""

    def __init__(
        self, instrument: Callable[[str], Instrument], level_size: Callable[[str], Decimal]
    ) -> None:
        self._instrument = instrument
        self._level_size = level_size

    def pieces(
        self, symbol: str, side: Direction, quantity: Decimal, first: Decimal,
        limit: Decimal | None, whole: bool,
    ) -> list[tuple[Decimal, Decimal]]:  # fmt: skip
        """(quantity, price) per level, never worse than `limit`, at most LEVELS unless `whole`.

        With `whole` the last level takes what is left: a stop always closes its position.
        """
        size, tick = self._level_size(symbol), self._instrument(symbol).tick_size
        if limit is not None:
            first = min(first, limit) if side is Direction.LONG else max(first, limit)
        taken: list[tuple[Decimal, Decimal]] = []
        for level in range(LEVELS):
            price = first + level * tick * int(side)
            if quantity <= 0 or (limit is not None and (price - limit) * int(side) > 0):
                break
            last = whole and level == LEVELS - 1
            amount = quantity if last else min(quantity, size)
            taken.append((amount, price))
            quantity -= amount
        return taken
