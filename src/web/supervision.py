"""Looks after open WebSockets: who may stay, and who holds a thread without using it."""

import logging
from typing import Protocol

from services.auth import Identity
from src.domain.ports import Clock
from src.web.connections import Connection, Connections
from src.web.outlet import ClientState, Outlet

log = logging.getLogger("api")

WATCH_INTERVAL_MS = 2_000
SIGN_IN_DEADLINE_MS = 5_000
FAREWELL_MS = 1_000
BACKLOG_LIMIT = 2_500


class LiveSessions(Protocol):
    """Which sessions still count."""

    def ended(self, identities: list[Identity]) -> set[str]:
        """The session ids among them that are expired or revoked."""
        ...


class Supervisor:
    """Ends WebSockets that must not stay: expired or revoked, silent, or too far behind.

    A client is first told, then given a moment to take the word, then cut off: cutting the TCP
    connection is what frees the server's thread, whatever the other side does.
    """

    def __init__(
        self, connections: Connections, outlet: Outlet, sessions: LiveSessions, clock: Clock
    ) -> None:
        self._connections = connections
        self._outlet = outlet
        self._sessions = sessions
        self._clock = clock
        self._watched_at = 0

    def watch(self) -> None:
        """Look once every two seconds; other calls return at once."""
        now = self._clock.now()
        if now - self._watched_at < WATCH_INTERVAL_MS:
            return
        self._watched_at = now
        connections = self._connections.all()
        self._dismiss_ended(connections, now)
        for connection in connections:
            reason = self._reason_to_cut(connection, now)
            if reason is not None:
                log.info("a WebSocket was cut: %s", reason)
                connection.cut()

    def cut_all(self) -> None:
        """End every WebSocket of this process."""
        for connection in self._connections.all():
            connection.cut()

    def _dismiss_ended(self, connections: list[Connection], now: int) -> None:
        identities = [c.identity for c in connections if c.identity is not None]
        ended = self._sessions.ended(identities) if identities else set()
        for connection in connections:
            identity, sid = connection.identity, connection.sid
            if sid is None or identity is None or connection.closing_at is not None:
                continue
            if identity.session_id in ended:
                connection.closing_at = now
                self._outlet.disconnect(sid)

    def _reason_to_cut(self, connection: Connection, now: int) -> str | None:
        if connection.closing_at is not None:
            over = now - connection.closing_at >= FAREWELL_MS
            return "its session has ended" if over else None
        if connection.sid is None:
            late = now - connection.opened_at >= SIGN_IN_DEADLINE_MS
            return "it did not sign in" if late else None
        if self._outlet.state(connection.sid) is ClientState.GONE:
            return "its client has left"
        if self._outlet.backlog(connection.sid) > BACKLOG_LIMIT:
            return "it does not take what is sent"
        return None
