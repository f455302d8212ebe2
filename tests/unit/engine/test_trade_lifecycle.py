from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.errors import TradingSystemError
from src.domain.events import (
    OrderChanged,
    SignalChanged,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import (
    Direction,
    FillReason,
    FundingPayment,
    Order,
    OrderRequest,
    OrderStatus,
)
from src.domain.ports import StoredBook
from src.domain.signal import SignalStatus
from src.domain.trade import Trade, TradeStatus
from src.engine import Engine
from tests.unit.engine.builders import (
    FIVE_MINUTES,
    NOON,
    account,
    engine,
    fill_of,
    request,
    setup,
)


def resting(entry: OrderRequest) -> Engine:
    return engine(StoredBook((), (Order(entry, OrderStatus.ACCEPTED),), (), None))


def funding(entry: OrderRequest, amount: str, time: int = NOON) -> FundingPayment:
    execution_id = f"{entry.order_link_id}-funding-{time}"
    rate = Decimal("0.0001")
    return FundingPayment(
        execution_id, entry.order_link_id, entry.symbol, rate, Decimal(amount), time
    )


def closed(trader: Engine, entry: OrderRequest, price: str, reason: FillReason) -> Trade:
    (change,) = trader.on_fill(fill_of(entry, reason, price, fee="0.8", slippage="0.15"))
    assert isinstance(change, TradeClosed)
    return change.trade


def test_an_entry_fill_opens_a_trade_with_what_the_order_was_born_with() -> None:
    trader = engine()
    trader.on_setup(setup(), account(), NOON)
    (order,) = trader.resting_orders
    fill = fill_of(order.request, price="49990.0", fee="0.4", slippage="0")
    order_changed, opened, signal_changed = trader.on_fill(fill)
    assert isinstance(order_changed, OrderChanged)
    assert order_changed.order.status is OrderStatus.FILLED
    assert isinstance(signal_changed, SignalChanged)
    assert signal_changed.signal.status is SignalStatus.FILLED
    assert isinstance(opened, TradeOpened)
    trade = opened.trade
    assert (trade.status, trade.entry_price) == (TradeStatus.OPEN, Decimal("49990.0"))
    assert (trade.stop_loss, trade.take_profit) == (Decimal(49_800), Decimal(50_600))
    assert (trade.fees, trade.realized_pnl) == (Decimal("0.4"), Decimal(0))
    assert trade.result_in_r is None
    assert trader.open_trades == (trade,)
    assert trader.resting_orders == ()


def test_the_risk_of_a_trade_is_what_its_stop_would_cost_as_planned() -> None:
    """0.03 x (50000 - 49795.0 after slippage) + taker fees on both sides."""
    trader = resting(request())
    trader.on_fill(fill_of(request(), price="49950.0"))
    (trade,) = trader.open_trades
    assert trade.risk_amount == pytest.approx(Decimal("7.79661752"), abs=Decimal("0.00000001"))


def test_the_result_of_a_long_is_exact() -> None:
    """Gross 0.03 x 600 = 18, fees 0.3 + 0.8, funding -0.05."""
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    trader.on_funding(funding(request(), "-0.05"))
    trade = closed(trader, request(), "50600.0", FillReason.TARGET)
    assert trade.gross_pnl == Decimal("18.0")
    assert (trade.fees, trade.funding, trade.slippage) == (
        Decimal("1.1"),
        Decimal("-0.05"),
        Decimal("0.15"),
    )
    assert trade.realized_pnl == Decimal("16.85")
    assert trade.result_in_r == Decimal("16.85") / trade.risk_amount
    assert (trade.exit_price, trade.exit_reason) == (Decimal("50600.0"), FillReason.TARGET)
    assert trader.open_trades == ()


def test_the_result_of_a_short_is_exact() -> None:
    short = request(
        direction=Direction.SHORT, stop_loss=Decimal(50_200), take_profit=Decimal(49_400)
    )
    trader = resting(short)
    trader.on_fill(fill_of(short))
    trade = closed(trader, short, "50205.0", FillReason.STOP)
    assert trade.gross_pnl == Decimal("-6.15")
    assert trade.realized_pnl == Decimal("-7.25")


@pytest.mark.parametrize("reason", [FillReason.MANUAL, FillReason.LIQUIDATION])
def test_any_exit_closes_the_trade(reason: FillReason) -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    assert closed(trader, request(), "49000.0", reason).exit_reason is reason


def test_an_ambiguous_exit_marks_its_trade() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    (change,) = trader.on_fill(
        fill_of(request(), FillReason.STOP, "49795.0", ambiguous=True, time=NOON + FIVE_MINUTES)
    )
    assert isinstance(change, TradeClosed)
    assert change.trade.ambiguous


def test_a_repeated_fill_changes_nothing() -> None:
    trader = resting(request())
    stop = fill_of(request(), FillReason.STOP, "49795.0")
    assert trader.on_fill(fill_of(request())) != []
    assert trader.on_fill(fill_of(request())) == []
    assert trader.on_fill(stop) != []
    assert trader.on_fill(stop) == []


def test_repeated_funding_changes_nothing_even_after_a_restart() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    payment = funding(request(), "-0.05")
    (funded,) = trader.on_funding(payment)
    assert isinstance(funded, TradeFunded)
    assert trader.on_funding(payment) == []
    book = StoredBook(trader.open_trades, (), (), None, (payment.execution_id,))
    assert engine(book).on_funding(payment) == []


def test_funding_told_after_the_exit_changes_the_result_even_after_a_restart() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    left = closed(trader, request(), "50600.0", FillReason.TARGET)
    assert left.exit_time is not None
    payment = replace(funding(request(), "-0.05"), time=left.exit_time)
    (funded,) = trader.on_funding(payment)
    assert isinstance(funded, TradeFunded)
    assert funded.trade.status is TradeStatus.CLOSED
    assert funded.trade.funding == Decimal("-0.05")
    assert funded.trade.realized_pnl == left.realized_pnl - Decimal("0.05")
    assert trader.on_funding(payment) == []
    book = StoredBook((), (), (), None, closed_trades=(left,))
    assert engine(book).on_funding(payment) == [funded]


def test_funding_of_a_time_after_the_exit_is_not_the_trades() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    left = closed(trader, request(), "50600.0", FillReason.TARGET)
    assert left.exit_time is not None
    assert trader.on_funding(replace(funding(request(), "1"), time=left.exit_time + 1)) == []


def test_funding_of_foreign_positions_is_ignored() -> None:
    assert engine().on_funding(funding(request(), "1")) == []


def test_a_partial_exit_stops_the_books_instead_of_falsifying_them() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    partial = replace(fill_of(request(), FillReason.STOP), quantity=Decimal("0.01"))
    with pytest.raises(TradingSystemError, match="does not match the position"):
        trader.on_fill(partial)
    assert len(trader.open_trades) == 1


def test_equity_is_the_wallet_plus_open_trades_at_their_marks() -> None:
    trader = resting(request())
    trader.on_fill(fill_of(request()))
    assert trader.equity(account("999.7")) == Decimal("999.7")
    trader.mark("BTCUSDT", Decimal("50100.0"))
    assert trader.equity(account("999.7")) == Decimal("1002.70")
