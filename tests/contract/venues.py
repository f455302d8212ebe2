"""The venues the broker contract is run against, and the market each is shown.

A venue under contract pairs a broker with a way to move its market. The paper venue is shown
candles; a venue that matches elsewhere moves its own market and delivers through `drain`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from src.domain.candle import Candle, Timeframe
from src.domain.instrument import Instrument
from src.domain.order import Direction, OrderKind, OrderRequest
from src.domain.ports import Broker
from src.exchange.paper import PaperBroker, TradingCosts
from tests.integration.exchange.bybit_venue import bybit_venue

NOON = 1_772_366_400_000
STEP = Timeframe.M5.milliseconds
SYMBOL = "BTCUSDT"

RULES = Instrument(
    symbol=SYMBOL,
    tick_size=Decimal("0.1"),
    quantity_step=Decimal("0.001"),
    min_quantity=Decimal("0.001"),
    max_quantity=Decimal(100),
    min_notional=Decimal(5),
    max_leverage=Decimal(50),
    funding_interval_minutes=480,
)


class VenueUnderContract(Protocol):
    """A broker with 1,000 of quote currency and a market that stands at 50,100."""

    @property
    def broker(self) -> Broker:
        """The broker as it is now; `restart` may replace it."""
        ...

    def now(self) -> int:
        """Market time, UTC ms."""
        ...

    def trade_at(self, *prices: float) -> None:
        """Let the market trade through these prices, one after another."""
        ...

    def restart(self) -> None:
        """End the process that holds the broker and start another from what it stored."""
        ...


@dataclass
class PaperVenue:
    """The paper venue, shown one candle per price so that every price has its own instant."""

    broker: PaperBroker
    _bar: int = 0
    _last: float = 50_100.0

    def now(self) -> int:
        return NOON + self._bar * STEP

    def trade_at(self, *prices: float) -> None:
        for price in prices:
            high, low = max(self._last, price), min(self._last, price)
            self.broker.observe(
                Candle(SYMBOL, Timeframe.M5, self.now(), self._last, high, low, price, 1.0)
            )
            self._bar += 1
            self._last = price

    def restart(self) -> None:
        self.broker = paper_broker(self.broker.snapshot())


def paper_broker(state: str | None) -> PaperBroker:
    """The paper venue with 1,000 of quote currency, or as it was stored."""
    return PaperBroker({SYMBOL: RULES}, TradingCosts(), Decimal(1000), Decimal(10), state)


@contextmanager
def paper_venue() -> Iterator[VenueUnderContract]:
    venue = PaperVenue(paper_broker(None))
    venue.trade_at(50_100.0)
    yield venue


VENUES: Mapping[str, Callable[[], AbstractContextManager[VenueUnderContract]]] = {
    "paper": paper_venue,
    "bybit": bybit_venue,
}


class KnowsMarketTime(Protocol):
    """Anything on a market, asked for its time."""

    def now(self) -> int:
        """Market time, UTC ms."""
        ...


def entry_at(venue: KnowsMarketTime, **changes: object) -> OrderRequest:
    """A long: limit 50000, stop 49800, target 50600, 0.01 BTC, placed now."""
    usual = OrderRequest(
        order_link_id="contract-1",
        signal_id="contract",
        symbol=SYMBOL,
        direction=Direction.LONG,
        kind=OrderKind.LIMIT,
        quantity=Decimal("0.01"),
        price=Decimal("50000.0"),
        stop_loss=Decimal("49800.0"),
        take_profit=Decimal("50600.0"),
        leverage=Decimal(10),
        placed_at=venue.now(),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields are named by the test
