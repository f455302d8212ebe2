"""What every Broker promises, whatever venue is behind it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest

from src.domain.order import Direction, Fill, FillReason, Order, OrderKind, OrderStatus
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
