"""The WebSockets this process holds, from the upgrade request until the thread returns."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.auth import Identity


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket. `raw` is its TCP socket, None when the server does not reveal it.

    `sid`, `identity` and `last_event_id` are set when the client has proved who it is;
    `opened_at` and `closing_at` are wall time, UTC ms.
    """

    raw: socket.socket | None
    opened_at: int
    sid: str | None = None
    identity: Identity | None = None
    last_event_id: int | None = None
    closing_at: int | None = None
    sent_id: int = 0
    sent_versions: dict[str, int] = field(default_factory=dict)

    def cut(self) -> None:
        """End the TCP connection now. Threads blocked reading or writing it return at once."""
        if self.raw is not None:
            with contextlib.suppress(OSError):  # already closed by the other side
                self.raw.shutdown(socket.SHUT_RDWR)


class ConnectionLimitReached(Exception):
    """There is no room for another WebSocket."""


class Connections:
    """The set of open WebSockets and its cap. Safe to use from any thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._open: set[Connection] = set()

    @contextmanager
    def admit(self, connection: Connection) -> Iterator[None]:
        """Hold `connection` open for the block. Raises ConnectionLimitReached."""
        with self._lock:
            if len(self._open) >= self._limit:
                raise ConnectionLimitReached
            self._open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)

    def all(self) -> list[Connection]:
        """Every open WebSocket."""
        with self._lock:
            return list(self._open)

    def of_user(self, user_id: int) -> int:
        """How many of them one user holds."""
        return sum(
            connection.identity is not None and connection.identity.user_id == user_id
            for connection in self.all()
        )
