"""Admission, margin, balance and liquidation."""

from decimal import Decimal

import pytest

from src.domain.order import FillReason, Order, OrderKind, OrderStatus
from src.domain.trade import Balance
from src.exchange.paper import PaperBroker
from tests.unit.exchange.paper.venue import (
    START,
    STEP,
    USUAL,
    candle,
    entry,
    mirrored,
    show,
    tick,
    venue,
)


def reason(broker: PaperBroker, **changes: object) -> str:
    order = broker.submit(entry(**changes))
    assert order.status is OrderStatus.REJECTED
    assert order.reason is not None
    return order.reason


def test_a_good_order_is_accepted_and_rests() -> None:
    broker = venue()
    assert broker.submit(entry()) == Order(entry(), OrderStatus.ACCEPTED)
    assert broker.order("order-1") == Order(entry(), OrderStatus.ACCEPTED)
    assert broker.drain() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": Decimal("0.1")},
        {"quantity": Decimal(1000)},
        # An order value of exactly 5.
        {"price": Decimal(50), "stop_loss": Decimal(49), "quantity": Decimal("0.1")},
        {"leverage": Decimal(10)},
    ],
)
def test_an_order_at_the_limits_of_its_contract_is_accepted(changes: dict[str, object]) -> None:
    order = venue(balance="10000").submit(entry(**changes))
    assert order.status is OrderStatus.ACCEPTED


def test_an_order_may_bind_all_that_is_available() -> None:
    assert venue(balance="10").submit(entry()).status is OrderStatus.ACCEPTED
    assert reason(venue(balance="9.99")) == "insufficient margin"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"symbol": "DOGEUSDT"}, "DOGEUSDT is not traded here"),
        ({"price": Decimal("100.05")}, "not a positive multiple of 0.1"),
        ({"stop_loss": Decimal("-5.0")}, "not a positive multiple"),
        ({"stop_loss": Decimal(0)}, "not a positive multiple"),
        ({"quantity": Decimal("1.05")}, "not a multiple of 0.1"),
        ({"quantity": Decimal(0)}, "not between 0.1 and 1000"),
        ({"quantity": Decimal(1001)}, "not between 0.1 and 1000"),
        (
            {
                "price": Decimal(10),
                "stop_loss": Decimal(9),
                "quantity": Decimal("0.1"),
            },
            "order value is below 5",
        ),
        ({"stop_loss": Decimal(100)}, "stop is not on the losing side"),
        ({"take_profit": Decimal(100)}, "target is not on the winning side"),
        ({"leverage": Decimal(11)}, "leverage 11 is not between 0 and 10"),
        ({"leverage": Decimal(0)}, "leverage 0 is not between"),
        ({"quantity": Decimal("100.1")}, "insufficient margin"),
    ],
)
def test_an_impossible_order_is_rejected_with_the_reason(
    changes: dict[str, object], why: str
) -> None:
    assert why in reason(venue(), **changes)


def test_an_order_whose_stop_already_traded_is_rejected() -> None:
    broker = venue()
    broker.observe(candle(0, (96, 97, 94, 95)))
    assert "already traded" in reason(broker)


def test_one_position_or_entry_per_symbol() -> None:
    broker = venue()
    broker.submit(entry())
    assert "already has" in reason(broker, order_link_id="order-2")
    show(broker, [candle(0, (102, 103, 99, 101))])
    assert "already has" in reason(broker, order_link_id="order-3")


def test_the_same_id_twice_is_one_order() -> None:
    broker = venue()
    first = broker.submit(entry())
    assert broker.submit(entry()) == first
    assert len(show(broker, [candle(0, (102, 103, 99, 101))])) == 1
    again = broker.submit(entry())
    assert again.status is OrderStatus.FILLED
    assert show(broker, [candle(1, (102, 103, 99, 101))]) == []


def test_a_rejected_id_stays_rejected() -> None:
    broker = venue()
    why = reason(broker, leverage=Decimal(11))
    assert reason(broker) == why


def test_a_withdrawn_entry_is_reported_once_and_never_fills() -> None:
    broker = venue()
    broker.submit(entry())
    broker.cancel("order-1")
    broker.cancel("order-1")
    (report,) = broker.drain()
    assert report == Order(entry(), OrderStatus.CANCELLED, "withdrawn on request")
    assert show(broker, [candle(0, (102, 103, 90, 101))]) == []


def test_withdrawing_what_is_not_there_is_harmless() -> None:
    broker = venue()
    broker.cancel("never-was")
    broker.submit(entry())
    show(broker, [candle(0, (102, 103, 99, 101))])
    broker.cancel("order-1")
    assert broker.drain() == []


def test_resting_entries_and_positions_bind_their_margin() -> None:
    broker = venue()
    broker.submit(entry())
    assert broker.balance() == Balance(Decimal(1000), Decimal(1000), Decimal(990))
    show(broker, [candle(0, (102, 103, 99, 103))])
    assert broker.balance() == Balance(Decimal(1000), Decimal(1003), Decimal(993))


def test_margin_is_shared_by_all_symbols() -> None:
    broker = venue(balance="15")
    broker.submit(entry())
    assert reason(broker, order_link_id="order-2", symbol="ETHUSDT") == "insufficient margin"


def test_available_is_never_below_zero() -> None:
    broker = venue(balance="11")
    broker.submit(entry(kind=OrderKind.MARKET))
    show(broker, [tick(100, 100.0), tick(200, 97.0)])
    assert broker.balance().available == 0
    assert broker.balance().equity == Decimal("8.0")


def test_equity_below_maintenance_margin_liquidates_before_a_far_stop() -> None:
    """Ten units at 100 on 101 of equity: at 90.3, 4 are left and 4.5 are needed."""
    broker = venue(balance="101")
    far = entry(quantity=Decimal("10.0"), kind=OrderKind.MARKET, stop_loss=Decimal("80.0"))
    broker.submit(far)
    assert len(show(broker, [tick(100, 100.0), tick(200, 91.0)])) == 1
    (fill,) = show(broker, [tick(300, 90.3)])
    assert (fill.reason, float(fill.price)) == (FillReason.LIQUIDATION, 90.3)
    assert fill.execution_id == "order-1-liquidation"
    assert broker.balance().wallet == Decimal("4.0")


def test_a_candle_liquidates_at_its_worst_price() -> None:
    broker = venue(balance="101")
    short = mirrored(
        entry(quantity=Decimal("10.0"), kind=OrderKind.MARKET, stop_loss=Decimal("80.0"))
    )
    broker.submit(short)
    fills = show(broker, [candle(0, (100, 101, 99, 100)), candle(1, (100, 111, 99, 100))])
    assert [fill.reason for fill in fills] == [FillReason.ENTRY, FillReason.LIQUIDATION]
    assert (float(fills[1].price), fills[1].time) == (111.0, START + 2 * STEP - 1)


def test_fees_leave_the_wallet_at_once() -> None:
    broker = venue(USUAL)
    broker.submit(entry())
    (fill,) = show(broker, [candle(0, (102, 103, 99, 101))])
    assert broker.balance().wallet == Decimal(1000) - fill.fee
