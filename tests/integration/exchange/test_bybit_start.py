"""What a Bybit account must be like before anything is traded on it, and how trading ends."""

import threading
from decimal import Decimal

import pytest

from src.clock import SystemClock
from src.domain.errors import AuthFatal, ClockSkew, Rejected
from src.domain.order import (
    OrderStatus,
)
from src.exchange.bybit import ApiKey, BybitBroker, simulator_environment
from src.simulator.account.model import AccountSettings
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import KEY, QUICK, bybit_venue
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import private_side

ACCOUNT = AccountSettings(KEY.key, KEY.secret, Decimal(1000))


class OffClock:
    """A clock that is wrong by a fixed time."""

    def __init__(self, error: int) -> None:
        self.error = error
        self._right = SystemClock()

    def now(self) -> int:
        return self._right.now() + self.error


@pytest.mark.parametrize("error", [-700, 700])
def test_nothing_starts_with_a_clock_that_is_wrong_by_more_than_half_a_second(error: int) -> None:
    with private_side(ACCOUNT) as side:
        broker = BybitBroker(simulator_environment(side.url), KEY, OffClock(error), settings=QUICK)
        with pytest.raises(ClockSkew, match="NTP"):
            broker.start()
        broker.close()


def test_entries_stop_while_the_clock_is_wrong_and_go_on_when_it_is_right() -> None:
    with private_side(ACCOUNT) as side:
        clock = OffClock(0)
        broker = BybitBroker(simulator_environment(side.url), KEY, clock, settings=QUICK)
        broker.start()
        clock.error = -700
        broker.refresh()
        broker.drain()
        refused = broker.submit(entry_at(side))
        assert refused.status is OrderStatus.REJECTED
        assert "NTP" in str(refused.reason)
        clock.error = 0
        broker.refresh()
        broker.drain()
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        broker.close()


def test_a_wrong_key_is_fatal_at_the_start() -> None:
    with private_side(ACCOUNT) as side:
        wrong = ApiKey(KEY.key, "wrong")
        broker = BybitBroker(simulator_environment(side.url), wrong, SystemClock(), settings=QUICK)
        with pytest.raises(AuthFatal):
            broker.start()
        broker.close()
    assert "wrong" not in repr(wrong)


def test_the_account_is_forced_into_one_way_mode() -> None:
    with private_side(ACCOUNT) as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        broker = BybitBroker(simulator_environment(side.url), KEY, SystemClock(), settings=QUICK)
        broker.start()
        assert broker.submit(entry_at(side)).status is OrderStatus.ACCEPTED
        broker.close()


def test_a_hedge_account_with_a_position_is_not_traded() -> None:
    with private_side(ACCOUNT) as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        side.market(positionIdx=1)
        side.move(50_100.0)
        broker = BybitBroker(simulator_environment(side.url), KEY, SystemClock(), settings=QUICK)
        with pytest.raises(Rejected, match="existing position"):
            broker.start()
        broker.close()


def test_closing_ends_every_thread_and_may_be_repeated() -> None:
    before = set(threading.enumerate())
    with bybit_venue() as venue:
        wait_until(lambda: venue.bybit.health().connected)
        venue.bybit.close()
        venue.bybit.close()
    wait_until(lambda: set(threading.enumerate()) <= before)
