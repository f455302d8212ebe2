"""The lease: one holder, a number that only grows, and a fence against whoever lost it."""

import pytest

from src.database import ENGINE_LEASE, Commands, Database, EventLog, Lease, LiveState, SqlJournal
from src.domain.candle import Timeframe
from src.domain.command import Outcome
from src.domain.errors import LeaseLost
from src.domain.events import SignalChanged, StepRecord
from tests.unit.database.facts import START, FixedClock, candle, signal


@pytest.fixture
def clock() -> FixedClock:
    """One clock for everybody."""
    return FixedClock()


def lease(database: Database, clock: FixedClock, holder: str = "first") -> Lease:
    """The engine lease as `holder` sees it."""
    return Lease(database, ENGINE_LEASE, holder, clock, ttl_ms=3_000)


def test_the_first_to_ask_gets_epoch_one_and_the_second_nothing(
    database: Database, clock: FixedClock
) -> None:
    assert lease(database, clock).try_acquire() == 1
    assert lease(database, clock, "second").try_acquire() is None


def test_a_silent_holder_is_replaced_after_the_time_to_live(
    database: Database, clock: FixedClock
) -> None:
    first, second = lease(database, clock), lease(database, clock, "second")
    assert first.try_acquire() == 1
    clock.time += 2_999
    assert second.try_acquire() is None
    clock.time += 1
    assert second.try_acquire() == 2
    assert not first.renew(1)


def test_a_beating_holder_keeps_it(database: Database, clock: FixedClock) -> None:
    first, second = lease(database, clock), lease(database, clock, "second")
    assert first.try_acquire() == 1
    for _ in range(5):
        clock.time += 2_000
        assert first.renew(1)
        assert second.try_acquire() is None


def test_a_released_lease_is_free_at_once_and_its_number_still_grows(
    database: Database, clock: FixedClock
) -> None:
    first, second = lease(database, clock), lease(database, clock, "second")
    assert first.try_acquire() == 1
    first.release(1)
    assert not first.renew(1)
    assert second.try_acquire() == 2
    first.release(1)
    assert second.renew(2)


def test_a_clock_set_back_does_not_keep_a_dead_holder_alive(
    database: Database, clock: FixedClock
) -> None:
    assert lease(database, clock).try_acquire() == 1
    clock.time -= 3_600_000
    assert lease(database, clock, "second").try_acquire() == 2


def test_leases_of_other_names_are_other_leases(database: Database, clock: FixedClock) -> None:
    assert lease(database, clock).try_acquire() == 1
    assert Lease(database, "notifications", "first", clock).try_acquire() == 1


def test_whoever_holds_the_lease_writes(database: Database, clock: FixedClock) -> None:
    epoch = lease(database, clock).try_acquire()
    journal = SqlJournal(database, "paper", epoch, clock)
    journal.commit(StepRecord(START, candles=(candle(0),)))
    journal.store_history([candle(1)])
    journal.publish("prices", {"a": 1})
    assert len(journal.candles("BTCUSDT", Timeframe.M5)) == 2


@pytest.mark.parametrize("successor", [True, False], ids=["replaced", "released"])
def test_whoever_lost_the_lease_writes_nothing(
    database: Database, clock: FixedClock, successor: bool
) -> None:
    first = lease(database, clock)
    epoch = first.try_acquire()
    assert epoch is not None
    journal = SqlJournal(database, "paper", epoch, clock)
    commands = Commands(database, "paper", clock, epoch)
    waiting = Commands(database, "paper", clock).request("kill", {}, "trader@example.com")["id"]
    told = EventLog(database, "paper").newest_id()
    first.release(epoch)
    if successor:
        assert lease(database, clock, "second").try_acquire() == 2

    with pytest.raises(LeaseLost, match="nothing was written"):
        journal.commit(StepRecord(START, candles=(candle(0),), changes=(SignalChanged(signal(1)),)))
    with pytest.raises(LeaseLost):
        journal.store_history([candle(0)])
    with pytest.raises(LeaseLost):
        journal.publish("prices", {"a": 1})
    with pytest.raises(LeaseLost):
        commands.complete(waiting, Outcome.DONE, "Paused.")

    assert journal.candles("BTCUSDT", Timeframe.M5) == []
    assert EventLog(database, "paper").newest_id() == told
    assert LiveState(database, "paper").read("prices") is None
    assert [row.id for row in commands.pending()] == [waiting]


def test_an_epoch_that_was_never_given_writes_nothing(
    database: Database, clock: FixedClock
) -> None:
    with pytest.raises(LeaseLost, match="nobody does"):
        SqlJournal(database, "paper", 1, clock).publish("prices", {})
