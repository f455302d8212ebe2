"""What trading costs: fees, slippage and funding, and how they are rounded."""

import enum
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from src.domain.instrument import Instrument
from src.domain.order import Direction

MONEY_STEP = Decimal("0.00000001")
"""Fees and funding are booked in this step of the quote currency, rounded against us."""

FUNDING_RATE_MINUTES = 480


class StopTrigger(enum.Enum):
    """Which price fires a stop. Candles know last prices only, so there it is always the last."""

    LAST_PRICE = "LastPrice"
    MARK_PRICE = "MarkPrice"


@dataclass(frozen=True, slots=True)
class TradingCosts:
    """Rates as fractions of the traded value.

    `funding_rate` is per eight hours and used where no rate is streamed (a candle replay); it is
    scaled to the instrument's funding interval. `maintenance_margin_rate` is Bybit's for the
    first risk tier of the large contracts.
    """

    taker_fee_rate: Decimal = Decimal("0.00055")
    maker_fee_rate: Decimal = Decimal("0.0002")
    slippage_rate: Decimal = Decimal("0.0001")
    funding_rate: Decimal = Decimal("0.0001")
    maintenance_margin_rate: Decimal = Decimal("0.005")

    def fee(self, notional: Decimal, is_maker: bool) -> Decimal:
        """Fee for a trade of this value, rounded up."""
        rate = self.maker_fee_rate if is_maker else self.taker_fee_rate
        return (notional * rate).quantize(MONEY_STEP, ROUND_CEILING)

    def interval_funding_rate(self, instrument: Instrument) -> Decimal:
        """The configured rate for one funding interval of the instrument."""
        return self.funding_rate * instrument.funding_interval_minutes / FUNDING_RATE_MINUTES

    def slipped(self, instrument: Instrument, price: Decimal, side: Direction) -> Decimal:
        """`price` with slippage for a trade on `side` (LONG buys), on a tick against us."""
        rate = self.slippage_rate * int(side)
        return tick_against(instrument, price * (1 + rate), side)


def tick_against(instrument: Instrument, price: Decimal, side: Direction) -> Decimal:
    """The nearest tick where a trade on `side` pays more (LONG buys) or receives less."""
    if side is Direction.LONG:
        return instrument.price_up(price)
    return instrument.price_down(price)


def funding_amount(direction: Direction, notional: Decimal, rate: Decimal) -> Decimal:
    """What the account receives (negative: pays): longs pay shorts while the rate is positive."""
    return (-int(direction) * notional * rate).quantize(MONEY_STEP, ROUND_FLOOR)
