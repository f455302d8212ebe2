"""Facts to store: a signal, its order, its trade and its candles, all of one number."""

from dataclasses import replace
from decimal import Decimal

from src.domain.candle import Candle, Timeframe
from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    FundingPayment,
    Order,
    OrderKind,
    OrderRequest,
    OrderStatus,
)
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade, TradeStatus

START = 1_772_780_400_000
"""2026-03-06T07:00:00.000Z, UTC ms."""

FIVE_MINUTES = 300_000


class FixedClock:
    """A clock that says what it was told."""

    def __init__(self, now: int = START) -> None:
        self.time = now

    def now(self) -> int:
        """UTC ms."""
        return self.time


def candle(number: int, close: float = 100.5, symbol: str = "BTCUSDT") -> Candle:
    """The candle that opens `number` candles after START."""
    return Candle(
        symbol=symbol,
        timeframe=Timeframe.M5,
        open_time=START + number * FIVE_MINUTES,
        open=100.0,
        high=max(101.0, close),
        low=min(99.0, close),
        close=close,
        volume=12.5,
    )


def signal(number: int, status: SignalStatus = SignalStatus.ARMED, time: int = START) -> Signal:
    """Signal `s<number>`: odd numbers sell."""
    return Signal(
        signal_id=f"s{number}",
        symbol="BTCUSDT",
        timeframe=Timeframe.M5,
        model="2022",
        direction=_direction(number),
        status=status,
        entry_price=100.1,
        stop_loss=99.3,
        take_profit=101.7,
        confluence_score=72.5,
        components={"fvg": 40.0, "sweep": 32.5},
        reasons=("Swept the low of Asia.", "Displaced through a swing high."),
        refusals=("Three positions are open already.",) if status is SignalStatus.REFUSED else (),
        armed_at=START,
        updated_at=time,
    )


def request(number: int, time: int = START) -> OrderRequest:
    """The entry of signal `s<number>`, with digits a float cannot hold."""
    return OrderRequest(
        order_link_id=f"o{number}",
        signal_id=f"s{number}",
        symbol="BTCUSDT",
        direction=_direction(number),
        kind=OrderKind.LIMIT,
        quantity=Decimal("0.030"),
        price=Decimal("100.10"),
        stop_loss=Decimal("99.30"),
        take_profit=Decimal("101.70"),
        leverage=Decimal("2.5"),
        placed_at=time,
    )


def order(number: int, status: OrderStatus, reason: str | None = None) -> Order:
    """Order `o<number>` in a status."""
    return Order(request(number), status, reason)


def entry_fill(number: int, time: int = START) -> Fill:
    """The execution that opens trade `o<number>`."""
    return Fill(
        execution_id=f"entry-{number}",
        order_link_id=f"o{number}",
        symbol="BTCUSDT",
        direction=_direction(number),
        reason=FillReason.ENTRY,
        quantity=Decimal("0.030"),
        price=Decimal("100.10"),
        fee=Decimal("0.000600600000000000001"),
        slippage=Decimal("0"),
        is_maker=True,
        time=time,
    )


def exit_fill(number: int, price: str, time: int = START) -> Fill:
    """The execution that closes trade `o<number>`."""
    return replace(
        entry_fill(number, time),
        execution_id=f"exit-{number}",
        direction=Direction(-_direction(number)),
        reason=FillReason.TARGET,
        price=Decimal(price),
        fee=Decimal("0.0016784"),
        slippage=Decimal("0.0003"),
        is_maker=False,
    )


def funding(number: int, amount: str, part: int = 1, time: int = START) -> FundingPayment:
    """A funding payment of trade `o<number>`."""
    return FundingPayment(
        execution_id=f"funding-{number}-{part}",
        order_link_id=f"o{number}",
        symbol="BTCUSDT",
        rate=Decimal("0.0001"),
        amount=Decimal(amount),
        time=time,
    )


def open_trade(number: int, time: int = START) -> Trade:
    """Trade `o<number>` just after its entry."""
    fill = entry_fill(number, time)
    return Trade(
        order_link_id=fill.order_link_id,
        signal_id=f"s{number}",
        symbol=fill.symbol,
        direction=fill.direction,
        status=TradeStatus.OPEN,
        quantity=fill.quantity,
        entry_price=fill.price,
        stop_loss=Decimal("99.30"),
        take_profit=Decimal("101.70"),
        risk_amount=Decimal("0.025"),
        entry_time=time,
        fees=fill.fee,
        funding=Decimal(0),
        slippage=fill.slippage,
    )


def funded(trade: Trade, payment: FundingPayment) -> Trade:
    """The trade after a payment."""
    return replace(trade, funding=trade.funding + payment.amount)


def closed(trade: Trade, fill: Fill) -> Trade:
    """The trade after its exit."""
    gross = (fill.price - trade.entry_price) * trade.quantity * int(trade.direction)
    fees = trade.fees + fill.fee
    return replace(
        trade,
        status=TradeStatus.CLOSED,
        exit_price=fill.price,
        exit_time=fill.time,
        exit_reason=fill.reason,
        fees=fees,
        slippage=trade.slippage + fill.slippage,
        gross_pnl=gross,
        realized_pnl=gross - fees + trade.funding,
    )


def _direction(number: int) -> Direction:
    return Direction.SHORT if number % 2 else Direction.LONG
