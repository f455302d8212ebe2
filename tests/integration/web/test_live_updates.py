"""Every client gets every event once and in order, whenever it connects."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from src.database import Database, EventLog, LiveState
from src.database.event_log import append_event
from src.database.times import to_iso
from src.domain.signal import SignalStatus
from src.web import Web
from src.web.relay import CATCH_UP_LIMIT
from tests.integration.web.live_server import Listener, LiveServer, wait_until
from tests.integration.web.support import ENVIRONMENT, NOON, Ledger


@pytest.fixture
def server(web: Web) -> Iterator[LiveServer]:
    with LiveServer(web) as server:
        yield server


@pytest.fixture
def events(database: Database) -> EventLog:
    return EventLog(database, ENVIRONMENT)


def append_many(database: Database, count: int) -> None:
    """`count` events in one transaction."""
    with database.writing() as connection:
        for number in range(count):
            append_event(connection, ENVIRONMENT, "signal", NOON, NOON, {"signal": {"n": number}})


def test_a_new_client_is_greeted_and_then_shown_the_present(
    server: LiveServer, token: str, database: Database, events: EventLog
) -> None:
    live = LiveState(database, ENVIRONMENT)
    live.write("prices", {"equity": 1000.0})
    live.write("monitor", {"state": "running"})
    newest = events.append("signal", NOON, {"signal": {}})
    with Listener(server, token=token) as listener:
        listener.wait_for("monitor_status")
        assert listener.received == [
            ("hello", {"newestEventId": newest}),
            ("price", {"equity": 1000.0}),
            ("monitor_status", {"state": "running"}),
        ]


def test_what_the_engine_records_arrives_as_rest_would_show_it(
    server: LiveServer, token: str, ledger: Ledger, bearer: dict[str, str]
) -> None:
    with Listener(server, token=token) as listener:
        listener.wait_for("hello")
        ledger.signal(1, SignalStatus.FILLED)
        ledger.open(1)
        ledger.close(1, "10")
        ledger.equity(NOON, "1010")
        listener.wait_for("equity")
        assert listener.names[1:] == ["signal", "trade_opened", "trade_closed", "equity"]
        client = server.web.app.test_client()
        history = client.get("/api/dashboard/trades", headers=bearer).get_json()["trades"]
        [closed] = listener.payloads("trade_closed")
        assert closed == {"id": closed["id"], "time": to_iso(NOON), "trade": history[0]}
        [equity] = listener.payloads("equity")
        assert equity["point"]["equity"] == 1010.0


def test_a_client_that_returns_gets_exactly_what_it_missed(
    server: LiveServer, token: str, events: EventLog
) -> None:
    ids = [events.append("signal", NOON, {"signal": {"n": number}}) for number in range(10)]
    with Listener(server, token=token, lastEventId=ids[3]) as listener:
        listener.wait_for("hello")
        assert listener.ids == ids[4:]
        assert listener.names[-1] == "hello"
        later = events.append("order", NOON, {"order": {}})
        listener.wait_for("order")
        assert listener.ids == [*ids[4:], later]


@pytest.mark.parametrize(
    ("missed", "caught_up"), [(CATCH_UP_LIMIT, True), (CATCH_UP_LIMIT + 1, False)]
)
def test_a_client_that_missed_too_much_is_told_to_start_over(
    server: LiveServer,
    token: str,
    database: Database,
    events: EventLog,
    missed: int,
    caught_up: bool,
) -> None:
    append_many(database, missed)
    newest = events.newest_id()
    with Listener(server, token=token, lastEventId=0) as listener:
        listener.wait_for("hello")
        if caught_up:
            assert listener.ids == list(range(newest - missed + 1, newest + 1))
            assert not listener.payloads("resync")
        else:
            assert listener.received[:2] == [
                ("resync", {"newestEventId": newest}),
                ("hello", {"newestEventId": newest}),
            ]


def test_a_client_from_before_the_log_was_replaced_is_told_to_start_over(
    server: LiveServer, token: str, events: EventLog
) -> None:
    newest = events.append("signal", NOON, {"signal": {}})
    with Listener(server, token=token, lastEventId=newest + 5) as listener:
        listener.wait_for("hello")
        assert listener.names == ["resync", "hello"]
        events.append("order", NOON, {"order": {}})
        listener.wait_for("order")


def test_clients_that_join_while_events_pour_in_get_each_once_and_in_order(
    server: LiveServer, token: str, events: EventLog
) -> None:
    """Twelve clients join at different moments of 240 appends, half of them with a past."""
    total, clients = 240, 12
    first = events.append("signal", NOON, {"signal": {}})

    def pour() -> None:
        for number in range(1, total):
            events.append("signal", NOON, {"signal": {"n": number}})

    def reached(event_id: int) -> bool:
        return events.newest_id() >= min(event_id, first + total - 1)

    writer = threading.Thread(target=pour, daemon=True)
    with ExitStack() as stack:
        joined: list[tuple[int | None, Listener]] = []
        writer.start()
        for number in range(clients):
            newest = events.newest_id()
            past = {"lastEventId": newest} if number % 2 else {}
            listener = stack.enter_context(Listener(server, token=token, **past))
            joined.append((past.get("lastEventId"), listener))
            wait_until(partial(reached, newest + total // 16), "more events")
        writer.join()
        for last, listener in joined:
            expect_everything_since(last, listener, first + total - 1)


def expect_everything_since(last: int | None, listener: Listener, newest: int) -> None:
    """Each id after `last` (or after the greeting, for a newcomer), once and in order."""
    [hello] = listener.wait_for("hello")
    began = hello["newestEventId"] if last is None else last
    wait_until(lambda: began == newest or newest in listener.ids, "the last event")
    assert listener.ids == list(range(began + 1, newest + 1))


def test_live_state_is_sent_when_it_changes_and_only_then(
    server: LiveServer, token: str, database: Database, events: EventLog
) -> None:
    live = LiveState(database, ENVIRONMENT)
    with Listener(server, token=token) as listener:
        listener.wait_for("hello")
        live.write("prices", {"equity": 1.0})
        listener.wait_for("price")
        live.write("prices", {"equity": 2.0})
        listener.wait_for("price", 2)
        events.append("order", NOON, {"order": {}})
        listener.wait_for("order")
        assert [payload["equity"] for payload in listener.payloads("price")] == [1.0, 2.0]


def test_events_of_another_environment_stay_there(
    server: LiveServer, token: str, database: Database, events: EventLog
) -> None:
    with Listener(server, token=token) as listener:
        listener.wait_for("hello")
        EventLog(database, "demo").append("signal", NOON, {"signal": {}})
        LiveState(database, "demo").write("prices", {"equity": 5.0})
        mine = events.append("order", NOON, {"order": {}})
        listener.wait_for("order")
        assert listener.ids == [mine]
        assert not listener.payloads("price")
