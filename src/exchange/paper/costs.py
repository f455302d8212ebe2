"""What trading costs: fees, slippage and funding, and how they are rounded."""

import enum
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.engine.entry_rules import slipped
from src.engine.whole_numbers import MONEY_DECIMALS, decimals_of, whole
from src.exchange.paper import fill_rules
from src.exchange.paper.fill_rules import Charges

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
        decimals = max(MONEY_DECIMALS, decimals_of(notional))
        cent = 10 ** (decimals - MONEY_DECIMALS)
        fee = fill_rules.fee_of(whole(notional, decimals), int(is_maker), cent, charges_of(self))
        return Decimal(fee // cent).scaleb(-MONEY_DECIMALS)

    def interval_funding_rate(self, instrument: Instrument) -> Decimal:
        """The configured rate for one funding interval of the instrument."""
        return self.funding_rate * instrument.funding_interval_minutes / FUNDING_RATE_MINUTES

    def slipped(self, instrument: Instrument, price: Decimal, side: Direction) -> Decimal:
        """`price` with slippage for a trade on `side` (LONG buys), on a tick against us."""
        decimals = max(decimals_of(price), decimals_of(instrument.tick_size))
        charges, tick = charges_of(self), whole(instrument.tick_size, decimals)
        counted = whole(price, decimals)
        paid = slipped(counted, int(side), charges.slippage, charges.one, tick)
        return paid // tick * instrument.tick_size


@lru_cache(maxsize=64)
def charges_of(costs: TradingCosts) -> Charges:
    """The venue's rates as whole numbers."""
    rates = (costs.taker_fee_rate, costs.maker_fee_rate, costs.slippage_rate)
    decimals = max(map(decimals_of, (*rates, costs.maintenance_margin_rate)))
    taker, maker, slippage = (whole(rate, decimals) for rate in rates)
    maintenance = whole(costs.maintenance_margin_rate, decimals)
    return Charges(10**decimals, taker, maker, slippage, maintenance)


def tick_against(instrument: Instrument, price: Decimal, side: Direction) -> Decimal:
    """The nearest tick where a trade on `side` pays more (LONG buys) or receives less."""
    if side is Direction.LONG:
        return instrument.price_up(price)
    return instrument.price_down(price)


def funding_amount(direction: Direction, notional: Decimal, rate: Decimal) -> Decimal:
    """What the account receives (negative: pays): longs pay shorts while the rate is positive."""
    decimals, in_rate = max(MONEY_DECIMALS, decimals_of(notional)), decimals_of(rate)
    value, cent = whole(notional, decimals), 10 ** (decimals - MONEY_DECIMALS)
    amount = fill_rules.funding_of(int(direction), value, whole(rate, in_rate), 10**in_rate, cent)
    return Decimal(amount // cent).scaleb(-MONEY_DECIMALS)
