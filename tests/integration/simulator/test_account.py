"""Positions, protection, money and modes of the simulated account, with the real pybit."""

from decimal import Decimal

import pytest

from src.simulator.account.model import AccountSettings
from tests.integration.simulator.private import PrivateSide, private_side, refused_with
from tests.integration.simulator.scripted_market import NOON, STEP, ScriptedFeed

PROTECTED = {"stopLoss": "49800", "takeProfit": "50600", "tpslMode": "Full"}
LINEAR = {"category": "linear", "symbol": "BTCUSDT"}


def protected_position(side: PrivateSide) -> None:
    side.market(orderLinkId="parent", **PROTECTED)
    side.move(50_100.0)


def test_an_attached_stop_and_target_are_untriggered_children_without_a_link_id() -> None:
    with private_side() as side:
        protected_position(side)
        children = side.open_orders(orderFilter="StopOrder")
    assert {(c["stopOrderType"], c["triggerPrice"]) for c in children} == {
        ("StopLoss", "49800"),
        ("TakeProfit", "50600"),
    }
    for child in children:
        assert child["orderStatus"] == "Untriggered"
        assert child["reduceOnly"] is True
        assert (child["orderLinkId"], child["parentOrderLinkId"]) == ("", "parent")
        assert (child["qty"], child["side"]) == ("0.01", "Sell")


@pytest.mark.parametrize(("price", "kind"), [(49_700.0, "StopLoss"), (50_700.0, "TakeProfit")])
def test_when_one_child_fires_the_other_is_cleared_with_the_position(
    price: float, kind: str
) -> None:
    with private_side() as side:
        protected_position(side)
        side.move(price)
        assert side.position()["side"] == ""
        assert side.open_orders() == []
        exit_row, entry_row = side.executions()
        ended = side.session.get_order_history(**LINEAR)["result"]["list"]
    assert exit_row["stopOrderType"] == kind
    assert exit_row["closedSize"] == entry_row["execQty"] == "0.01"
    other = next(row for row in ended if row["stopOrderType"] not in ("", kind))
    assert (other["orderStatus"], other["cancelType"]) == ("Cancelled", "CancelByTpSlTsClear")


def test_the_wallet_changes_by_closed_pnl_net_of_both_fees() -> None:
    with private_side() as side:
        before = Decimal(side.coin()["walletBalance"])
        protected_position(side)
        side.move(50_700.0)
        (closed,) = side.session.get_closed_pnl(**LINEAR)["result"]["list"]
        after = side.coin()
    assert Decimal(after["walletBalance"]) - before == Decimal(closed["closedPnl"])
    gross = Decimal(closed["cumExitValue"]) - Decimal(closed["cumEntryValue"])
    fees = Decimal(closed["openFee"]) + Decimal(closed["closeFee"])
    assert Decimal(closed["closedPnl"]) == gross - fees
    assert closed["side"] == "Sell"
    assert after["availableToWithdraw"] == ""


def test_a_flat_symbol_still_has_a_row_and_the_coin_has_none() -> None:
    with private_side() as side:
        row = side.position()
        assert (row["side"], row["size"]) == ("", "0")
        listed = side.session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    assert listed == []


def test_hedge_mode_has_two_rows_and_both_sides_at_once() -> None:
    with private_side() as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        with refused_with(10001, "position idx"):
            side.market()
        side.market(positionIdx=1)
        side.market(positionIdx=2, side="Sell", qty="0.02")
        side.move(50_100.0)
        rows = side.session.get_positions(**LINEAR)["result"]["list"]
        with refused_with(110024):
            side.session.switch_position_mode(category="linear", coin="USDT", mode=0)
    assert [(row["positionIdx"], row["side"], row["size"]) for row in rows] == [
        (1, "Buy", "0.01"),
        (2, "Sell", "0.02"),
    ]


def test_a_mode_or_leverage_that_is_already_so_is_said_to_be() -> None:
    with private_side() as side:
        with refused_with(110025):
            side.session.switch_position_mode(category="linear", coin="USDT", mode=0)
        side.session.set_leverage(**LINEAR, buyLeverage="5", sellLeverage="5")
        with refused_with(110043):
            side.session.set_leverage(**LINEAR, buyLeverage="5", sellLeverage="5")
        with refused_with(110013):
            side.session.set_leverage(**LINEAR, buyLeverage="101", sellLeverage="101")
        assert side.position()["leverage"] == "5"
        side.buy()
        with refused_with(110028):
            side.session.switch_position_mode(category="linear", coin="USDT", mode=3)


def test_trading_stop_moves_the_stop_and_says_when_nothing_changed() -> None:
    with private_side() as side:
        protected_position(side)
        ask = {**LINEAR, "tpslMode": "Full", "positionIdx": 0}
        side.session.set_trading_stop(**ask, stopLoss="49900")
        assert side.position()["stopLoss"] == "49900"
        assert side.position()["takeProfit"] == "50600"
        with refused_with(34040):
            side.session.set_trading_stop(**ask, stopLoss="49900")
        side.session.set_trading_stop(**ask, takeProfit="0")
        (only,) = side.open_orders(orderFilter="StopOrder")
        assert (only["stopOrderType"], only["triggerPrice"]) == ("StopLoss", "49900")


@pytest.mark.parametrize(
    "asked",
    [
        {"tpSlMode": "Full", "positionIdx": 0, "stopLoss": "49900"},
        {"tpslMode": "Full", "stopLoss": "49900"},
        {"tpslMode": "Full", "positionIdx": 0, "stopLoss": "50900"},
        {"tpslMode": "Full", "positionIdx": 0, "stopLoss": "49900", "slTriggerBy": "Last"},
    ],
)
def test_a_wrong_trading_stop_is_refused_and_changes_nothing(asked: dict[str, object]) -> None:
    with private_side() as side:
        protected_position(side)
        with refused_with(10001):
            side.session.set_trading_stop(**LINEAR, **asked)
        assert side.position()["stopLoss"] == "49800"


def test_a_flat_position_cannot_be_protected() -> None:
    with private_side() as side, refused_with(10001, "zero position"):
        side.session.set_trading_stop(**LINEAR, tpslMode="Full", positionIdx=0, stopLoss="49900")


def test_margin_is_bound_by_orders_and_positions_and_given_back() -> None:
    with private_side() as side:
        order_id = side.buy()
        assert Decimal(side.coin()["totalOrderIM"]) == Decimal("0.01") * 50_000 / 10
        side.session.cancel_order(**LINEAR, orderId=order_id)
        assert Decimal(side.coin()["totalOrderIM"]) == 0
        side.market()
        side.move(50_100.0)
        row = side.position()
        assert Decimal(side.coin()["totalPositionIM"]) == Decimal(row["positionIM"]) > 0


def test_funding_is_exchanged_at_its_time_and_is_an_execution() -> None:
    eight_hours = 8 * 3_600_000
    feed = ScriptedFeed(50_000.0, funding_rate=0.0001)
    with private_side(feed=feed) as side:
        side.market()
        side.move(50_000.0)
        before = Decimal(side.coin()["walletBalance"])
        assert side.executions(execType="Funding") == []
        until = NOON - NOON % eight_hours + eight_hours
        side.move(*[50_000.0] * ((until - NOON) // STEP))
        (row,) = side.executions(execType="Funding")
        after = Decimal(side.coin()["walletBalance"])
    assert int(row["execTime"]) == until
    assert Decimal(row["execFee"]) == Decimal("0.05")
    assert after == before - Decimal("0.05")


def test_an_account_that_cannot_hold_its_position_is_liquidated() -> None:
    poor = AccountSettings("key", "secret", Decimal(60))
    with private_side(poor) as side:
        side.market()
        side.move(50_100.0, 44_000.0)
        assert side.position()["side"] == ""
        assert [e["execType"] for e in side.executions()] == ["BustTrade", "Trade"]


def test_play_money_is_given_once_a_minute() -> None:
    with private_side() as side:
        before = Decimal(side.coin()["walletBalance"])
        ask = {"adjustType": 0, "utaDemoApplyMoney": [{"coin": "USDT", "amountStr": "500"}]}
        path = f"{side.url}/v5/account/demo-apply-money"
        side.session._submit_request(method="POST", path=path, query=dict(ask), auth=True)
        assert Decimal(side.coin()["walletBalance"]) == before + 500
        side.session.retry_codes = {0}
        with refused_with(10006):
            side.session._submit_request(method="POST", path=path, query=dict(ask), auth=True)


def test_the_key_can_trade_and_cannot_withdraw() -> None:
    with private_side() as side:
        key = side.session.get_api_key_information()["result"]
        assert side.session.get_account_info()["result"]["unifiedMarginStatus"] == 6
    assert key["uta"] == 1
    assert key["permissions"]["ContractTrade"] == ["Order", "Position"]
    assert "Withdraw" not in key["permissions"]["Wallet"]
    assert key["secret"] == ""


def test_numbers_are_strings_and_what_bybit_sends_as_integers_are_integers() -> None:
    with private_side() as side:
        protected_position(side)
        order, position, execution = side.open_orders()[0], side.position(), side.executions()[0]
    for row in (order, position, execution):
        for name, value in row.items():
            whole = {"positionIdx", "riskId", "seq", "triggerDirection", "tradeMode"}
            whole |= {"autoAddMargin", "adlRankIndicator"}
            assert isinstance(value, str | bool) or (name in whole and type(value) is int), name
