"""Bybit's traps, one by one: what a client must not be surprised by."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest

from src.simulator.account.model import AccountSettings
from src.simulator.bars import DAY_MS
from tests.integration.simulator.private import (
    PrivateSide,
    apply_money,
    private_side,
    raw,
    refused_with,
)
from tests.integration.simulator.private_line import private_line
from tests.integration.simulator.scripted_market import NOON

HALF_DAY_MS = DAY_MS // 2
LINEAR = {"category": "linear", "symbol": "BTCUSDT"}


@pytest.fixture
def side() -> Iterator[PrivateSide]:
    with private_side() as side:
        yield side


def history(side: PrivateSide, **more: object) -> list[dict[str, Any]]:
    return list(side.session.get_order_history(**LINEAR, **more)["result"]["list"])


def test_creation_is_answered_before_the_stream_tells_of_it(side: PrivateSide) -> None:
    with private_line(side.url, "order") as line:
        order_id = side.buy()
        assert line.hear()["data"][0]["orderId"] == order_id


def test_a_market_order_shows_the_worst_price_it_would_take(side: PrivateSide) -> None:
    row = side.order(side.market())
    assert (row["orderType"], row["timeInForce"], row["price"]) == ("Market", "IOC", "52605.00")


def test_a_batch_hides_its_refusals_beside_the_result(side: PrivateSide) -> None:
    orders = [
        {"symbol": "BTCUSDT", "side": "Buy", "orderType": "Limit", "qty": quantity,
         "price": "50000", "positionIdx": 0, "orderLinkId": f"batch-{quantity[2:]}"}
        for quantity in ("0.01", "100", "0.02")
    ]  # fmt: skip
    answer = side.session.place_batch_order(category="linear", request=orders)
    assert answer["retCode"] == 0
    assert [row["code"] for row in answer["retExtInfo"]["list"]] == [0, 110007, 0]
    assert [bool(row["orderId"]) for row in answer["result"]["list"]] == [True, False, True]
    ids = [row["orderId"] for row in answer["result"]["list"] if row["orderId"]]
    changes = [{"symbol": "BTCUSDT", "orderId": ids[0], "qty": "0.03"}]
    side.session.amend_batch_order(category="linear", request=changes)
    assert side.order(ids[0])["qty"] == "0.03"
    gone = [{"symbol": "BTCUSDT", "orderId": one} for one in [*ids, "unknown"]]
    answer = side.session.cancel_batch_order(category="linear", request=gone)
    assert [row["code"] for row in answer["retExtInfo"]["list"]] == [0, 0, 110001]
    with refused_with(10001, "1 to 20"):
        side.session.place_batch_order(category="linear", request=orders * 7)


def test_the_order_id_wins_over_the_link_id(side: PrivateSide) -> None:
    first, _ = side.buy(orderLinkId="a"), side.buy(orderLinkId="b")
    side.session.cancel_order(**LINEAR, orderId=first, orderLinkId="b")
    assert [row["orderLinkId"] for row in side.open_orders()] == ["b"]


def test_an_id_overrides_whether_open_orders_are_asked_for(side: PrivateSide) -> None:
    order_id = side.buy()
    assert [row["orderId"] for row in side.open_orders(orderId=order_id, openOnly=1)] == [order_id]


def test_cancel_all_needs_to_be_told_what(side: PrivateSide) -> None:
    with refused_with(10001):
        side.session.cancel_all_orders(category="linear")
    side.buy()
    answer = side.session.cancel_all_orders(category="linear", settleCoin="USDT")["result"]
    assert (len(answer["list"]), answer["success"]) == (1, "1")


def test_ten_orders_may_wait_for_a_trigger(side: PrivateSide) -> None:
    side.session.max_retries = 20
    for index in range(10):
        side.buy(triggerPrice=str(51_000 + index), triggerDirection=1)
    with refused_with(110009):
        side.buy(triggerPrice="52000", triggerDirection=1)


def test_a_misspelt_mode_is_ignored_and_then_missing(side: PrivateSide) -> None:
    side.market()
    side.move(50_100.0)
    with refused_with(10001, "tpslMode"):
        side.session.set_trading_stop(**LINEAR, positionIdx=0, tpSlMode="Full", stopLoss="49000")


def test_funding_history_wants_both_ends_or_none(side: PrivateSide) -> None:
    with refused_with(10001, "endTime"):
        side.session.get_funding_rate_history(**LINEAR, startTime=side.now())
    side.move(*[50_100.0] * 100)
    rows = side.session.get_funding_rate_history(**LINEAR)["result"]["list"]
    times = [int(row["fundingRateTimestamp"]) for row in rows]
    assert times == sorted(times, reverse=True)
    assert {time % (8 * 3_600_000) for time in times} == {0}
    assert rows[0]["fundingRate"] == "0.00010000"


def test_unfilled_orders_are_told_for_a_day() -> None:
    with private_side(step_ms=HALF_DAY_MS) as side:
        side.session.cancel_order(**LINEAR, orderId=side.buy())
        filled = side.market()
        side.move(50_100.0, 50_100.0)
        assert len(history(side)) == 2
        side.move(50_100.0)
        assert [row["orderId"] for row in history(side)] == [filled]


@pytest.mark.parametrize(("demo", "kept"), [(True, 0), (False, 1)])
def test_demo_trading_keeps_orders_for_a_week(demo: bool, kept: int) -> None:
    with private_side(AccountSettings("key", "secret", demo=demo), step_ms=HALF_DAY_MS) as side:
        placed = side.now()
        side.market()
        side.move(*[50_100.0] * 16)
        window = {"startTime": placed - 1, "endTime": placed + 1}
        assert len(history(side, **window)) == kept
        assert len(side.executions(**window)) == 1


def test_demo_trading_tells_no_fee_rates_and_gives_money() -> None:
    with private_side(AccountSettings("key", "secret", demo=False)) as side:
        rates = side.session.get_fee_rates(**LINEAR)["result"]["list"]
        assert rates[0]["makerFeeRate"] == "0.0002"
        with refused_with(10001, "demo"):
            side.session._submit_request(
                method="POST", path=f"{side.url}/v5/account/demo-apply-money", query={}, auth=True
            )
    with private_side() as side, refused_with(10001):
        side.session.get_fee_rates(**LINEAR)


def log(side: PrivateSide, **asked: object) -> list[dict[str, Any]]:
    """The account's transaction log of three days, newest first, through its pages."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = side.session.get_transaction_log(
            startTime=NOON, endTime=NOON + 3 * DAY_MS, cursor=cursor, **asked
        )["result"]
        rows += answer["list"]
        cursor = answer["nextPageCursor"]
        if not cursor:
            return rows


def test_the_transaction_log_adds_up_to_the_wallet_transfers_included(side: PrivateSide) -> None:
    side.market()
    side.move(*[50_100.0] * 100)
    apply_money(side.session)
    side.market(side="Sell")
    side.move(50_400.0)
    rows = log(side, limit=2)
    assert {row["type"] for row in rows} == {"TRADE", "SETTLEMENT", "TRANSFER_IN"}
    total = sum(float(row["change"]) for row in rows)
    wallet = float(side.coin()["walletBalance"])
    assert wallet == pytest.approx(100_000 + total, abs=1e-9)
    assert float(rows[0]["cashBalance"]) == wallet
    assert [row["size"] for row in rows if row["type"] == "TRADE"] == ["0", "0.01"]


def test_the_transaction_log_is_filtered_as_asked(side: PrivateSide) -> None:
    side.market()
    side.move(50_100.0)
    apply_money(side.session)
    (transfer,) = log(side, type="TRANSFER_IN")
    assert (transfer["change"], transfer["cashFlow"]) == ("50000", "50000")
    assert [row["type"] for row in log(side, category="linear")] == ["TRADE"]
    assert log(side, category="spot") == log(side, currency="BTC") == []
    assert len(log(side, currency="USDT", accountType="UNIFIED")) == 2
    with refused_with(10001, "UNIFIED"):
        log(side, accountType="SPOT")


def test_the_transaction_log_tells_a_day_unless_asked_for_more() -> None:
    with private_side(step_ms=HALF_DAY_MS) as side:
        apply_money(side.session)
        side.move(*[50_100.0] * 3)
        assert side.session.get_transaction_log()["result"]["list"] == []
        assert len(log(side)) == 1
        with refused_with(10001, "7 days"):
            side.session.get_transaction_log(startTime=NOON, endTime=NOON + 8 * DAY_MS)


def test_lists_of_other_categories_are_empty(side: PrivateSide) -> None:
    side.market()
    side.move(50_100.0)
    assert side.session.get_positions(category="inverse")["result"]["list"] == []
    assert side.session.get_positions(category="linear", settleCoin="USDC")["result"]["list"] == []
    assert side.session.get_instruments_info(category="spot")["result"]["list"] == []


def test_a_cursor_comes_back_as_it_was_handed_out_or_encoded_once_more(side: PrivateSide) -> None:
    for index in range(3):
        side.buy(price=str(49_000 + index))
    query = "category=linear&symbol=BTCUSDT&limit=1"
    path = "/v5/order/realtime"
    first = raw(side.url, "GET", path, query).json()["result"]
    cursor = first["nextPageCursor"]
    assert cursor == quote(unquote(cursor))
    for sent in (cursor, quote(cursor)):
        second = raw(side.url, "GET", path, f"{query}&cursor={sent}").json()["result"]
        assert second["list"][0]["price"] == "49001"
    with refused_with(10001, "cursor"):
        side.open_orders(cursor="nonsense")
