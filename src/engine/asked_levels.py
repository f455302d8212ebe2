"""Who asked for which stop or target, so that a move the venue shows is told under his name."""

from decimal import Decimal

from src.domain.trade import Trade


class AskedLevels:
    """Levels that were asked for here and not seen at the venue yet."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, Decimal], str] = {}

    def expect(self, order_link_id: str, level: Decimal, by: str) -> None:
        """`by` asked for this stop or target of a trade."""
        self._asked[order_link_id, level] = by

    def forget(self, order_link_id: str, level: Decimal) -> None:
        """It is there, or will never be."""
        self._asked.pop((order_link_id, level), None)

    def asker(self, trade: Trade, moved: Trade) -> str | None:
        """Who asked for all that differs between the two; None where nobody did or nothing does."""
        levels = ((trade.stop_loss, moved.stop_loss), (trade.take_profit, moved.take_profit))
        names = {
            self._asked.get((trade.order_link_id, after))
            for before, after in levels
            if before != after
        }
        return None if len(names) != 1 else names.pop()
