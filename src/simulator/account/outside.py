"""Other hands on the account: manual closes, size changes, liquidation, auto-deleveraging."""

from decimal import Decimal

from src.domain.order import Direction
from src.simulator.account.exchange import Exchange
from src.simulator.account.model import PositionKey, VenuePosition

_MANUAL = "CreateByUser"


class OutsideHand:
    """Changes positions without a request of the client. An empty symbol means every symbol."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def close(self, symbol: str) -> None:
        """Close positions at market, as a person in the exchange's app would."""
        for key, position in self._open(symbol):
            self._reduce(key, position, abs(position.size), _MANUAL, "Trade")

    def resize(self, symbol: str, factor: str) -> None:
        """Multiply the size of positions by `factor`, at market."""
        for key, position in self._open(symbol):
            size = abs(position.size)
            change = self._stepped(key, size * Decimal(factor)) - size
            if change < 0:
                self._reduce(key, position, -change, _MANUAL, "Trade")
            elif change > 0:
                side = Direction(1 if position.size > 0 else -1)
                self._exchange.force(key, side, change, _MANUAL, "Trade")

    def liquidate(self, symbol: str) -> None:
        """Take positions over, whatever the margin."""
        for key, position in self._open(symbol):
            self._reduce(key, position, abs(position.size), "CreateByLiq", "BustTrade")

    def deleverage(self, symbol: str, fraction: str) -> None:
        """Auto-deleverage a fraction of positions."""
        for key, position in self._open(symbol):
            part = self._stepped(key, abs(position.size) * Decimal(fraction))
            if part:
                self._reduce(key, position, part, "CreateByAdl_PassThrough", "AdlTrade")

    def remove_stops(self, symbol: str) -> None:
        """Withdraw the stops of positions and leave the positions open."""
        for key, _ in self._open(symbol):
            for child in self._exchange.ledger.children(key):
                if child.stop_order_type in ("StopLoss", "PartialStopLoss", "TrailingStop"):
                    self._exchange.cancel(child)

    def _open(self, symbol: str) -> list[tuple[PositionKey, VenuePosition]]:
        return [
            (key, position)
            for key, position in self._exchange.ledger.positions.items()
            if position.size and symbol in ("", key[0])
        ]

    def _reduce(
        self, key: PositionKey, position: VenuePosition, quantity: Decimal, create: str, kind: str
    ) -> None:
        side = Direction(-1 if position.size > 0 else 1)
        self._exchange.force(key, side, quantity, create, kind)

    def _stepped(self, key: PositionKey, quantity: Decimal) -> Decimal:
        return quantity - quantity % self._exchange.instrument(key[0]).quantity_step
