"""The relay, one step at a time: order, catching up, slow clients and a failing database."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from services.auth import Identity
from src.database import EventRow, StorageUnavailable
from src.web.connections import Connection, Connections
from src.web.outlet import ClientState
from src.web.relay import BATCH, CATCH_UP_LIMIT, LIVE_BACKLOG_LIMIT, Relay
from src.web.supervision import Supervisor

SIGNED_IN = Identity(user_id=1, email="a@example.com", session_id="s", expires_at=10**15)


class Log:
    """An event log in memory that fails on demand."""

    def __init__(self) -> None:
        self.rows: list[EventRow] = []
        self.failures = 0

    def append(self, count: int = 1) -> None:
        for _ in range(count):
            number = len(self.rows) + 1
            self.rows.append(EventRow(number, "signal", 0, {"signal": {"n": number}}))

    def after(self, event_id: int, limit: int) -> list[EventRow]:
        self._fail_if_told()
        return [row for row in self.rows if row.id > event_id][:limit]

    def newest_id(self) -> int:
        self._fail_if_told()
        return self.rows[-1].id if self.rows else 0

    def _fail_if_told(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageUnavailable("locked")


class Live:
    """Live state in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, dict[str, Any]]] = {}

    def write(self, name: str, payload: dict[str, Any]) -> None:
        self.rows[name] = (self.rows.get(name, (0, {}))[0] + 1, payload)

    def read(self, name: str, newer_than: int = 0) -> tuple[int, dict[str, Any]] | None:
        row = self.rows.get(name)
        return row if row is not None and row[0] > newer_than else None


class Outlet:
    """Keeps what each client was sent."""

    def __init__(self) -> None:
        self.states: dict[str, ClientState] = {}
        self.backlogs: dict[str, int] = {}
        self.sent: dict[str, list[tuple[str, Mapping[str, object]]]] = {}

    def state(self, sid: str) -> ClientState:
        return self.states.get(sid, ClientState.CONNECTED)

    def send(self, sid: str, event: str, payload: Mapping[str, object]) -> None:
        self.sent.setdefault(sid, []).append((event, payload))

    def backlog(self, sid: str) -> int:
        return self.backlogs.get(sid, 0)

    def disconnect(self, sid: str) -> None:
        self.states[sid] = ClientState.GONE

    def ids(self, sid: str) -> list[object]:
        return [payload["id"] for _, payload in self.sent.get(sid, []) if "id" in payload]

    def names(self, sid: str) -> list[str]:
        return [event for event, _ in self.sent.get(sid, [])]


class Changes:
    """Notices each change of log and live state once, as the database's counter does."""

    def __init__(self, log: Log, live: Live) -> None:
        self._log, self._live = log, live
        self._seen: object = None

    def changed(self) -> bool:
        now = (len(self._log.rows), repr(self._live.rows))
        changed, self._seen = now != self._seen, now
        return changed

    def close(self) -> None:
        self._seen = None


class World:
    """A relay with everything around it replaced."""

    def __init__(self) -> None:
        self.log, self.live, self.outlet = Log(), Live(), Outlet()
        self.connections = Connections(limit=10)
        self.relay = Relay(
            self.log,
            self.live,
            Changes(self.log, self.live),
            self.outlet,
            Supervisor(self.connections, self.outlet, Sessions(), StillClock()),
            interval=0.001,
        )

    def join(self, sid: str, last_event_id: int | None = None) -> Connection:
        connection = Connection(None, 0, sid, SIGNED_IN, last_event_id)
        self.relay.join(connection)
        return connection


class Sessions:
    """Nobody's session ends."""

    def ended(self, identities: list[Identity]) -> set[str]:
        return set()


class StillClock:
    """Time that does not pass."""

    def now(self) -> int:
        return 0


@pytest.fixture
def world() -> World:
    return World()


def test_a_client_is_greeted_and_then_follows_the_log(world: World) -> None:
    world.log.append(3)
    world.join("a")
    world.relay.step()
    world.log.append(2)
    world.relay.step()
    assert world.outlet.sent["a"][0] == ("hello", {"newestEventId": 3})
    assert world.outlet.ids("a") == [4, 5]


def test_events_that_arrive_between_two_steps_are_sent_before_the_newcomer_is_admitted(
    world: World,
) -> None:
    """So that nobody gets them twice: not the old client, not the one catching up."""
    world.join("old")
    world.relay.step()
    world.log.append(4)
    world.join("new", last_event_id=1)
    world.relay.step()
    world.log.append(1)
    world.relay.step()
    assert world.outlet.ids("old") == [1, 2, 3, 4, 5]
    assert world.outlet.ids("new") == [2, 3, 4, 5]
    assert world.outlet.names("new") == ["signal"] * 3 + ["hello", "signal"]


def test_a_client_that_saw_newer_events_through_another_process_gets_none_twice(
    world: World,
) -> None:
    """This relay reads in batches and may be behind; the client came from one that was not."""
    world.join("old")
    world.relay.step()
    world.log.append(BATCH + 10)
    world.join("new", last_event_id=BATCH + 5)
    world.relay.step()
    world.relay.step()
    assert world.outlet.ids("old") == list(range(1, BATCH + 11))
    assert world.outlet.ids("new") == list(range(BATCH + 6, BATCH + 11))


def test_while_nobody_listens_the_log_is_not_read(world: World) -> None:
    world.log.append(5)
    world.log.failures = 1
    world.relay.step()
    assert world.log.failures == 1


def test_while_nothing_changes_the_log_is_not_read(world: World) -> None:
    world.join("a")
    world.relay.step()
    world.relay.step()
    world.log.failures = 1
    world.relay.step()
    assert world.log.failures == 1


def test_a_burst_larger_than_a_batch_is_read_to_its_end(world: World) -> None:
    world.join("a")
    world.relay.step()
    world.log.append(2 * BATCH)
    for _ in range(3):
        world.relay.step()
    assert world.outlet.ids("a") == list(range(1, 2 * BATCH + 1))


def test_newcomers_are_admitted_one_per_step_so_that_the_tail_keeps_moving(world: World) -> None:
    for sid in "abc":
        world.join(sid)
    greeted = []
    for _ in range(3):
        world.relay.step()
        greeted.append(sorted(world.outlet.sent))
    assert greeted == [["a"], ["a", "b"], ["a", "b", "c"]]


def test_a_client_whose_handshake_is_not_over_waits_its_turn(world: World) -> None:
    world.outlet.states["slow"] = ClientState.CONNECTING
    world.join("slow")
    world.join("quick")
    world.relay.step()
    world.relay.step()
    assert list(world.outlet.sent) == ["quick"]
    world.outlet.states["slow"] = ClientState.CONNECTED
    world.relay.step()
    assert world.outlet.names("slow") == ["hello"]


def test_a_client_that_left_is_forgotten(world: World) -> None:
    world.join("a")
    world.relay.step()
    world.outlet.states["a"] = ClientState.GONE
    world.log.append()
    world.relay.step()
    assert world.outlet.ids("a") == []


def test_exactly_the_limit_is_caught_up_and_one_more_is_not(world: World) -> None:
    world.log.append(CATCH_UP_LIMIT + 1)
    world.join("most", last_event_id=1)
    world.join("more", last_event_id=0)
    world.relay.step()
    world.relay.step()
    assert world.outlet.ids("most") == list(range(2, CATCH_UP_LIMIT + 2))
    assert world.outlet.names("more") == ["resync", "hello"]


def test_live_state_goes_to_newcomers_and_then_only_when_it_changes(world: World) -> None:
    world.live.write("prices", {"equity": 1})
    world.live.write("monitor", {"state": "running"})
    world.join("a")
    for _ in range(3):
        world.relay.step()
    assert world.outlet.names("a") == ["hello", "price", "monitor_status"]
    world.live.write("prices", {"equity": 2})
    world.relay.step()
    world.relay.step()
    assert world.outlet.sent["a"][3:] == [("price", {"equity": 2})]


def test_a_client_that_is_behind_gets_every_event_but_only_the_newest_price(world: World) -> None:
    world.live.write("prices", {"equity": 0})
    world.join("a")
    world.relay.step()
    world.outlet.backlogs["a"] = LIVE_BACKLOG_LIMIT + 1
    for equity in range(1, 5):
        world.live.write("prices", {"equity": equity})
        world.log.append()
        world.relay.step()
    world.outlet.backlogs["a"] = 0
    world.relay.step()
    assert world.outlet.ids("a") == [1, 2, 3, 4]
    prices = [payload for event, payload in world.outlet.sent["a"] if event == "price"]
    assert prices == [{"equity": 0}, {"equity": 4}]


def test_a_failing_database_loses_and_doubles_nothing(world: World) -> None:
    world.log.append(3)
    world.join("a", last_event_id=1)
    world.log.failures = 2
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            world.relay.step()
    world.relay.step()
    world.log.append(2)
    world.log.failures = 1
    with pytest.raises(StorageUnavailable):
        world.relay.step()
    world.relay.step()
    assert world.outlet.ids("a") == [2, 3, 4, 5]
    assert world.outlet.names("a").count("hello") == 1


def test_the_thread_outlives_failures_and_says_so(
    world: World, caplog: pytest.LogCaptureFixture, wait_until: Callable[..., None]
) -> None:
    world.log.append()
    world.log.failures = 3
    with caplog.at_level(logging.ERROR, logger="api"):
        world.relay.start()
        world.join("a", last_event_id=0)
        wait_until(lambda: world.outlet.ids("a") == [1], "the event")
        assert world.relay.running
        world.relay.stop()
    assert not world.relay.running
    assert len(caplog.records) == 3
    assert all("trying again" in record.getMessage() for record in caplog.records)


def test_a_relay_runs_once_and_can_be_started_again_after_it_stopped(world: World) -> None:
    world.relay.start()
    with pytest.raises(RuntimeError):
        world.relay.start()
    world.relay.stop()
    world.relay.start()
    assert world.relay.running
    world.relay.stop()
