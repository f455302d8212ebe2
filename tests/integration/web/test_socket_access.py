"""Who may hold a WebSocket, for how long, and what happens to one that only takes up room."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
import websocket

from services.auth import SESSION_MS
from src.database import Database, EventLog
from src.database.event_log import append_event
from src.web import Web
from src.web.supervision import SIGN_IN_DEADLINE_MS, WATCH_INTERVAL_MS
from tests.integration.web.live_server import InOrderClient, Listener, LiveServer, wait_until
from tests.integration.web.support import (
    CREDENTIALS,
    ENVIRONMENT,
    NOON,
    ORIGIN,
    ManualClock,
    new_web,
)


@pytest.fixture
def server(web: Web) -> Iterator[LiveServer]:
    with LiveServer(web) as server:
        yield server


def refusal(server: LiveServer, **auth: object) -> dict[str, Any]:
    """What a client is told that is refused."""
    client = InOrderClient()
    told: list[dict[str, Any]] = []
    client.on("connect_error", told.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(server.url, auth=auth, transports=["websocket"])
    client.close()
    return told[0]


def sign_in(connection: websocket.WebSocket, token: str) -> None:
    """Speak just enough Socket.IO to be admitted: open, connect, connected."""
    assert str(connection.recv()).startswith("0")
    connection.send("40" + json.dumps({"token": token}))
    assert str(connection.recv()).startswith("40")


def is_closed(connection: websocket.WebSocket) -> bool:
    """Whether the server has ended the connection; reads what came before that."""
    connection.settimeout(0.2)
    try:
        while connection.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketConnectionClosedException, ConnectionError):
        pass
    discard(connection)
    return True


def discard(connection: websocket.WebSocket) -> None:
    """Close the TCP socket without a word."""
    if connection.sock is not None:
        connection.sock.close()


@pytest.mark.parametrize(
    "auth",
    [{}, {"token": ""}, {"token": "a.b.c"}, {"token": 7}, {"token": None}, {"token": {"a": 1}}],
)
def test_without_a_valid_token_a_client_is_refused(
    server: LiveServer, auth: dict[str, object]
) -> None:
    told = refusal(server, **auth)
    assert told["data"] == {"code": "unauthenticated"}
    assert told["message"].endswith(".")


def test_a_token_in_the_address_is_no_token(server: LiveServer, token: str) -> None:
    """Addresses end up in logs."""
    client = InOrderClient()
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(f"{server.url}?token={token}", transports=["websocket"])
    client.close()


def test_a_token_of_an_ended_session_is_refused(
    server: LiveServer, token: str, bearer: dict[str, str]
) -> None:
    requests.post(f"{server.url}/api/auth/logout", headers=bearer, timeout=30)
    assert refusal(server, token=token)["data"] == {"code": "unauthenticated"}


@pytest.mark.parametrize("last", [-1, "7", 1.5, True, 2**63])
def test_a_last_event_id_that_is_none_is_refused(
    server: LiveServer, token: str, last: object
) -> None:
    assert refusal(server, token=token, lastEventId=last)["data"] == {"code": "invalid_input"}


def test_polling_is_refused_with_a_sentence(server: LiveServer) -> None:
    answer = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=30)
    assert answer.status_code == 400
    assert "WebSocket" in answer.json()["error"]["message"]


def handshake_status(server: LiveServer, origin: str) -> int:
    """The status a page of `origin` gets when it opens a WebSocket."""
    try:
        connection = websocket.create_connection(
            f"ws://{server.host}/socket.io/?EIO=4&transport=websocket", origin=origin, timeout=10
        )
    except websocket.WebSocketBadStatusException as refused:
        return refused.status_code
    connection.close()
    return 101


def test_pages_of_listed_origins_and_of_this_server_may_connect_and_no_other(
    server: LiveServer,
) -> None:
    assert handshake_status(server, ORIGIN) == 101
    assert handshake_status(server, server.url) == 101
    assert handshake_status(server, "https://evil.example") == 403
    assert handshake_status(server, f"http://{server.host}.evil.example") == 403
    assert handshake_status(server, "null") == 403


def test_above_the_cap_a_websocket_is_refused_and_rest_still_answers(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    web = new_web(database, clock, tmp_path, max_sockets=2)
    with LiveServer(web) as server:
        held = [server.raw_socket() for _ in range(2)]
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            server.raw_socket()
        assert refused.value.status_code == 503
        assert (refused.value.resp_headers or {})["retry-after"] == "10"
        assert json.loads(refused.value.resp_body or b"")["error"]["code"] == "unavailable"
        assert requests.get(f"{server.url}/api/health", timeout=30).status_code == 200
        held.pop().close()
        wait_until(lambda: handshake_status(server, ORIGIN) == 101, "the place that became free")
        held.pop().close()


def test_one_user_cannot_take_every_place(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    web = new_web(database, clock, tmp_path, max_sockets_per_user=1)
    token = web.authentication.register(**CREDENTIALS, address="192.0.2.1").token
    other = web.authentication.register("b@example.com", "correct horse", "192.0.2.1").token
    with LiveServer(web) as server, Listener(server, token=token) as first:
        first.wait_for("hello")
        assert refusal(server, token=token)["data"] == {"code": "too_many_connections"}
        with Listener(server, token=other) as second:
            second.wait_for("hello")


def test_before_the_relay_runs_clients_are_told_to_come_back(web: Web, token: str) -> None:
    with LiveServer(web, relaying=False) as server:
        assert refusal(server, token=token)["data"] == {"code": "unavailable"}


def test_a_client_is_sent_away_when_its_session_expires(
    server: LiveServer, token: str, clock: ManualClock
) -> None:
    with Listener(server, token=token) as listener:
        listener.wait_for("hello")
        clock.advance(SESSION_MS)
        assert listener.disconnected.wait(10)


def test_signing_out_ends_the_live_connection_of_that_session_only(
    server: LiveServer, token: str, bearer: dict[str, str], clock: ManualClock, events: EventLog
) -> None:
    other = server.web.authentication.login(**CREDENTIALS, address="192.0.2.1").token
    with Listener(server, token=token) as mine, Listener(server, token=other) as others:
        mine.wait_for("hello")
        others.wait_for("hello")
        requests.post(f"{server.url}/api/auth/logout", headers=bearer, timeout=30)
        clock.advance(WATCH_INTERVAL_MS)
        assert mine.disconnected.wait(10)
        events.append("signal", NOON, {"signal": {}})
        others.wait_for("signal")
        assert not mine.payloads("signal")


def test_a_client_that_ignores_being_sent_away_is_cut_off(
    server: LiveServer, token: str, bearer: dict[str, str], clock: ManualClock
) -> None:
    connection = server.raw_socket()
    sign_in(connection, token)
    requests.post(f"{server.url}/api/auth/logout", headers=bearer, timeout=30)

    def gone() -> bool:
        clock.advance(WATCH_INTERVAL_MS)
        return is_closed(connection)

    wait_until(gone, "the connection to end")


def test_a_connection_that_never_says_who_it_is_gives_its_thread_back(
    server: LiveServer, clock: ManualClock
) -> None:
    silent, refused = server.raw_socket(), server.raw_socket()
    refused.send("40" + json.dumps({"token": "wrong"}))
    clock.advance(SIGN_IN_DEADLINE_MS - 1)
    assert not is_closed(silent)
    clock.advance(WATCH_INTERVAL_MS)
    wait_until(lambda: is_closed(silent) and is_closed(refused), "both to be cut")


def test_a_message_too_large_to_be_a_token_ends_the_connection(server: LiveServer) -> None:
    connection = server.raw_socket()
    connection.recv()
    connection.send("4" + "x" * 100_000)
    wait_until(lambda: is_closed(connection), "the connection to end")


def test_a_client_that_stops_reading_delays_nobody_and_is_cut_off(
    server: LiveServer, token: str, clock: ManualClock, database: Database
) -> None:
    stuck = server.raw_socket(sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    sign_in(stuck, token)
    count, filler = 3500, "x" * 400
    with Listener(server, token=token) as reader:
        reader.wait_for("hello")
        with database.writing() as connection:
            for _ in range(count):
                append_event(
                    connection, ENVIRONMENT, "signal", NOON, NOON, {"signal": {"x": filler}}
                )
        reader.wait_for("signal", count)
        assert reader.ids == list(range(1, count + 1))

        def cut() -> bool:
            clock.advance(WATCH_INTERVAL_MS)
            return len(server.web.connections.all()) == 1

        wait_until(cut, "the stuck client to be cut")
    discard(stuck)


@pytest.fixture
def events(database: Database) -> EventLog:
    return EventLog(database, ENVIRONMENT)
