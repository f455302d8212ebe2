"""Orders as they are sent, and as Bybit's rows are read."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pybit.unified_trading import HTTP

from src.clock import SystemClock
from src.domain.order import Direction, FillReason, OrderKind, OrderRequest, OrderStatus
from src.exchange.bybit import ApiKey, simulator_environment
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.orders import (
    close_parameters,
    entry_parameters,
    execution_of,
    fixed,
    is_entry,
    order_of,
    position_of,
    wallet_of,
)
from src.exchange.bybit.signed_client import SignedClient
from src.exchange.bybit.stream_witness import StreamWitness
from src.exchange.bybit.transaction_log import AccountHistory

REQUEST = OrderRequest(
    order_link_id="id-1",
    signal_id="signal",
    symbol="BTCUSDT",
    direction=Direction.LONG,
    kind=OrderKind.LIMIT,
    quantity=Decimal("0.00001"),
    price=Decimal("5E+4"),
    stop_loss=Decimal("49800.0"),
    take_profit=Decimal("50600.10"),
    leverage=Decimal(10),
    placed_at=1,
)
ORDER_ROW = {
    "orderLinkId": "id-1", "orderId": "o", "symbol": "BTCUSDT", "side": "Buy",
    "orderType": "Limit", "orderStatus": "New", "qty": "0.01", "price": "50000",
    "cumExecQty": "0", "stopLoss": "49800", "takeProfit": "", "createdTime": "5",
    "rejectReason": "EC_NoError", "cancelType": "UNKNOWN", "reduceOnly": False,
    "triggerPrice": "", "stopOrderType": "",
}  # fmt: skip
EXECUTION_ROW = {
    "execId": "x", "orderId": "o", "orderLinkId": "id-1", "symbol": "BTCUSDT", "side": "Sell",
    "execType": "Trade", "stopOrderType": "UNKNOWN", "orderQty": "0.01", "execQty": "0.01",
    "closedSize": "", "execPrice": "50000", "execFee": "0.1", "feeRate": "0.0002",
    "isMaker": True, "execTime": "7", "seq": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E-5", "0.00001"), ("5E+4", "50000"), ("49800.0", "49800"), ("0.010", "0.01"), ("0", "0")],
)
def test_numbers_are_sent_without_exponent(number: str, text: str) -> None:
    assert fixed(Decimal(number)) == text


@pytest.mark.parametrize("kind", list(OrderKind))
def test_an_entry_carries_its_stop_and_target_in_the_same_request(kind: OrderKind) -> None:
    sent = entry_parameters(replace(REQUEST, kind=kind), "LastPrice")
    assert (sent["stopLoss"], sent["takeProfit"]) == ("49800", "50600.1")
    assert (sent["tpslMode"], sent["slOrderType"]) == ("Full", "Market")
    assert (sent["positionIdx"], sent["orderLinkId"], sent["reduceOnly"]) == (0, "id-1", False)
    assert sent["side"] == "Buy"
    price_and_life = (sent.get("price"), sent.get("timeInForce"))
    if kind is OrderKind.LIMIT:
        assert (sent["orderType"], *price_and_life) == ("Limit", "50000", "GTC")
    else:
        assert (sent["orderType"], *price_and_life) == ("Market", None, None)


def test_what_pybit_makes_of_an_entry_holds_no_float() -> None:
    body = json.loads(HTTP.prepare_payload("POST", entry_parameters(REQUEST, "LastPrice")))
    assert not any(isinstance(value, float) for value in body.values())
    assert body["qty"] == "0.00001"


def test_a_close_can_only_reduce() -> None:
    sent = close_parameters("BTCUSDT", Direction.LONG, Decimal("0.01"), "close-1")
    assert (sent["side"], sent["orderType"], sent["reduceOnly"]) == ("Sell", "Market", True)
    short = close_parameters("BTCUSDT", Direction.SHORT, Decimal("0.01"), "close-1")
    assert short["side"] == "Buy"
    assert not {"stopLoss", "takeProfit"} & set(sent)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"orderStatus": "New"}, OrderStatus.ACCEPTED),
        ({"orderStatus": "PartiallyFilled", "cumExecQty": "0.005"}, OrderStatus.ACCEPTED),
        ({"orderStatus": "Filled", "cumExecQty": "0.01"}, OrderStatus.FILLED),
        ({"orderStatus": "Cancelled"}, OrderStatus.CANCELLED),
        ({"orderStatus": "Cancelled", "cumExecQty": "0.005"}, OrderStatus.FILLED),
        ({"orderStatus": "PartiallyFilledCanceled", "cumExecQty": "0.005"}, OrderStatus.FILLED),
        ({"orderStatus": "Rejected"}, OrderStatus.REJECTED),
    ],
)
def test_a_status_says_what_became_of_an_order(row: dict[str, str], status: OrderStatus) -> None:
    assert order_of({**ORDER_ROW, **row}, REQUEST).status is status


def test_an_order_whose_request_is_not_known_is_read_from_its_row() -> None:
    request = order_of(ORDER_ROW, None).request
    assert (request.direction, request.price) == (Direction.LONG, Decimal(50000))
    assert (request.stop_loss, request.take_profit) == (Decimal(49800), Decimal(0))
    assert request.kind is OrderKind.LIMIT
    at_market = order_of({**ORDER_ROW, "orderType": "Market"}, None).request
    assert at_market.kind is OrderKind.MARKET


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"cancelType": "CancelByUser"}, "CancelByUser (EC_NoError)"),
        ({"cancelType": ""}, "cancelled (EC_NoError)"),
    ],
)
def test_an_order_that_ended_says_why(row: dict[str, str], reason: str) -> None:
    assert order_of({**ORDER_ROW, "orderStatus": "Cancelled", **row}, REQUEST).reason == reason
    refused = {**ORDER_ROW, "orderStatus": "Rejected", "rejectReason": "EC_PostOnlyWillTakeLiquid"}
    assert order_of(refused, REQUEST).reason == "EC_PostOnlyWillTakeLiquid"


@pytest.mark.parametrize("where", ["avgPrice", "entryPrice"])
def test_a_position_is_read_from_an_answer_and_from_a_message(where: str) -> None:
    row = {
        "symbol": "BTCUSDT", "side": "Sell", "size": "0.01", where: "50000", "markPrice": "49000",
        "stopLoss": "50500", "takeProfit": "",
    }  # fmt: skip
    held = position_of(row)
    assert held is not None
    assert (held.direction, held.quantity) == (Direction.SHORT, Decimal("0.01"))
    assert (held.entry_price, held.mark_price) == (Decimal(50000), Decimal(49000))
    assert (held.stop_loss, held.take_profit) == (Decimal(50500), None)
    unmarked = position_of({**row, "markPrice": "", "stopLoss": "0"})
    assert unmarked is not None
    assert (unmarked.mark_price, unmarked.stop_loss) == (Decimal(50000), None)
    assert position_of({**row, "size": "0", "side": ""}) is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, FillReason.MANUAL),
        ({"stopOrderType": "StopLoss"}, FillReason.STOP),
        ({"stopOrderType": "TakeProfit"}, FillReason.TARGET),
        ({"execType": "BustTrade"}, FillReason.LIQUIDATION),
        ({"execType": "AdlTrade"}, FillReason.LIQUIDATION),
    ],
)
def test_an_execution_says_why_it_happened(row: dict[str, str], reason: FillReason) -> None:
    assert execution_of({**EXECUTION_ROW, **row}).reason is reason


def test_empty_strings_are_zero_and_stops_are_no_entries() -> None:
    assert execution_of(EXECUTION_ROW).closed == 0
    assert is_entry(ORDER_ROW)
    assert not is_entry({**ORDER_ROW, "orderLinkId": ""})
    assert not is_entry({**ORDER_ROW, "reduceOnly": True})


def test_what_is_bound_as_margin_is_not_available_and_no_coin_is_no_money() -> None:
    coin = {
        "coin": "USDT", "walletBalance": "100", "equity": "90", "totalPositionIM": "30",
        "totalOrderIM": "", "availableToWithdraw": "",
    }  # fmt: skip
    held = wallet_of({"coin": [{"coin": "BTC"}, coin]})
    assert (held.cash, held.bound) == (Decimal(100), Decimal(30))
    assert wallet_of({"coin": []}).cash == 0


@pytest.mark.parametrize(
    "message",
    [
        {"topic": "execution", "data": [{"execId": "x"}]},
        {"topic": "execution", "data": [{**EXECUTION_ROW, "execPrice": "much"}]},
        {"topic": "order", "data": [None]},
        {"topic": "wallet", "data": [{}]},
        {"topic": "position", "data": [{"positionIdx": 1, "symbol": "BTCUSDT"}]},
        {"topic": "order"},
        {},
    ],
)
def test_a_message_that_cannot_be_understood_harms_nothing(message: dict[str, Any]) -> None:
    environment = simulator_environment("http://127.0.0.1:9")
    client = SignedClient(environment, ApiKey("k", "s"), SystemClock())
    view = AccountView(client, (), (), None, StreamWitness(SystemClock(), 5_000), AccountHistory())
    assert not view.take_message(message)
    assert view.take_message({"topic": "greeks", "data": [{}]})
    assert view.reports() == []
    client.close()
