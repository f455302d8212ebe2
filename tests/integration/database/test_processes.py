"""Several processes on one file: nothing is lost, nothing is locked, one is elected."""

import threading
from pathlib import Path

from sqlalchemy import insert, select, update

from src.database import (
    ENGINE_LEASE,
    Database,
    EventLog,
    EventRow,
    FailureCount,
    Lease,
    LiveState,
    LoginFailures,
    SqlJournal,
    StoredSettings,
    Users,
    current_revision,
    migrate,
    open_database,
)
from src.database.tables import lease, settings
from src.domain.candle import Timeframe
from src.domain.errors import Conflict, LeaseLost
from src.domain.events import StepRecord
from tests.integration.database.together import run_together
from tests.unit.database.facts import START, FixedClock, candle

INCREMENTS = 60


def increment(url: str, _number: int) -> None:
    """Read a number and write it plus one, again and again."""
    database = open_database(url)
    for _ in range(INCREMENTS):
        with database.writing(durable=False) as connection:
            value = connection.execute(select(settings.c.value)).scalar_one()
            connection.execute(update(settings).values(value=str(int(value) + 1)))
    database.dispose()


def test_no_update_is_lost_and_none_is_refused(url: str, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(settings).values(key="count", value="0", updated_at=0))
    run_together(increment, url)
    assert StoredSettings(database).get("count") == str(4 * INCREMENTS)


def migrate_and_write(url: str, number: int) -> None:
    """Start as a process of the product does."""
    migrate(url)
    database = open_database(url)
    StoredSettings(database).set(f"process-{number}", "started")
    database.dispose()


def test_four_processes_that_start_on_no_database_agree_on_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'fresh' / 'trading.db'}"
    run_together(migrate_and_write, url)
    database = open_database(url)
    assert current_revision(url) is not None
    assert {StoredSettings(database).get(f"process-{number}") for number in range(4)} == {"started"}
    database.dispose()


def acquire(url: str, number: int) -> int | None:
    """Ask for the lease once."""
    database = open_database(url)
    epoch = Lease(database, ENGINE_LEASE, f"process-{number}", FixedClock()).try_acquire()
    database.dispose()
    return epoch


def test_one_of_four_that_ask_at_once_gets_the_lease(url: str) -> None:
    assert sorted(run_together(acquire, url), key=str) == [1, None, None, None]


def register(url: str, number: int) -> str:
    """Try to take the same address."""
    database = open_database(url)
    try:
        Users(database).add("trader@example.com", b"hash", START + number)
    except Conflict:
        return "taken"
    finally:
        database.dispose()
    return "registered"


def test_one_of_four_that_register_at_once_gets_the_address(url: str) -> None:
    assert sorted(run_together(register, url)) == ["registered", "taken", "taken", "taken"]


class TooMany(Exception):
    """Refuses an attempt."""


def guess(url: str, _number: int) -> int:
    """Try passwords as fast as possible; how many tries were let through."""
    database = open_database(url)
    failures, tried = LoginFailures(database), 0

    def at_most_five(account: FailureCount, _address: FailureCount) -> None:
        if account.failures >= 5:
            raise TooMany

    for _ in range(10):
        try:
            failures.count("trader@example.com", "10.0.0.1", START, START - 1, at_most_five)
            tried += 1
        except TooMany:
            continue
    database.dispose()
    return tried


def test_guessers_in_four_processes_share_one_limit(url: str) -> None:
    assert sum(run_together(guess, url)) == 5


def append_and_publish(url: str, number: int) -> list[int]:
    """Write as the engine does; the ids of the events."""
    database = open_database(url)
    log, state = EventLog(database, "paper"), LiveState(database, "paper")
    ids = []
    for round_number in range(20):
        ids.append(log.append("signal", START, {"process": number, "round": round_number}))
        state.write("prices", {"process": number})
    database.dispose()
    return ids


def test_a_tail_by_id_sees_every_event_of_every_process_once(url: str, database: Database) -> None:
    """Ids are given in commit order, so what a tail has passed can never appear behind it."""
    log = EventLog(database, "paper")
    seen: list[EventRow] = []
    over = threading.Event()

    def tail() -> None:
        while True:
            last_look = over.is_set()
            seen.extend(log.after(seen[-1].id if seen else 0, 7))
            if last_look and seen and seen[-1].id == log.newest_id():
                return

    follower = threading.Thread(target=tail, daemon=True)
    follower.start()
    reported = run_together(append_and_publish, url)
    over.set()
    follower.join(30)
    assert not follower.is_alive()
    assert [row.id for row in seen] == sorted(id_ for ids in reported for id_ in ids)
    state = LiveState(database, "paper").read("prices")
    assert state is not None
    assert state[0] == 80


def test_an_engine_replaced_while_it_waits_to_write_writes_nothing(database: Database) -> None:
    """Its commit waits for the lock that its successor's election holds."""
    clock = FixedClock()
    epoch = Lease(database, ENGINE_LEASE, "first", clock).try_acquire()
    journal = SqlJournal(database, "paper", epoch, clock)
    raised: list[LeaseLost] = []

    def commit() -> None:
        try:
            journal.commit(StepRecord(START, candles=(candle(0),)))
        except LeaseLost as error:
            raised.append(error)

    waiting = threading.Thread(target=commit, daemon=True)
    with database.writing() as connection:
        connection.execute(update(lease).values(epoch=2, holder="second"))
        waiting.start()
    waiting.join(30)
    assert [type(error) for error in raised] == [LeaseLost]
    assert journal.candles("BTCUSDT", Timeframe.M5) == []


def test_takeover_after_silence_elects_exactly_one_again(url: str, database: Database) -> None:
    """The holder of epoch 1 fell silent long ago; the epoch grows by one, once."""
    long_ago = FixedClock(START - 60_000)
    assert Lease(database, ENGINE_LEASE, "silent", long_ago).try_acquire() == 1
    assert sorted(run_together(acquire, url, 2), key=str) == [2, None]
