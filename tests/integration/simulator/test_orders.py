"""Orders of the simulated account, with the real pybit: what is taken, refused, filled, ended."""

from decimal import Decimal

import pytest

from src.simulator.account.model import AccountSettings
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import PrivateSide, private_side, refused_with

PROTECTED = {"stopLoss": "49800", "takeProfit": "50600", "tpslMode": "Full"}


def state(side: PrivateSide, order_id: str) -> tuple[str, str]:
    row = side.order(order_id)
    return row["orderStatus"], row["rejectReason"]


def test_creating_only_acknowledges_and_the_order_shows_itself_later() -> None:
    slow = AccountSettings("key", "secret", Decimal(1000), ack_delay=0.2)
    with private_side(slow) as side:
        answer = side.session.place_order(
            category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.01",
            price="50000", positionIdx=0, orderLinkId="slow-1",
        )["result"]  # fmt: skip
        assert set(answer) == {"orderId", "orderLinkId"}
        assert side.open_orders(orderLinkId="slow-1") == []
        wait_until(lambda: bool(side.open_orders(orderLinkId="slow-1")))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        pytest.param({"symbol": "NOPEUSDT"}, 10001, id="unknown symbol"),
        pytest.param({"side": "buy"}, 10001, id="side"),
        pytest.param({"orderType": "Stop"}, 10001, id="order type"),
        pytest.param({"qty": "1e-05"}, 10001, id="exponent"),
        pytest.param({"qty": "0.0005"}, 10001, id="off the step"),
        pytest.param({"qty": "1191"}, 10001, id="above the maximum"),
        pytest.param({"orderType": "Market", "qty": "120"}, 10001, id="above the market maximum"),
        pytest.param({"price": "50000.05"}, 10001, id="off the tick"),
        pytest.param({"qty": "0.001", "price": "1000"}, 110094, id="below the minimum value"),
        pytest.param({"positionIdx": 1}, 10001, id="position index of the other mode"),
        pytest.param({"orderLinkId": "a b"}, 10001, id="characters of the link id"),
        pytest.param({"orderLinkId": "x" * 37}, 10001, id="length of the link id"),
        pytest.param({"stopLoss": "50050"}, 10001, id="stop on the winning side"),
        pytest.param({"takeProfit": "49000"}, 10001, id="target on the losing side"),
        pytest.param({"qty": "100"}, 110007, id="more than the margin"),
        pytest.param({"reduceOnly": True}, 110017, id="nothing to reduce"),
        pytest.param({"reduceOnly": True, **PROTECTED}, 10001, id="reduce-only with a stop"),
        pytest.param({"triggerPrice": "51000"}, 10001, id="trigger without a direction"),
        pytest.param({"triggerPrice": "50000", "triggerDirection": 1}, 110092, id="rises already"),
        pytest.param({"triggerPrice": "51000", "triggerDirection": 2}, 110093, id="falls already"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(wrong: dict[str, object], code: int) -> None:
    with private_side() as side:
        with refused_with(code):
            side.buy(**wrong)
        assert side.open_orders() == []


def test_a_stop_the_last_price_has_passed_is_refused_at_arrival() -> None:
    with private_side() as side:
        side.move(49_700.0)
        with refused_with(10001, "StopLoss:498000000 set for Buy position"):
            side.buy(stopLoss="49800")


def test_a_link_id_is_used_up_for_ever() -> None:
    with private_side() as side:
        side.buy(orderLinkId="once")
        side.session.cancel_order(category="linear", symbol="BTCUSDT", orderLinkId="once")
        with refused_with(110072):
            side.buy(orderLinkId="once")
        assert side.executions() == []


def test_a_resting_limit_needs_trade_through_and_pays_the_maker_fee() -> None:
    with private_side() as side:
        order_id = side.buy()
        side.move(50_000.0)
        assert state(side, order_id)[0] == "New"
        side.move(49_950.0)
        row = side.order(order_id)
        (execution,) = side.executions()
    assert (row["orderStatus"], row["avgPrice"], row["leavesQty"]) == ("Filled", "50000", "0")
    assert execution["isMaker"] is True
    assert Decimal(execution["execFee"]) == Decimal("0.01") * 50_000 * Decimal("0.0002")


@pytest.mark.parametrize(
    ("time_in_force", "price", "status", "reason"),
    [
        ("PostOnly", "50200", "Cancelled", "EC_PostOnlyWillTakeLiquidity"),
        ("PostOnly", "50000", "New", "EC_NoError"),
        ("IOC", "50000", "Cancelled", "EC_NoImmediateQtyToFill"),
        ("IOC", "50200", "Filled", "EC_NoError"),
        ("FOK", "50000", "Cancelled", "EC_NoImmediateQtyToFill"),
        ("FOK", "50200", "Filled", "EC_NoError"),
    ],
)
def test_time_in_force_is_obeyed_at_the_next_price(
    time_in_force: str, price: str, status: str, reason: str
) -> None:
    with private_side() as side:
        order_id = side.buy(timeInForce=time_in_force, price=price)
        side.move(50_100.0)
        assert state(side, order_id) == (status, reason)


def test_a_large_order_takes_level_by_level_and_its_price_is_the_average() -> None:
    with private_side() as side:
        side.session.set_leverage(
            category="linear", symbol="BTCUSDT", buyLeverage="100", sellLeverage="100"
        )
        order_id = side.market(qty="10")
        side.move(50_100.0)
        executions = side.executions(orderId=order_id)
        row = side.order(order_id)
    assert [e["execQty"] for e in executions] == ["2.000", "4.000", "4.000"]
    prices = [Decimal(e["execPrice"]) for e in executions]
    assert prices == sorted(prices, reverse=True)
    assert len({e["execId"] for e in executions}) == 3
    value = sum(Decimal(e["execValue"]) for e in executions)
    assert Decimal(row["avgPrice"]) == value / 10
    assert row["leavesQty"] == "0"


def test_an_immediate_order_deeper_than_the_book_is_filled_in_part_and_cancelled() -> None:
    deep = AccountSettings("key", "secret", Decimal(10_000_000))
    with private_side(deep) as side:
        order_id = side.buy(qty="119", price="50106.0", timeInForce="IOC")
        side.move(50_100.0)
        row = side.order(order_id)
    assert row["orderStatus"] == "Cancelled"
    assert 0 < Decimal(row["cumExecQty"]) < 119
    assert row["leavesQty"] == "0"


def test_what_is_left_of_a_resting_order_goes_on_resting() -> None:
    deep = AccountSettings("key", "secret", Decimal(10_000_000))
    with private_side(deep) as side:
        order_id = side.buy(qty="119", price="50106.0")
        side.move(50_110.0)
        assert side.order(order_id)["orderStatus"] == "PartiallyFilled"
        side.move(50_090.0)
        assert side.order(order_id)["orderStatus"] == "Filled"


def test_cancelling_with_the_order_filter_leaves_stops_and_without_it_takes_them() -> None:
    with private_side() as side:
        side.market(**PROTECTED)
        side.move(50_100.0)
        side.buy(price="49000")
        cancelled = side.session.cancel_all_orders(
            category="linear", symbol="BTCUSDT", orderFilter="Order"
        )["result"]
        assert len(cancelled["list"]) == 1
        kinds = {row["stopOrderType"] for row in side.open_orders()}
        assert kinds == {"StopLoss", "TakeProfit"}
        side.session.cancel_all_orders(category="linear", symbol="BTCUSDT")
        assert side.open_orders() == []
        assert side.position()["size"] == "0.01"


def test_cancelling_what_is_gone_is_110001() -> None:
    with private_side() as side:
        order_id = side.buy()
        side.session.cancel_order(category="linear", symbol="BTCUSDT", orderId=order_id)
        with refused_with(110001):
            side.session.cancel_order(category="linear", symbol="BTCUSDT", orderId=order_id)
        assert state(side, order_id) == ("Cancelled", "EC_PerCancelRequest")


def test_amending_changes_only_what_is_named_and_zero_clears_a_level() -> None:
    with private_side() as side:
        order_id = side.buy(**PROTECTED)
        amend = {"category": "linear", "symbol": "BTCUSDT", "orderId": order_id}
        side.session.amend_order(**amend, price="49900")
        row = side.order(order_id)
        assert (row["price"], row["qty"], row["stopLoss"]) == ("49900", "0.01", "49800")
        side.session.amend_order(**amend, takeProfit="0")
        assert side.order(order_id)["takeProfit"] == ""
        with refused_with(10001, "unchanged"):
            side.session.amend_order(**amend, price="49900")
        with refused_with(110007):
            side.session.amend_order(**amend, qty="100")


def test_a_reduce_only_order_is_cut_to_the_position_and_never_turns_it() -> None:
    with private_side() as side:
        side.market()
        side.move(50_100.0)
        order_id = side.market(side="Sell", qty="5", reduceOnly=True)
        side.move(50_100.0)
        assert side.position()["side"] == ""
        assert side.order(order_id)["cumExecQty"] == "0.01"


def test_a_standalone_reduce_only_stop_survives_the_position() -> None:
    with private_side() as side:
        side.market()
        side.move(50_100.0)
        stop = side.market(side="Sell", reduceOnly=True, triggerPrice="49000", triggerDirection=2)
        side.market(side="Sell", reduceOnly=True)
        side.move(50_100.0)
        assert side.position()["size"] == "0"
        assert side.order(stop)["orderStatus"] == "Untriggered"


def test_a_conditional_order_waits_for_its_trigger() -> None:
    with private_side() as side:
        order_id = side.market(triggerPrice="50300", triggerDirection=1)
        side.move(50_250.0)
        assert state(side, order_id)[0] == "Untriggered"
        side.move(50_350.0)
        assert state(side, order_id)[0] == "Filled"
        assert Decimal(side.position()["avgPrice"]) >= Decimal(50_300)


def test_open_orders_come_in_pages_by_an_encoded_cursor() -> None:
    with private_side() as side:
        for index in range(5):
            side.buy(price=str(49_000 + index))
        seen: list[str] = []
        cursor = None
        while cursor != "":
            result = side.session.get_open_orders(
                category="linear", symbol="BTCUSDT", limit=2, cursor=cursor
            )["result"]
            seen += [row["price"] for row in result["list"]]
            cursor = result["nextPageCursor"]
            assert "%" in cursor or cursor == ""
    assert seen == ["49004", "49003", "49002", "49001", "49000"]


def test_a_list_needs_a_symbol_or_coin_and_at_most_seven_days() -> None:
    with private_side() as side:
        with refused_with(10001):
            side.session.get_open_orders(category="linear")
        with refused_with(10001, "7 days"):
            side.session.get_executions(category="linear", startTime=1, endTime=10**12)
