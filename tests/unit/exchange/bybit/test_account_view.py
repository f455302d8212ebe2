"""What the account's messages add up to, in rows as Bybit writes them."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from src.clock import SystemClock
from src.domain.order import Direction, Fill, Order, OrderStatus
from src.exchange.bybit import ApiKey, simulator_environment
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.orders import Wallet
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory
from tests.unit.exchange.bybit.test_orders import EXECUTION_ROW, ORDER_ROW, REQUEST

SHORT = replace(REQUEST, direction=Direction.SHORT, quantity=Decimal("0.01"))
ENTERED = {**EXECUTION_ROW, "side": "Sell", "closedSize": "0"}
FILLED = {**ORDER_ROW, "side": "Sell", "orderStatus": "Filled", "cumExecQty": "0.01"}


@pytest.fixture
def view() -> Iterator[AccountView]:
    environment = simulator_environment("http://127.0.0.1:9")
    client = SignedClient(environment, ApiKey("k", "s"), SystemClock())
    yield AccountView(
        client, (), (SHORT,), None, StreamWitness(SystemClock(), 5_000), AccountHistory()
    )
    client.close()


def tell(view: AccountView, topic: str, *rows: dict[str, object]) -> None:
    assert view.take_message({"topic": topic, "data": list(rows)})


def test_an_order_without_a_trigger_has_no_slippage_whatever_bybit_writes_for_none(
    view: AccountView,
) -> None:
    """A market order that closes a short, as the exchange shows it: its trigger price is zero."""
    close = {
        **ORDER_ROW, "orderId": "c", "orderLinkId": "", "side": "Buy", "reduceOnly": True,
        "orderStatus": "Filled", "cumExecQty": "0.01", "stopOrderType": "UNKNOWN",
        "triggerPrice": "0.00",
    }  # fmt: skip
    tell(view, "order", FILLED, close)
    left = {
        **EXECUTION_ROW, "execId": "y", "orderId": "c", "orderLinkId": "", "side": "Buy",
        "closedSize": "0.01", "execTime": "8",
    }  # fmt: skip
    tell(view, "execution", ENTERED, left)
    fills = [fact for fact in view.reports() if isinstance(fact, Fill)]
    assert [fill.slippage for fill in fills] == [0, 0]


def test_slippage_counts_from_where_the_stop_stood_when_it_fired(view: AccountView) -> None:
    stop = {
        **ORDER_ROW, "orderId": "s", "orderLinkId": "", "side": "Buy", "reduceOnly": True,
        "orderStatus": "Untriggered", "stopOrderType": "StopLoss", "triggerPrice": "50200",
    }  # fmt: skip
    left = {
        **EXECUTION_ROW, "execId": "y", "orderId": "s", "orderLinkId": "", "side": "Buy",
        "closedSize": "0.01", "execTime": "8", "stopOrderType": "StopLoss", "execPrice": "50310",
    }  # fmt: skip
    tell(view, "order", FILLED, stop)
    tell(view, "execution", ENTERED, left)
    assert view.lacks_a_trigger()
    tell(view, "order", {**stop, "orderStatus": "Filled", "triggerPrice": "50300"})
    assert not view.lacks_a_trigger()
    tell(view, "order", stop)
    fills = [fact for fact in view.reports() if isinstance(fact, Fill)]
    assert [fill.slippage for fill in fills] == [0, Decimal("0.10")]


def test_a_wallet_message_has_the_wallet_read_again_if_it_is_about_usdt(view: AccountView) -> None:
    view.holdings.take_wallet(Wallet(Decimal(100), Decimal(0)))
    tell(view, "wallet", {"coin": [{"coin": "BTC", "walletBalance": "1"}]})
    assert view.holdings.wallet_is_fresh
    coin = {"coin": "USDT", "walletBalance": "90", "totalPositionIM": "", "totalOrderIM": ""}
    tell(view, "wallet", {"coin": [coin]})
    assert not view.holdings.wallet_is_fresh
    assert view.holdings.balance().wallet == 100


def test_an_entry_that_only_reduced_another_hands_position_ends_and_is_told_once(
    view: AccountView,
) -> None:
    by_hand = {
        **EXECUTION_ROW, "execId": "h", "orderId": "h", "orderLinkId": "", "side": "Buy",
        "orderQty": "0.02", "execQty": "0.02", "execTime": "6",
    }  # fmt: skip
    tell(view, "execution", by_hand, {**ENTERED, "closedSize": "0.01"})
    assert view.reports() == []
    tell(view, "order", FILLED)
    (ended,) = view.reports()
    assert isinstance(ended, Order)
    assert (ended.request, ended.status) == (SHORT, OrderStatus.CANCELLED)
    assert "another hand" in str(ended.reason)
    assert view.reports() == []


def test_only_entries_of_this_system_are_named_to_be_withdrawn(view: AccountView) -> None:
    part = {**ENTERED, "orderQty": "0.02", "orderLinkId": "a stranger's"}
    left = {
        **EXECUTION_ROW, "execId": "y", "orderId": "c", "orderLinkId": "", "side": "Buy",
        "closedSize": "0.01", "execTime": "8",
    }  # fmt: skip
    tell(view, "execution", part, left)
    assert view.half_left() == []
