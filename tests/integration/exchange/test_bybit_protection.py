"""Stops and targets of a Bybit account, and everything that could come between them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    Order,
    OrderKind,
    OrderStatus,
)
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import QUICK, BybitVenue, bybit_venue
from tests.integration.simulator.faults import inject


def protected_position(venue: BybitVenue) -> None:
    venue.broker.submit(entry_at(venue, kind=OrderKind.MARKET))
    venue.trade_at(50_100.0)
    venue.broker.drain()


def children(venue: BybitVenue) -> list[dict[str, object]]:
    with venue.account() as side:
        return side.open_orders(orderFilter="StopOrder")


def test_stop_and_target_are_born_with_the_position_as_market_orders() -> None:
    with bybit_venue() as venue:
        protected_position(venue)
        found = {(c["stopOrderType"], c["triggerPrice"], c["orderType"]) for c in children(venue)}
    assert found == {("StopLoss", "49800", "Market"), ("TakeProfit", "50600", "Market")}


def test_the_stop_listens_to_the_mark_price_where_that_is_wanted() -> None:
    with bybit_venue(settings=replace(QUICK, stop_trigger="MarkPrice")) as venue:
        protected_position(venue)
        assert {child["triggerBy"] for child in children(venue)} == {"MarkPrice"}


def test_withdrawing_entries_never_touches_a_stop() -> None:
    with bybit_venue() as venue:
        protected_position(venue)
        venue.broker.cancel("contract-1")
        venue.bybit.cancel_entries("BTCUSDT")
        assert len(children(venue)) == 2


def test_a_close_that_races_with_the_stop_cannot_turn_the_position() -> None:
    with bybit_venue() as venue:
        protected_position(venue)
        close = ("BTCUSDT", Direction.LONG, Decimal("0.01"), "close-1")
        venue.bybit.close_position(*close)
        venue.bybit.close_position(*close)
        venue.trade_at(49_700.0)
        exits = [f for f in venue.broker.drain() if isinstance(f, Fill)]
        venue.bybit.close_position("BTCUSDT", Direction.LONG, Decimal("0.01"), "close-2")
        venue.trade_at(49_700.0)
        assert venue.broker.drain() == []
        with venue.account() as side:
            assert side.position()["size"] == "0"
            assert side.open_orders() == []
    assert [(fill.order_link_id, fill.quantity) for fill in exits] == [
        ("contract-1", Decimal("0.01"))
    ]


def test_protection_can_be_set_again_and_again() -> None:
    with bybit_venue() as venue:
        protected_position(venue)
        for _ in range(2):
            venue.bybit.set_protection("BTCUSDT", Decimal("49900"), Decimal("50500"))
        assert {child["triggerPrice"] for child in children(venue)} == {"49900", "50500"}


@pytest.mark.parametrize("stream_speaks", [True, False])
def test_an_order_the_exchange_ends_by_itself_is_reported_once_with_its_reason(
    stream_speaks: bool,
) -> None:
    """Though neither the stream nor a reading ever told that it rested."""
    with bybit_venue() as venue:
        if not stream_speaks:
            inject(venue.url, "silent", stream="private", seconds=0)
        venue.broker.submit(entry_at(venue))
        with venue.account() as side:
            side.session.cancel_all_orders(category="linear", symbol="BTCUSDT")
        venue.bybit.refresh()
        (report,) = venue.broker.drain()
        assert isinstance(report, Order)
        assert (report.status, report.reason) == (
            OrderStatus.CANCELLED,
            "CancelByUser (EC_PerCancelRequest)",
        )
        venue.bybit.refresh()
        assert venue.broker.drain() == []


def test_a_position_closed_by_hand_is_noticed_as_such() -> None:
    with bybit_venue() as venue:
        protected_position(venue)
        with venue.account() as side:
            side.market(side="Sell", reduceOnly=True)
        venue.trade_at(50_100.0)
        (fill,) = [f for f in venue.broker.drain() if isinstance(f, Fill)]
    assert (fill.order_link_id, fill.reason) == ("contract-1", FillReason.MANUAL)
