"""Stops and targets of a part of a position, trailing stops, and changes of waiting orders."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.simulator.private import PrivateSide, private_side, refused_with

LINEAR = {"category": "linear", "symbol": "BTCUSDT"}


@pytest.fixture
def long() -> Iterator[PrivateSide]:
    """A bare long of 0.03."""
    with private_side() as side:
        side.market(qty="0.03")
        side.move(50_100.0)
        yield side


def stop(side: PrivateSide, **levels: object) -> None:
    side.session.set_trading_stop(**LINEAR, positionIdx=0, **levels)


def partial(side: PrivateSide, size: str, **levels: object) -> None:
    stop(side, tpslMode="Partial", slSize=size, tpSize=size, **levels)


def by_kind(side: PrivateSide) -> dict[str, dict[str, Any]]:
    return {row["stopOrderType"]: row for row in side.open_orders()}


def test_partial_mode_only_adds_and_full_mode_changes(long: PrivateSide) -> None:
    partial(long, "0.01", stopLoss="49000")
    partial(long, "0.01", stopLoss="49100")
    assert [row["stopOrderType"] for row in long.open_orders()] == ["PartialStopLoss"] * 2
    assert {row["tpslMode"] for row in long.open_orders()} == {"Partial"}
    stop(long, tpslMode="Full", stopLoss="48000")
    stop(long, tpslMode="Full", stopLoss="48100")
    full = [row for row in long.open_orders() if row["stopOrderType"] == "StopLoss"]
    assert [row["triggerPrice"] for row in full] == ["48100"]


def test_a_partial_stop_closes_its_part_and_takes_its_target_along(long: PrivateSide) -> None:
    partial(long, "0.01", stopLoss="49000", takeProfit="52000")
    long.move(48_900.0)
    assert long.position()["size"] == "0.02"
    assert long.open_orders() == []
    (ended,) = [row for row in long.open_orders(openOnly=1) if "Take" in row["stopOrderType"]]
    assert (ended["orderStatus"], ended["cancelType"]) == ("Cancelled", "CancelByTpSlTsClear")


def test_changing_one_of_a_pair_parts_it(long: PrivateSide) -> None:
    partial(long, "0.01", stopLoss="49000", takeProfit="52000")
    target = by_kind(long)["PartialTakeProfit"]["orderId"]
    long.session.amend_order(**LINEAR, orderId=target, triggerPrice="53000")
    long.move(48_900.0)
    assert set(by_kind(long)) == {"PartialTakeProfit"}


def test_a_partial_target_may_be_a_limit_order(long: PrivateSide) -> None:
    partial(
        long, "0.01", takeProfit="52000", tpOrderType="Limit", tpLimitPrice="52100",
        stopLoss="49000",
    )  # fmt: skip
    long.move(52_050.0)
    resting = long.open_orders()
    assert [(row["orderType"], row["price"]) for row in resting] == [("Limit", "52100")]
    long.move(52_200.0)
    assert long.position()["size"] == "0.02"
    assert long.executions()[0]["isMaker"] is True


@pytest.mark.parametrize(
    "levels",
    [
        {"stopLoss": "49000"},
        {"stopLoss": "49000", "slSize": "0.01", "takeProfit": "52000", "tpSize": "0.02"},
        {"stopLoss": "49000", "slSize": "0.04"},
        {"takeProfit": "52000", "tpSize": "0.01", "tpOrderType": "Limit"},
    ],
)
def test_a_part_needs_one_size_within_the_position(
    long: PrivateSide, levels: dict[str, object]
) -> None:
    with refused_with(10001):
        stop(long, tpslMode="Partial", **levels)


def test_there_are_at_most_twenty_parts(long: PrivateSide) -> None:
    long.session.max_retries = 20  # ten a second is the limit of the path
    for index in range(20):
        partial(long, "0.001", stopLoss=str(49_000 + index))
    with refused_with(110061):
        partial(long, "0.001", stopLoss="48000")


def test_parts_go_with_their_position(long: PrivateSide) -> None:
    partial(long, "0.01", stopLoss="49000", takeProfit="52000")
    stop(long, tpslMode="Full", trailingStop="500")
    long.market(side="Sell", qty="0.03", reduceOnly=True)
    long.move(50_100.0)
    assert long.open_orders() == []


def test_an_entry_may_bring_partial_levels(long: PrivateSide) -> None:
    long.market(qty="0.01", tpslMode="Partial", stopLoss="49000", orderLinkId="more")
    long.move(50_100.0)
    child = by_kind(long)["PartialStopLoss"]
    assert (child["qty"], child["parentOrderLinkId"], child["reduceOnly"]) == ("0.01", "more", True)
    assert long.position()["size"] == "0.04"


def test_a_trailing_stop_follows_and_never_goes_back(long: PrivateSide) -> None:
    stop(long, tpslMode="Full", trailingStop="500")
    assert long.position()["trailingStop"] == "500"
    assert Decimal(by_kind(long)["TrailingStop"]["triggerPrice"]) == 49_600
    long.move(50_900.0, 50_600.0)
    assert Decimal(by_kind(long)["TrailingStop"]["triggerPrice"]) == 50_400
    long.move(50_300.0)
    assert long.position()["size"] == "0"
    assert long.executions()[0]["stopOrderType"] == "TrailingStop"


def test_a_trailing_stop_may_wait_for_its_price_and_zero_takes_it_away(long: PrivateSide) -> None:
    stop(long, tpslMode="Full", trailingStop="500", activePrice="51000")
    long.move(49_000.0)
    assert long.position()["size"] == "0.03"
    long.move(51_100.0)
    assert Decimal(by_kind(long)["TrailingStop"]["triggerPrice"]) == 50_600
    stop(long, tpslMode="Full", trailingStop="0")
    assert long.open_orders() == []


def test_a_flipped_position_does_not_keep_the_stops_of_the_old_one(long: PrivateSide) -> None:
    stop(long, tpslMode="Full", stopLoss="49000")
    long.market(side="Sell", qty="0.05")
    long.move(50_100.0)
    assert (long.position()["side"], long.position()["size"]) == ("Sell", "0.02")
    assert long.open_orders() == []


def test_a_waiting_order_is_moved_only_to_the_side_it_waits_on(long: PrivateSide) -> None:
    stop(long, tpslMode="Full", stopLoss="49000")
    child = by_kind(long)["StopLoss"]["orderId"]
    long.session.amend_order(**LINEAR, orderId=child, triggerPrice="49500")
    assert long.position()["stopLoss"] == "49500"
    with refused_with(110093):
        long.session.amend_order(**LINEAR, orderId=child, triggerPrice="50200")


def test_the_liquidation_price_is_where_the_account_fails() -> None:
    with private_side() as side:
        side.session.set_leverage(**LINEAR, buyLeverage="100", sellLeverage="100")
        side.market(qty="10")
        side.move(50_100.0)
        liquidation = float(side.position()["liqPrice"])
        assert 40_000 < liquidation < 41_000
        side.move(liquidation + 20)
        assert Decimal(side.position()["size"]) == 10
        side.move(liquidation - 20)
        assert side.position()["size"] == "0"
    with private_side() as small:
        small.market()
        small.move(50_100.0)
        assert small.position()["liqPrice"] == ""
