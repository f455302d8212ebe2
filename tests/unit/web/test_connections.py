"""The WebSockets of one process: counted, capped, and really ended when they must be."""

import socket
import threading

import pytest

from services.auth import Identity
from src.web.connections import Connection, ConnectionLimitReached, Connections


def test_a_place_is_taken_for_the_length_of_the_block() -> None:
    connections = Connections(limit=1)
    first = Connection(None, opened_at=0)
    with connections.admit(first):
        assert connections.all() == [first]
        with pytest.raises(ConnectionLimitReached), connections.admit(Connection(None, 0)):
            pass
        assert connections.all() == [first]
    assert connections.all() == []


def test_a_place_is_given_back_when_the_block_fails() -> None:
    connections = Connections(limit=1)
    with pytest.raises(StopIteration), connections.admit(Connection(None, 0)):
        raise StopIteration
    assert connections.all() == []


def test_places_are_counted_per_user() -> None:
    connections = Connections(limit=5)
    mine = Connection(None, 0, identity=Identity(1, "a@example.com", "s1", 10))
    others = Connection(None, 0, identity=Identity(2, "b@example.com", "s2", 10))
    with connections.admit(mine), connections.admit(others), connections.admit(Connection(None, 0)):
        assert connections.of_user(1) == 1
        assert connections.of_user(3) == 0


def test_cutting_wakes_a_thread_that_reads() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.append(ours.recv(10)), daemon=True)
        reader.start()
        Connection(ours, 0).cut()
        reader.join(10)
        assert got == [b""]
        assert theirs.recv(10) == b""


def test_cutting_what_is_already_closed_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    ours.close()
    Connection(ours, 0).cut()
    Connection(None, 0).cut()
