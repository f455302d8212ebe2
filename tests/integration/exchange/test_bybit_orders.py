"""What becomes of an order on a Bybit account when the network is bad. Each test an invariant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from src.clock import SystemClock
from src.domain.errors import ClockSkew, RegionBlocked, UnknownOutcome
from src.domain.order import (
    Fill,
    OrderStatus,
)
from src.exchange.bybit import BybitBroker, simulator_environment
from src.simulator.account.model import AccountSettings
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import KEY, QUICK, bybit_venue
from tests.integration.exchange.faulty_gateway import Fault, FaultyGateway
from tests.integration.simulator.private import PrivateSide, private_side

CREATE = "/v5/order/create"
CANCEL = "/v5/order/cancel"
LOOK_UP = ("/v5/order/realtime", "/v5/order/history")
ACCOUNT = AccountSettings(KEY.key, KEY.secret, Decimal(1000))


@contextmanager
def behind_a_gateway() -> Iterator[tuple[BybitBroker, FaultyGateway, PrivateSide]]:
    """A started broker whose REST goes through a gateway, and the account as it really is."""
    with private_side(ACCOUNT) as side, FaultyGateway(side.url) as gateway:
        environment = replace(simulator_environment(side.url), rest_url=gateway.url)
        broker = BybitBroker(environment, KEY, SystemClock(), settings=QUICK)
        broker.start()
        try:
            yield broker, gateway, side
        finally:
            broker.close()


def fills(broker: BybitBroker) -> list[Fill]:
    broker.refresh()
    return [fact for fact in broker.drain() if isinstance(fact, Fill)]


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.EMPTY, Fault.BAD_GATEWAY, Fault.UNSURE])
def test_an_order_that_arrived_although_no_answer_came_is_adopted_and_never_doubled(
    fault: Fault,
) -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, fault)
        order = broker.submit(entry_at(side))
        assert order.status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 1
        side.move(49_950.0)
        assert [fill.quantity for fill in fills(broker)] == [Decimal("0.01")]
        assert side.position()["size"] == "0.01"


def test_an_order_that_never_arrived_is_sent_again_under_the_same_id() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.LOST)
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        first, second = gateway.bodies[CREATE]
        assert first == second
        assert [row["orderLinkId"] for row in side.open_orders()] == ["contract-1"]


def test_an_order_that_shows_itself_late_is_not_doubled_by_the_resend() -> None:
    slow = AccountSettings(KEY.key, KEY.secret, Decimal(1000), ack_delay=2.4)
    with private_side(slow) as side, FaultyGateway(side.url) as gateway:
        environment = replace(simulator_environment(side.url), rest_url=gateway.url)
        hasty = replace(QUICK, lookup_seconds=1.6)
        broker = BybitBroker(environment, KEY, SystemClock(), settings=hasty)
        broker.start()
        gateway.fail(CREATE, Fault.DROPPED)
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 2
        assert len(side.open_orders()) == 1
        broker.close()


def test_an_order_nobody_can_say_anything_about_is_an_unknown_outcome_not_a_refusal() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, *[Fault.DROPPED] * 3)
        for path in LOOK_UP:
            gateway.fail(path, *[Fault.BAD_GATEWAY] * 200)
        with pytest.raises(UnknownOutcome, match="contract-1"):
            broker.submit(entry_at(side))
        assert len(side.open_orders()) == 1


def test_an_acknowledged_order_that_does_not_show_itself_yet_counts_as_accepted() -> None:
    slow = AccountSettings(KEY.key, KEY.secret, Decimal(1000), ack_delay=0.3)
    with bybit_venue(slow) as venue:
        venue.broker.submit(entry_at(venue))
        order = venue.broker.order("contract-1")
        assert order is not None
        assert order.status is OrderStatus.ACCEPTED


def test_a_withdrawal_without_an_answer_is_looked_up_and_not_repeated_blindly() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        broker.submit(entry_at(side))
        gateway.fail(CANCEL, Fault.DROPPED)
        broker.cancel("contract-1")
        assert gateway.count(CANCEL) == 1
        gateway.fail(CANCEL, Fault.LOST)
        broker.submit(entry_at(side, order_link_id="contract-2"))
        broker.cancel("contract-2")
        assert side.open_orders() == []


def test_a_reset_time_already_past_waits_for_nothing_and_the_order_is_placed() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.FULL)
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 2


def test_a_refused_clock_is_measured_and_the_order_sent_once_more() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.SKEWED)
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 2
        assert len(side.open_orders()) == 1


def test_a_clock_that_stays_refused_is_told_as_such_and_nothing_is_placed() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.SKEWED, Fault.SKEWED)
        with pytest.raises(ClockSkew):
            broker.submit(entry_at(side))
        assert gateway.count(CREATE) == 2
        assert side.open_orders() == []


def test_a_forbidden_network_stops_trading() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.FORBIDDEN)
        with pytest.raises(RegionBlocked):
            broker.submit(entry_at(side))


def test_a_leverage_that_may_have_been_set_is_set_again_before_the_order() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail("/v5/position/set-leverage", Fault.DROPPED, Fault.LOST)
        order = broker.submit(entry_at(side, leverage=Decimal(7)))
        assert order.status is OrderStatus.ACCEPTED
        assert side.position()["leverage"] == "7"


def test_the_headers_pace_requests_so_that_none_is_refused() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        for index in range(12):
            broker.submit(entry_at(side, order_link_id=f"paced-{index}", quantity=Decimal("0.001")))
        assert gateway.count(CREATE) == 12
        assert len(side.open_orders()) == 12
