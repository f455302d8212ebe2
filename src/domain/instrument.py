"""What may be traded and in which steps: the only place where prices and quantities are rounded."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from src.domain.errors import RefusedOrder


@dataclass(frozen=True, slots=True)
class Instrument:
    """A linear perpetual contract. Prices in quote currency, quantities in base units."""

    symbol: str
    tick_size: Decimal
    quantity_step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal
    max_leverage: Decimal
    funding_interval_minutes: int

    def price_down(self, price: Decimal) -> Decimal:
        """The highest valid price not above `price`."""
        return (price / self.tick_size).to_integral_value(ROUND_FLOOR) * self.tick_size

    def price_up(self, price: Decimal) -> Decimal:
        """The lowest valid price not below `price`."""
        return (price / self.tick_size).to_integral_value(ROUND_CEILING) * self.tick_size

    def quantity_down(self, quantity: Decimal) -> Decimal:
        """The largest valid quantity not above `quantity`, capped at the maximum.

        Raises RefusedOrder below the instrument's minimum.
        """
        steps = (min(quantity, self.max_quantity) / self.quantity_step).to_integral_value(
            ROUND_FLOOR
        )
        rounded = steps * self.quantity_step
        if rounded < self.min_quantity:
            raise RefusedOrder(
                f"{self.symbol}: size {quantity.normalize():f} is below the exchange's minimum "
                f"of {self.min_quantity.normalize():f}"
            )
        return rounded
