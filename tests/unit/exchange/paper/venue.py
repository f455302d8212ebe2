"""Small ways to show the paper venue candles and ticks and to place entries on it."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from src.domain.candle import Candle, Tick, Timeframe
from src.domain.instrument import Instrument
from src.domain.order import Direction, Fill, FundingPayment, OrderKind, OrderRequest
from src.exchange.paper import PaperBroker, StopTrigger, TradingCosts

START = 1_772_366_400_000
"""2026-03-01 12:00 UTC: four hours before a funding time."""

STEP = Timeframe.M5.milliseconds
LONG, SHORT = Direction.LONG, Direction.SHORT

FREE = TradingCosts(
    taker_fee_rate=Decimal(0),
    maker_fee_rate=Decimal(0),
    slippage_rate=Decimal(0),
    funding_rate=Decimal(0),
)
USUAL = TradingCosts()


def instrument(symbol: str = "BTCUSDT") -> Instrument:
    return Instrument(
        symbol=symbol,
        tick_size=Decimal("0.1"),
        quantity_step=Decimal("0.1"),
        min_quantity=Decimal("0.1"),
        max_quantity=Decimal(1000),
        min_notional=Decimal(5),
        max_leverage=Decimal(50),
        funding_interval_minutes=480,
    )


INSTRUMENTS = {symbol: instrument(symbol) for symbol in ("BTCUSDT", "ETHUSDT")}


def venue(
    costs: TradingCosts = FREE,
    state: str | None = None,
    stop_trigger: StopTrigger = StopTrigger.LAST_PRICE,
    balance: str = "1000",
) -> PaperBroker:
    return PaperBroker(INSTRUMENTS, costs, Decimal(balance), Decimal(10), state, stop_trigger)


def candle(bar: int, prices: tuple[float, float, float, float], symbol: str = "BTCUSDT") -> Candle:
    """The candle `bar` candles after START, as (open, high, low, close)."""
    opened, high, low, close = prices
    return Candle(symbol, Timeframe.M5, START + bar * STEP, opened, high, low, close, 1.0)


def tick(
    at: int,
    last: float,
    mark: float | None = None,
    rate: float = 0.0001,
    funding_at: int = START + 48 * STEP,
    symbol: str = "BTCUSDT",
) -> Tick:
    """A tick `at` milliseconds after START."""
    marked = last if mark is None else mark
    return Tick(symbol, START + at, last, marked, last, last, rate, funding_at)


def entry(**changes: object) -> OrderRequest:
    """A long: limit 100, stop 95, target 110, one unit, placed at START."""
    usual = OrderRequest(
        order_link_id="order-1",
        signal_id="signal-1",
        symbol="BTCUSDT",
        direction=LONG,
        kind=OrderKind.LIMIT,
        quantity=Decimal("1.0"),
        price=Decimal("100.0"),
        stop_loss=Decimal("95.0"),
        take_profit=Decimal("110.0"),
        leverage=Decimal(10),
        placed_at=START,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields are named by the test


def mirrored(request: OrderRequest) -> OrderRequest:
    """The same entry on the other side of 100."""
    return replace(
        request,
        direction=Direction(-request.direction),
        price=200 - request.price,
        stop_loss=200 - request.stop_loss,
        take_profit=200 - request.take_profit,
    )


def upside_down(seen: Candle) -> Candle:
    """The same candle on the other side of 100."""
    flipped = (200 - seen.open, 200 - seen.low, 200 - seen.high, 200 - seen.close)
    opened, high, low, close = (round(price, 1) for price in flipped)
    return replace(seen, open=opened, high=high, low=low, close=close)


def show(broker: PaperBroker, facts: Iterable[Candle | Tick]) -> list[Fill]:
    """Show facts one after another; the fills they made."""
    fills = []
    for fact in facts:
        broker.observe(fact)
        fills += [report for report in broker.drain() if isinstance(report, Fill)]
    return fills


def payments(broker: PaperBroker, facts: Iterable[Candle | Tick]) -> list[FundingPayment]:
    """Show facts one after another; the funding they caused."""
    paid = []
    for fact in facts:
        broker.observe(fact)
        paid += [report for report in broker.drain() if isinstance(report, FundingPayment)]
    return paid
