"""What every Broker promises, whatever venue is behind it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest

from src.domain.errors import Rejected
from src.domain.order import Direction, Fill, FillReason, Order, OrderKind, OrderStatus
from src.domain.trade import Position
from tests.contract.venues import VENUES, VenueUnderContract, entry_at


@pytest.fixture(params=list(VENUES.values()), ids=list(VENUES))
def venue(request: pytest.FixtureRequest) -> Iterator[VenueUnderContract]:
    open_venue: Callable[[], AbstractContextManager[VenueUnderContract]] = request.param
    with open_venue() as venue:
        yield venue


def fills_of(venue: VenueUnderContract) -> list[Fill]:
    return [report for report in venue.broker.drain() if isinstance(report, Fill)]


def status_of(venue: VenueUnderContract, order_link_id: str) -> OrderStatus | None:
    order = venue.broker.order(order_link_id)
    return None if order is None else order.status


def test_an_order_never_sent_is_unknown(venue: VenueUnderContract) -> None:
    assert venue.broker.order("never-sent") is None


def test_a_limit_away_from_the_market_is_accepted_and_rests(venue: VenueUnderContract) -> None:
    request = entry_at(venue)
    order = venue.broker.submit(request)
    assert (order.status, order.request) == (OrderStatus.ACCEPTED, request)
    assert status_of(venue, "contract-1") is OrderStatus.ACCEPTED


def test_submitting_never_reports_a_fill(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue, kind=OrderKind.MARKET))
    assert status_of(venue, "contract-1") is not OrderStatus.REJECTED


def test_the_same_id_twice_makes_one_position(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0)
    assert [fill.reason for fill in fills_of(venue)] == [FillReason.ENTRY]
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_960.0)
    assert fills_of(venue) == []


def test_an_entry_fills_when_the_market_trades_through_it(venue: VenueUnderContract) -> None:
    request = entry_at(venue)
    venue.broker.submit(request)
    venue.trade_at(49_950.0)
    (fill,) = fills_of(venue)
    assert (fill.order_link_id, fill.reason) == ("contract-1", FillReason.ENTRY)
    assert (fill.direction, fill.quantity) == (Direction.LONG, request.quantity)
    assert fill.price <= request.price
    assert fill.fee > 0
    assert status_of(venue, "contract-1") is OrderStatus.FILLED


def test_a_market_entry_fills_at_the_next_price(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue, kind=OrderKind.MARKET))
    venue.trade_at(50_110.0)
    (fill,) = fills_of(venue)
    assert not fill.is_maker
    assert abs(fill.price - Decimal(50_100)) < 100


def test_a_position_is_stopped_at_its_stop(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0, 49_700.0)
    stop = fills_of(venue)[-1]
    assert (stop.order_link_id, stop.reason) == ("contract-1", FillReason.STOP)
    assert stop.price <= Decimal("49800.0")
    assert not stop.is_maker


def test_a_position_takes_its_profit_at_its_target(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0, 50_700.0)
    target = fills_of(venue)[-1]
    assert target.reason is FillReason.TARGET
    assert target.price >= Decimal("50600.0")


def test_a_short_is_stopped_above_and_takes_profit_below(venue: VenueUnderContract) -> None:
    short = entry_at(
        venue,
        direction=Direction.SHORT,
        price=Decimal("50200.0"),
        stop_loss=Decimal("50400.0"),
        take_profit=Decimal("49600.0"),
    )
    venue.broker.submit(short)
    venue.trade_at(50_250.0, 49_500.0)
    assert [fill.reason for fill in fills_of(venue)] == [FillReason.ENTRY, FillReason.TARGET]


def test_reports_are_drained_once_and_in_order(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0, 49_700.0)
    fills = fills_of(venue)
    assert [fill.reason for fill in fills] == [FillReason.ENTRY, FillReason.STOP]
    assert fills[0].time <= fills[1].time
    assert len({fill.execution_id for fill in fills}) == 2
    assert venue.broker.drain() == []


def test_a_withdrawn_entry_never_fills_and_is_reported(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.broker.cancel("contract-1")
    venue.trade_at(49_950.0)
    (report,) = venue.broker.drain()
    assert isinstance(report, Order)
    assert report.status is OrderStatus.CANCELLED
    assert status_of(venue, "contract-1") is OrderStatus.CANCELLED


def test_withdrawing_what_is_gone_or_was_never_there_is_harmless(
    venue: VenueUnderContract,
) -> None:
    venue.broker.cancel("never-sent")
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0)
    fills_of(venue)
    venue.broker.cancel("contract-1")
    assert venue.broker.drain() == []
    assert status_of(venue, "contract-1") is OrderStatus.FILLED


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"quantity": Decimal(5)}, id="more than the margin allows"),
        pytest.param({"stop_loss": Decimal("50050.0")}, id="stop on the winning side"),
        pytest.param({"quantity": Decimal("0.0001")}, id="below the minimum"),
    ],
)
def test_an_order_the_venue_will_not_take_is_rejected_with_a_reason(
    venue: VenueUnderContract, wrong: dict[str, object]
) -> None:
    order = venue.broker.submit(entry_at(venue, **wrong))
    assert order.status is OrderStatus.REJECTED
    assert order.reason
    venue.trade_at(49_950.0)
    assert fills_of(venue) == []


def test_a_round_trip_changes_the_wallet_by_its_result(venue: VenueUnderContract) -> None:
    before = venue.broker.balance()
    assert before.wallet == before.equity == before.available
    venue.broker.submit(entry_at(venue))
    assert venue.broker.balance().available < before.available
    venue.trade_at(49_950.0, 49_700.0)
    entered, left = fills_of(venue)
    gross = (left.price - entered.price) * entered.quantity
    after = venue.broker.balance()
    assert after.wallet == before.wallet + gross - entered.fee - left.fee
    assert after.wallet == after.equity == after.available


def test_equity_moves_with_the_open_position(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0, 50_300.0)
    (entered,) = fills_of(venue)
    balance = venue.broker.balance()
    gain = (Decimal("50300.0") - entered.price) * entered.quantity
    assert balance.equity == balance.wallet + gain


def test_orders_and_positions_outlive_the_process(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.restart()
    assert status_of(venue, "contract-1") is OrderStatus.ACCEPTED
    venue.trade_at(49_950.0)
    assert [fill.reason for fill in fills_of(venue)] == [FillReason.ENTRY]
    venue.restart()
    venue.trade_at(49_700.0)
    assert [fill.reason for fill in fills_of(venue)] == [FillReason.STOP]


def held(venue: VenueUnderContract) -> list[Position]:
    venue.broker.drain()
    return list(venue.broker.positions())


def test_a_position_is_shown_with_the_stop_and_target_the_venue_watches(
    venue: VenueUnderContract,
) -> None:
    assert held(venue) == []
    request = entry_at(venue)
    venue.broker.submit(request)
    venue.trade_at(49_950.0)
    (position,) = held(venue)
    assert (position.symbol, position.direction) == (request.symbol, Direction.LONG)
    assert position.quantity == request.quantity
    assert (position.stop_loss, position.take_profit) == (request.stop_loss, request.take_profit)
    venue.trade_at(49_700.0)
    assert held(venue) == []


def test_resting_entries_are_listed_until_they_end(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.broker.refresh()
    venue.broker.drain()
    assert [o.request.order_link_id for o in venue.broker.resting()] == ["contract-1"]
    venue.broker.cancel_entries("BTCUSDT")
    venue.broker.refresh()
    venue.broker.drain()
    assert venue.broker.resting() == ()
    assert status_of(venue, "contract-1") is OrderStatus.CANCELLED


def test_withdrawing_entries_leaves_a_position_and_its_stop(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0)
    venue.broker.cancel_entries("BTCUSDT")
    (position,) = held(venue)
    assert position.stop_loss == Decimal("49800.0")


def test_a_position_is_closed_by_hand_once(venue: VenueUnderContract) -> None:
    request = entry_at(venue)
    venue.broker.submit(request)
    venue.trade_at(49_950.0)
    fills_of(venue)
    for _ in range(2):
        venue.broker.close_position("BTCUSDT", Direction.LONG, request.quantity, "close-1")
    venue.trade_at(49_960.0)
    (left,) = fills_of(venue)
    assert (left.order_link_id, left.reason) == ("contract-1", FillReason.MANUAL)
    assert left.quantity == request.quantity
    assert left.fee > 0
    venue.broker.close_position("BTCUSDT", Direction.LONG, request.quantity, "close-2")
    venue.trade_at(49_970.0)
    assert fills_of(venue) == []
    assert held(venue) == []


def test_a_position_gets_another_stop_and_target(venue: VenueUnderContract) -> None:
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0)
    for _ in range(2):
        venue.broker.set_protection("BTCUSDT", Decimal("49900.0"), Decimal("50500.0"))
    venue.broker.refresh()
    (position,) = held(venue)
    assert (position.stop_loss, position.take_profit) == (Decimal(49_900), Decimal(50_500))
    venue.trade_at(49_890.0)
    assert [fill.reason for fill in fills_of(venue)][-1] is FillReason.STOP


def test_protection_beyond_the_price_or_of_nothing_is_rejected(venue: VenueUnderContract) -> None:
    with pytest.raises(Rejected):
        venue.broker.set_protection("BTCUSDT", Decimal("49900.0"), Decimal("50500.0"))
    venue.broker.submit(entry_at(venue))
    venue.trade_at(49_950.0)
    with pytest.raises(Rejected):
        venue.broker.set_protection("BTCUSDT", Decimal("50100.0"), Decimal("50500.0"))


def test_a_venue_in_order_has_no_complaint(venue: VenueUnderContract) -> None:
    venue.broker.drain()
    assert venue.broker.complaints() == ()
