"""Carries what the database records to this process's WebSockets.

One thread per worker process owns everything that is sent: it tails the event log, admits new
clients and watches over the old ones. Because catching a client up and tailing happen on the
same thread, every client gets every event once and in order, without a lock.
"""

import logging
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any, Protocol

from src.database import EventRow
from src.database.times import to_iso
from src.web.connections import Connection
from src.web.outlet import ClientState, Outlet
from src.web.supervision import Supervisor

log = logging.getLogger("api")

CATCH_UP_LIMIT = 1000
BATCH = 500
LIVE_EVENTS: Mapping[str, str] = {
    "prices": "price",
    "monitor": "monitor_status",
    "backtests": "backtests",
}
"""Live-state row to Socket.IO event, in the order a new client gets them."""

LIVE_BACKLOG_LIMIT = 20
"""A client this far behind gets no live state until it has caught up: only the newest matters."""

_LONGEST_PAUSE_SECONDS = 5.0


class EventSource(Protocol):
    """The log, as far as the relay reads it. Both may raise StorageUnavailable."""

    def after(self, event_id: int, limit: int) -> list[EventRow]:
        """At most `limit` events with an id above `event_id`, oldest first."""
        ...

    def newest_id(self) -> int:
        """Id of the newest event; 0 when there is none."""
        ...


class LiveSource(Protocol):
    """Live state, as far as the relay reads it. May raise StorageUnavailable."""

    def read(self, name: str, newer_than: int = 0) -> tuple[int, dict[str, Any]] | None:
        """(version, payload) of `name`; None when it has no version above `newer_than`."""
        ...


class Changes(Protocol):
    """Whether there can be anything new to read."""

    def changed(self) -> bool:
        """Whether something was committed since the last call. May raise StorageUnavailable."""
        ...

    def close(self) -> None:
        """Release what it holds; it may be asked again later."""
        ...


class Relay:
    """The relay of one process. `interval` is how often it looks, in seconds.

    `start` after forking, `stop` before leaving; a failure of the database is logged, waited
    out and lost nothing, because the position in the log only moves with what was sent.
    """

    def __init__(
        self,
        events: EventSource,
        live: LiveSource,
        changes: Changes,
        outlet: Outlet,
        supervisor: Supervisor,
        interval: float = 0.02,
    ) -> None:
        self._events = events
        self._live = live
        self._changes = changes
        self._outlet = outlet
        self._supervisor = supervisor
        self._interval = interval
        self._arrivals: deque[Connection] = deque()
        self._clients: list[Connection] = []
        self._cursor = 0
        self._unread = True
        self._newest_live: dict[str, tuple[int, dict[str, Any]]] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether clients that join will be served."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin relaying on a thread of its own. Call once per process, after forking."""
        if self.running:
            raise RuntimeError("the relay is already running")
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """End the thread and every WebSocket, so that clients reconnect elsewhere at once."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
        self._supervisor.cut_all()

    def join(self, connection: Connection) -> None:
        """A client has proved who it is: serve it from the next step on. Any thread may call."""
        self._arrivals.append(connection)

    def step(self) -> None:
        """One look: new events to everyone, one newcomer caught up, live state that changed."""
        self._clients = [client for client in self._clients if self._is_here(client)]
        if self._clients:
            self._unread = self._changes.changed() or self._unread
            if self._unread:
                self._relay_news()
        self._admit_one()
        for client in self._clients:
            self._send_live_state(client)
        self._supervisor.watch()

    def _run(self) -> None:
        failures = 0
        pause = self._interval
        while not self._stopping.wait(pause):
            try:
                self.step()
            except Exception:
                failures += 1
                pause = min(self._interval * 2**failures, _LONGEST_PAUSE_SECONDS)
                log.exception("live updates failed; trying again in %.2f s", pause)
            else:
                failures, pause = 0, self._interval
        self._changes.close()

    def _is_here(self, client: Connection) -> bool:
        return client.sid is not None and self._outlet.state(client.sid) is ClientState.CONNECTED

    def _relay_news(self) -> None:
        """Only a complete reading, of a batch that was not full, leaves nothing unread."""
        rows = self._events.after(self._cursor, BATCH)
        for row in rows:
            for client in self._clients:
                self._send_event(client, row)
            self._cursor = row.id
        self._read_live_state()
        self._unread = len(rows) == BATCH

    def _admit_one(self) -> None:
        """Catch one newcomer up; the others wait a step, so the tail never pauses for long."""
        if not self._arrivals:
            return
        client = self._arrivals[0]
        state = ClientState.GONE if client.sid is None else self._outlet.state(client.sid)
        if state is ClientState.CONNECTED:
            self._admit(client)
        self._arrivals.popleft()
        if state is ClientState.CONNECTING:
            self._arrivals.append(client)

    def _admit(self, client: Connection) -> None:
        """Everything is read before anything is sent: a failing read can simply be repeated."""
        newest = self._events.newest_id()
        if not self._clients:
            self._cursor = newest
        missed = self._missed(client.last_event_id, newest)
        self._read_live_state()
        client.sent_id = self._cursor
        if missed is None:
            self._send(client, "resync", {"newestEventId": self._cursor})
        elif client.last_event_id is not None:
            client.sent_id = client.last_event_id
            for row in missed:
                self._send_event(client, row)
            client.sent_id = max(client.sent_id, self._cursor)
        self._send(client, "hello", {"newestEventId": client.sent_id})
        self._clients.append(client)
        self._send_live_state(client)

    def _missed(self, last_event_id: int | None, newest: int) -> list[EventRow] | None:
        """What a client has not seen; None when it must fetch everything anew.

        That is when it missed too much, or claims events this log has not had: the log was
        replaced since.
        """
        if last_event_id is None:
            return []
        if last_event_id > newest:
            return None
        rows = self._events.after(last_event_id, CATCH_UP_LIMIT + 1)
        return rows if len(rows) <= CATCH_UP_LIMIT else None

    def _send_event(self, client: Connection, row: EventRow) -> None:
        if row.id <= client.sent_id:
            return
        payload = {"id": row.id, "time": to_iso(row.market_time), **row.payload}
        self._send(client, row.type, payload)
        client.sent_id = row.id

    def _read_live_state(self) -> None:
        for name in LIVE_EVENTS:
            known, _ = self._newest_live.get(name, (0, {}))
            newer = self._live.read(name, newer_than=known)
            if newer is not None:
                self._newest_live[name] = newer

    def _send_live_state(self, client: Connection) -> None:
        for name, event in LIVE_EVENTS.items():
            version, payload = self._newest_live.get(name, (0, {}))
            if version and client.sent_versions.get(name) != version and self._keeps_up(client):
                client.sent_versions[name] = version
                self._send(client, event, payload)

    def _keeps_up(self, client: Connection) -> bool:
        if not client.sent_versions or client.sid is None:
            return True
        return self._outlet.backlog(client.sid) <= LIVE_BACKLOG_LIMIT

    def _send(self, client: Connection, event: str, payload: Mapping[str, object]) -> None:
        if client.sid is not None:
            self._outlet.send(client.sid, event, payload)
