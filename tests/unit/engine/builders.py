"""Small ways to say "a BTC setup", "a fill", "an empty book" in a specification."""

from dataclasses import replace
from decimal import Decimal

from src.domain.candle import Timeframe
from src.domain.instrument import Instrument
from src.domain.order import Direction, Fill, FillReason, OrderKind, OrderRequest
from src.domain.ports import StoredBook
from src.domain.signal import SetupEvent, SetupUpdate
from src.domain.trade import Balance
from src.engine import Engine, RiskSettings

NOON = 1_772_366_400_000
"""2026-03-01 12:00 UTC."""

FIVE_MINUTES = Timeframe.M5.milliseconds

EMPTY_BOOK = StoredBook((), (), (), None)

SETTINGS = RiskSettings(
    risk_per_trade=Decimal("0.01"),
    max_positions=3,
    max_leverage=Decimal(10),
    taker_fee_rate=Decimal("0.00055"),
    maker_fee_rate=Decimal("0.0002"),
    slippage_rate=Decimal("0.0001"),
)


def instrument(symbol: str = "BTCUSDT", tick: str = "0.1", step: str = "0.001") -> Instrument:
    return Instrument(
        symbol=symbol,
        tick_size=Decimal(tick),
        quantity_step=Decimal(step),
        min_quantity=Decimal(step),
        max_quantity=Decimal(1000),
        min_notional=Decimal(5),
        max_leverage=Decimal(50),
        funding_interval_minutes=480,
    )


INSTRUMENTS = {
    "BTCUSDT": instrument(),
    "ETHUSDT": instrument("ETHUSDT", "0.01", "0.01"),
    "SOLUSDT": instrument("SOLUSDT", "0.001", "0.1"),
    "XRPUSDT": instrument("XRPUSDT", "0.0001", "1"),
}


def setup(
    event: SetupEvent = SetupEvent.ARMED,
    symbol: str = "BTCUSDT",
    direction: Direction = Direction.LONG,
    entry: float = 50_000.0,
    stop: float = 49_800.0,
    target: float = 50_600.0,
    kind: OrderKind = OrderKind.LIMIT,
    armed_at: int = NOON,
    known_at: int | None = None,
    refusals: tuple[str, ...] = (),
    cancel_reason: str | None = None,
) -> SetupUpdate:
    return SetupUpdate(
        event=event,
        symbol=symbol,
        timeframe=Timeframe.M5,
        model="2022",
        direction=direction,
        armed_at=armed_at,
        known_at=armed_at if known_at is None else known_at,
        entry_kind=kind,
        entry=entry,
        stop=stop,
        target=target,
        score=72.0,
        components={"sweep": 40.0, "fvg": 32.0},
        reasons=("Sell-side liquidity was swept.",),
        refusals=refusals,
        cancel_reason=cancel_reason,
    )


def account(equity: str = "1000", available: str | None = None) -> Balance:
    return Balance(Decimal(equity), Decimal(equity), Decimal(available or equity))


def engine(book: StoredBook = EMPTY_BOOK, settings: RiskSettings = SETTINGS) -> Engine:
    return Engine(settings, INSTRUMENTS, "paper", book)


def request(**changes: object) -> OrderRequest:
    """A long BTC entry: limit 50000, stop 49800, target 50600, quantity 0.03."""
    usual = OrderRequest(
        order_link_id="BTCUSDT-a-1",
        signal_id="paper-BTCUSDT-5m-2022-long-20260301T120000Z",
        symbol="BTCUSDT",
        direction=Direction.LONG,
        kind=OrderKind.LIMIT,
        quantity=Decimal("0.03"),
        price=Decimal("50000.0"),
        stop_loss=Decimal("49800.0"),
        take_profit=Decimal("50600.0"),
        leverage=Decimal(10),
        placed_at=NOON,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # fields are named by the test


def fill_of(
    entry: OrderRequest,
    reason: FillReason = FillReason.ENTRY,
    price: str = "50000.0",
    fee: str = "0.3",
    slippage: str = "0",
    time: int = NOON + FIVE_MINUTES - 1,
    ambiguous: bool = False,
) -> Fill:
    return Fill(
        execution_id=f"{entry.order_link_id}-{reason.value}",
        order_link_id=entry.order_link_id,
        symbol=entry.symbol,
        direction=entry.direction,
        reason=reason,
        quantity=entry.quantity,
        price=Decimal(price),
        fee=Decimal(fee),
        slippage=Decimal(slippage),
        is_maker=True,
        time=time,
        ambiguous=ambiguous,
    )
