"""What the engine does at start with what the journal left unfinished."""

import pytest

from src.domain.events import CancelIntended, EntryIntended, OrderChanged, SignalChanged
from src.domain.order import Order, OrderStatus
from src.domain.ports import OrderLookup, StoredBook
from src.domain.signal import Signal, SignalStatus
from src.engine import lifecycle, signal_id
from src.engine.recovery import NEVER_SENT, UNKNOWN_TO_VENUE, WITHDRAW_AGAIN, WITHDRAWN_UNSENT
from tests.unit.engine.builders import FIVE_MINUTES, NOON, engine, request, setup


class RememberingVenue:
    """A venue that answers from a list of orders and can do nothing else."""

    def __init__(self, *orders: Order) -> None:
        self._orders = {order.request.order_link_id: order for order in orders}

    def order(self, order_link_id: str) -> Order | None:
        return self._orders.get(order_link_id)


def signal(status: SignalStatus = SignalStatus.ARMED) -> Signal:
    refused = lifecycle.refused_signal(signal_id("paper", setup()), setup(), ())
    return lifecycle.signal_as(refused, status, NOON)


def book(status: OrderStatus, signal_status: SignalStatus = SignalStatus.ARMED) -> StoredBook:
    return StoredBook((), (Order(request(), status),), (signal(signal_status),), None)


EMPTY_VENUE: OrderLookup = RememberingVenue()


def test_a_pending_order_the_venue_never_saw_is_sent_again_under_the_same_id() -> None:
    trader = engine(book(OrderStatus.PENDING))
    changes = trader.reconcile(EMPTY_VENUE, NOON + FIVE_MINUTES - 1)
    assert changes == [EntryIntended(request())]
    assert len(trader.resting_orders) == 1


def test_a_pending_order_a_candle_old_is_given_up() -> None:
    trader = engine(book(OrderStatus.PENDING))
    order_changed, signal_changed = trader.reconcile(EMPTY_VENUE, NOON + FIVE_MINUTES)
    assert order_changed == OrderChanged(Order(request(), OrderStatus.CANCELLED, NEVER_SENT))
    assert isinstance(signal_changed, SignalChanged)
    assert signal_changed.signal.status is SignalStatus.CANCELLED
    assert trader.resting_orders == ()


def test_a_pending_order_whose_setup_ended_is_not_sent() -> None:
    trader = engine(book(OrderStatus.PENDING, SignalStatus.CANCELLED))
    cancelled = Order(request(), OrderStatus.CANCELLED, WITHDRAWN_UNSENT)
    assert trader.reconcile(EMPTY_VENUE, NOON) == [OrderChanged(cancelled)]


def test_an_accepted_order_the_venue_lost_is_cancelled() -> None:
    trader = engine(book(OrderStatus.ACCEPTED))
    order_changed, signal_changed = trader.reconcile(EMPTY_VENUE, NOON)
    assert order_changed == OrderChanged(Order(request(), OrderStatus.CANCELLED, UNKNOWN_TO_VENUE))
    assert isinstance(signal_changed, SignalChanged)
    assert signal_changed.signal.refusals == (UNKNOWN_TO_VENUE,)


def test_an_acceptance_the_journal_missed_is_recorded() -> None:
    venue = RememberingVenue(Order(request(), OrderStatus.ACCEPTED))
    changes = engine(book(OrderStatus.PENDING)).reconcile(venue, NOON)
    assert changes == [OrderChanged(Order(request(), OrderStatus.ACCEPTED))]


def test_a_withdrawal_that_did_not_arrive_is_repeated() -> None:
    venue = RememberingVenue(Order(request(), OrderStatus.ACCEPTED))
    trader = engine(book(OrderStatus.ACCEPTED, SignalStatus.CANCELLED))
    assert trader.reconcile(venue, NOON) == [
        CancelIntended(request().order_link_id, WITHDRAW_AGAIN)
    ]


@pytest.mark.parametrize("ended", [OrderStatus.CANCELLED, OrderStatus.REJECTED])
def test_an_order_that_ended_meanwhile_is_recorded(ended: OrderStatus) -> None:
    venue = RememberingVenue(Order(request(), ended, "while away"))
    trader = engine(book(OrderStatus.ACCEPTED))
    assert trader.reconcile(venue, NOON)[0] == OrderChanged(Order(request(), ended, "while away"))
    assert trader.resting_orders == ()


def test_an_order_that_filled_meanwhile_waits_for_its_fill() -> None:
    venue = RememberingVenue(Order(request(), OrderStatus.FILLED))
    trader = engine(book(OrderStatus.ACCEPTED))
    assert trader.reconcile(venue, NOON) == []
    assert len(trader.resting_orders) == 1


def test_an_account_in_agreement_changes_nothing() -> None:
    venue = RememberingVenue(Order(request(), OrderStatus.ACCEPTED))
    assert engine(book(OrderStatus.ACCEPTED)).reconcile(venue, NOON) == []
