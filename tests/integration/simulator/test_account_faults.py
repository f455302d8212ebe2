"""What scripted faults do to orders, positions and their stops."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.integration.simulator.faults import inject
from tests.integration.simulator.private import PrivateSide, private_side

PROTECTED = {"stopLoss": "49800", "takeProfit": "50600", "tpslMode": "Full"}


@pytest.fixture
def side() -> Iterator[PrivateSide]:
    with private_side() as side:
        yield side


@pytest.fixture
def long(side: PrivateSide) -> PrivateSide:
    """A protected long of 0.01."""
    side.market(**PROTECTED)
    side.move(50_100.0)
    assert side.position()["size"] == "0.01"
    return side


def stops(side: PrivateSide) -> set[str]:
    return {row["stopOrderType"] for row in side.open_orders()}


def test_part_of_an_order_is_filled_and_the_rest_is_cancelled(side: PrivateSide) -> None:
    inject(side.url, "partial_fill_then_cancel", fraction=0.3)
    order_id = side.market(**PROTECTED)
    side.move(50_100.0)
    row = side.order(order_id)
    assert (row["orderStatus"], row["cumExecQty"], row["leavesQty"]) == ("Cancelled", "0.003", "0")
    assert side.position()["size"] == "0.003"
    assert stops(side) == {"StopLoss", "TakeProfit"}


def test_an_acknowledged_order_is_rejected_afterwards(side: PrivateSide) -> None:
    inject(side.url, "order_rejected", matching={"side": "Sell"})
    bought, sold = side.buy(), side.buy(side="Sell", price="50200")
    assert side.order(bought)["orderStatus"] == "New"
    assert side.order(sold)["orderStatus"] == "Rejected"
    assert side.order(sold)["rejectReason"] == "EC_NoEnoughQtyToFill"


def test_the_attached_stop_is_rejected_and_the_position_stands_bare(side: PrivateSide) -> None:
    inject(side.url, "stop_rejected")
    side.market(orderLinkId="bare", **PROTECTED)
    side.move(50_100.0)
    assert side.position()["size"] == "0.01"
    assert side.position()["stopLoss"] == ""
    rejected = [row for row in side.open_orders(openOnly=1) if row["orderStatus"] == "Rejected"]
    assert {row["parentOrderLinkId"] for row in rejected} == {"bare"}
    side.session.set_trading_stop(
        category="linear", symbol="BTCUSDT", positionIdx=0, **{**PROTECTED, "takeProfit": "0"}
    )
    assert stops(side) == {"StopLoss"}


def test_the_stop_is_taken_away_from_an_open_position(long: PrivateSide) -> None:
    inject(long.url, "stop_lost", symbol="BTCUSDT")
    assert long.position()["size"] == "0.01"
    assert stops(long) == {"TakeProfit"}


def test_the_position_is_closed_by_another_hand(long: PrivateSide) -> None:
    inject(long.url, "position_closed", symbol="BTCUSDT")
    assert (long.position()["size"], long.open_orders()) == ("0", [])
    newest = long.executions()[0]
    assert (newest["orderLinkId"], newest["createType"]) == ("", "CreateByUser")
    assert newest["closedSize"] == "0.01"


@pytest.mark.parametrize(("factor", "size"), [(0.5, "0.005"), (3.0, "0.03")])
def test_the_size_is_changed_by_another_hand(long: PrivateSide, factor: float, size: str) -> None:
    inject(long.url, "position_resized", factor=factor)
    assert Decimal(long.position()["size"]) == Decimal(size)
    assert stops(long) == {"StopLoss", "TakeProfit"}


def test_a_liquidation_is_a_bust_trade(long: PrivateSide) -> None:
    inject(long.url, "liquidation")
    newest = long.executions()[0]
    assert (newest["execType"], newest["createType"]) == ("BustTrade", "CreateByLiq")
    assert (long.position()["size"], long.open_orders()) == ("0", [])


def test_auto_deleveraging_takes_a_part(long: PrivateSide) -> None:
    inject(long.url, "adl", fraction=0.4)
    newest = long.executions()[0]
    assert (newest["execType"], newest["execQty"]) == ("AdlTrade", "0.004")
    assert long.position()["size"] == "0.006"


def test_a_fault_waits_for_its_market_time(long: PrivateSide) -> None:
    inject(long.url, "position_closed", **{"from": long.now() + 600_000})
    long.move(50_100.0)
    assert long.position()["size"] == "0.01"
    long.move(50_100.0)
    assert long.position()["size"] == "0"


def test_a_fault_waits_for_the_nth_request_of_a_path(long: PrivateSide) -> None:
    inject(long.url, "position_closed", path="/v5/position/list", first=2)
    assert [long.position()["size"] for _ in range(2)] == ["0.01", "0"]
