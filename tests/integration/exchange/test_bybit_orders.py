"""What becomes of an order on a Bybit account when the network is bad. Each test an invariant."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from src.clock import SystemClock
from src.domain.errors import AuthFatal, ClockSkew, RegionBlocked, Rejected, UnknownOutcome
from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    Order,
    OrderKind,
    OrderRequest,
    OrderStatus,
)
from src.exchange.bybit import ApiKey, BybitBroker, simulator_environment
from src.simulator.account.model import AccountSettings
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import KEY, QUICK, BybitVenue, bybit_venue
from tests.integration.exchange.faulty_gateway import Fault, FaultyGateway
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import PrivateSide, private_side

CREATE = "/v5/order/create"
CANCEL = "/v5/order/cancel"
LOOK_UP = ("/v5/order/realtime", "/v5/order/history")
TOUCHING = AccountSettings(KEY.key, KEY.secret, Decimal(1000))


@contextmanager
def behind_a_gateway() -> Iterator[tuple[BybitBroker, FaultyGateway, PrivateSide]]:
    """A started broker whose REST goes through a gateway, and the account as it really is."""
    with private_side(TOUCHING) as side, FaultyGateway(side.url) as gateway:
        environment = replace(simulator_environment(side.url), rest_url=gateway.url)
        broker = BybitBroker(environment, KEY, SystemClock(), settings=QUICK)
        broker.start()
        try:
            yield broker, gateway, side
        finally:
            broker.close()


def entry(side: PrivateSide, **changes: object) -> OrderRequest:
    class At:
        def now(self) -> int:
            return side.time

    return entry_at(At(), **changes)  # type: ignore[arg-type]  # only `now` is asked


def fills(broker: BybitBroker) -> list[Fill]:
    broker.refresh()
    return [fact for fact in broker.drain() if isinstance(fact, Fill)]


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.EMPTY, Fault.BAD_GATEWAY, Fault.UNSURE])
def test_an_order_that_arrived_although_no_answer_came_is_adopted_and_never_doubled(
    fault: Fault,
) -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, fault)
        order = broker.submit(entry(side))
        assert order.status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 1
        side.move(49_950.0)
        assert [fill.quantity for fill in fills(broker)] == [Decimal("0.01")]
        assert side.position()["size"] == "0.01"


def test_an_order_that_never_arrived_is_sent_again_under_the_same_id() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.LOST)
        assert broker.submit(entry(side)).status is OrderStatus.ACCEPTED
        first, second = gateway.bodies[CREATE]
        assert first == second
        assert [row["orderLinkId"] for row in side.open_orders()] == ["contract-1"]


def test_an_order_that_shows_itself_late_is_not_doubled_by_the_resend() -> None:
    slow = AccountSettings(KEY.key, KEY.secret, Decimal(1000), ack_delay=0.8)
    with private_side(slow) as side, FaultyGateway(side.url) as gateway:
        environment = replace(simulator_environment(side.url), rest_url=gateway.url)
        hasty = replace(QUICK, lookup_seconds=0.5)
        broker = BybitBroker(environment, KEY, SystemClock(), settings=hasty)
        broker.start()
        gateway.fail(CREATE, Fault.DROPPED)
        assert broker.submit(entry(side)).status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 2
        assert len(side.open_orders()) == 1
        broker.close()


def test_an_order_nobody_can_say_anything_about_is_an_unknown_outcome_not_a_refusal() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, *[Fault.DROPPED] * 3)
        for path in LOOK_UP:
            gateway.fail(path, *[Fault.BAD_GATEWAY] * 200)
        with pytest.raises(UnknownOutcome, match="contract-1"):
            broker.submit(entry(side))
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
        broker.submit(entry(side))
        gateway.fail(CANCEL, Fault.DROPPED)
        broker.cancel("contract-1")
        assert gateway.count(CANCEL) == 1
        gateway.fail(CANCEL, Fault.LOST)
        broker.submit(entry(side, order_link_id="contract-2"))
        broker.cancel("contract-2")
        assert side.open_orders() == []


def test_a_reset_time_already_past_waits_for_nothing_and_the_order_is_placed() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.FULL)
        assert broker.submit(entry(side)).status is OrderStatus.ACCEPTED
        assert gateway.count(CREATE) == 2


def test_a_refused_clock_is_told_as_such_and_the_order_is_not_sent_again() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.SKEWED)
        with pytest.raises(ClockSkew):
            broker.submit(entry(side))
        assert gateway.count(CREATE) == 1
        assert side.open_orders() == []


def test_a_forbidden_network_stops_trading() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail(CREATE, Fault.FORBIDDEN)
        with pytest.raises(RegionBlocked):
            broker.submit(entry(side))


class OffClock:
    """A clock that is wrong by a fixed time."""

    def __init__(self, error: int) -> None:
        self.error = error
        self._right = SystemClock()

    def now(self) -> int:
        return self._right.now() + self.error


@pytest.mark.parametrize("error", [-700, 700])
def test_nothing_starts_with_a_clock_that_is_wrong_by_more_than_half_a_second(error: int) -> None:
    with private_side(TOUCHING) as side:
        broker = BybitBroker(simulator_environment(side.url), KEY, OffClock(error), settings=QUICK)
        with pytest.raises(ClockSkew, match="NTP"):
            broker.start()
        broker.close()


def test_entries_stop_while_the_clock_is_wrong_and_go_on_when_it_is_right() -> None:
    with private_side(TOUCHING) as side:
        clock = OffClock(0)
        broker = BybitBroker(simulator_environment(side.url), KEY, clock, settings=QUICK)
        broker.start()
        clock.error = -700
        broker.refresh()
        broker.drain()
        refused = broker.submit(entry(side))
        assert refused.status is OrderStatus.REJECTED
        assert "NTP" in str(refused.reason)
        clock.error = 0
        broker.refresh()
        broker.drain()
        assert broker.submit(entry(side)).status is OrderStatus.ACCEPTED
        broker.close()


def test_a_leverage_that_may_have_been_set_is_set_again_before_the_order() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        gateway.fail("/v5/position/set-leverage", Fault.DROPPED, Fault.LOST)
        order = broker.submit(entry(side, leverage=Decimal(7)))
        assert order.status is OrderStatus.ACCEPTED
        assert side.position()["leverage"] == "7"


def test_the_headers_pace_requests_so_that_none_is_refused() -> None:
    with behind_a_gateway() as (broker, gateway, side):
        for index in range(12):
            broker.submit(entry(side, order_link_id=f"paced-{index}", quantity=Decimal("0.001")))
        assert gateway.count(CREATE) == 12
        assert len(side.open_orders()) == 12


def test_a_wrong_key_is_fatal_at_the_start() -> None:
    with private_side(TOUCHING) as side:
        wrong = ApiKey(KEY.key, "wrong")
        broker = BybitBroker(simulator_environment(side.url), wrong, SystemClock(), settings=QUICK)
        with pytest.raises(AuthFatal):
            broker.start()
        broker.close()
    assert "wrong" not in repr(wrong)


def test_the_account_is_forced_into_one_way_mode() -> None:
    with private_side(TOUCHING) as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        broker = BybitBroker(simulator_environment(side.url), KEY, SystemClock(), settings=QUICK)
        broker.start()
        assert broker.submit(entry(side)).status is OrderStatus.ACCEPTED
        broker.close()


def test_a_hedge_account_with_a_position_is_not_traded() -> None:
    with private_side(TOUCHING) as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        side.market(positionIdx=1)
        side.move(50_100.0)
        broker = BybitBroker(simulator_environment(side.url), KEY, SystemClock(), settings=QUICK)
        with pytest.raises(Rejected, match="existing position"):
            broker.start()
        broker.close()


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


def test_an_order_the_exchange_ends_by_itself_is_reported_once_with_its_reason() -> None:
    with bybit_venue() as venue:
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


def test_closing_ends_every_thread_and_may_be_repeated() -> None:
    before = set(threading.enumerate())
    with bybit_venue() as venue:
        wait_until(lambda: venue.bybit.health().connected)
        venue.bybit.close()
        venue.bybit.close()
    wait_until(lambda: set(threading.enumerate()) <= before)
