"""The account's stream: a refused key, a silent server, and an end without leftovers."""

import socket
import threading

import pytest
from websocket import WebSocketException

from src.exchange.bybit import ApiKey
from src.exchange.bybit.private_stream import PrivateStream
from tests.integration.exchange.bybit_venue import KEY, bybit_venue
from tests.integration.simulator.following import wait_until


def test_a_refused_key_is_told_at_once_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    with bybit_venue() as venue:
        stream = PrivateStream(venue.url.replace("http", "ws"), 60.0, ApiKey(KEY.key, "wrong"))
        with pytest.raises(WebSocketException, match="not accepted"):
            stream.connect()
        stream.discard()
    wait_until(lambda: set(threading.enumerate()) <= before)


def test_a_server_that_never_answers_is_given_up() -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as mute:
        stream = PrivateStream(f"ws://127.0.0.1:{mute.getsockname()[1]}", 0.1, KEY)
        with pytest.raises((WebSocketException, OSError)):
            stream.connect()
        stream.discard()
    wait_until(lambda: set(threading.enumerate()) <= before)
