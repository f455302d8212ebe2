"""The Socket.IO server as the relay sees it: where events leave this process."""

import enum
from collections.abc import Mapping
from typing import Any, Protocol

import socketio
from engineio.exceptions import EngineIOError

NAMESPACE = "/"


class ClientState(enum.Enum):
    """How far a client's Socket.IO session is."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    GONE = "gone"


class Outlet(Protocol):
    """Hands events to clients. Nothing here waits for a client."""

    def state(self, sid: str) -> ClientState:
        """How far the client is."""
        ...

    def send(self, sid: str, event: str, payload: Mapping[str, object]) -> None:
        """Queue an event for one client; a client that has gone is no error."""
        ...

    def backlog(self, sid: str) -> int:
        """How many packets the client has not taken yet."""
        ...

    def disconnect(self, sid: str) -> None:
        """Tell the client to go; the queue before that is still delivered."""
        ...


class SocketIOOutlet:
    """The outlet of a python-socketio server.

    In threading mode each client has its own queue and its own writer thread, so `send` never
    blocks on a client. Events go to one client at a time: the library's broadcast stops at the
    first client that closes in the middle of it, and the rest would miss the event.
    """

    def __init__(self, server: "socketio.Server") -> None:
        self._server: Any = server

    def state(self, sid: str) -> ClientState:
        """How far the client is."""
        manager = self._server.manager
        if manager.is_connected(sid, NAMESPACE):
            return ClientState.CONNECTED
        if manager.is_pre_connected(sid, NAMESPACE):
            return ClientState.CONNECTING
        return ClientState.GONE

    def send(self, sid: str, event: str, payload: Mapping[str, object]) -> None:
        """Queue an event for one client; a client that has gone is no error."""
        try:
            self._server.emit(event, dict(payload), to=sid, namespace=NAMESPACE)
        except (KeyError, EngineIOError):
            # It closed between the look-up and the queue; its own thread removes it.
            return

    def backlog(self, sid: str) -> int:
        """How many packets the client has not taken yet."""
        eio_sid = self._server.manager.eio_sid_from_sid(sid, NAMESPACE)
        transport = self._server.eio.sockets.get(eio_sid)
        return transport.queue.qsize() if transport is not None else 0

    def disconnect(self, sid: str) -> None:
        """Tell the client to go; the queue before that is still delivered."""
        try:
            self._server.disconnect(sid, namespace=NAMESPACE)
        except (KeyError, EngineIOError):
            return
