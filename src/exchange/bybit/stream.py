"""A market stream that keeps itself alive: one supervisor thread, built anew when it fails."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from websocket import WebSocketException

from src.domain.ports import Clock, FeedHealth, RawMessage

log = logging.getLogger(__name__)

_QUIET = "nothing was said for long"


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a stream is watched. Deadlines in milliseconds, pauses in seconds.

    `watch_freshness` is off where silence is normal: a market replayed in lock-step.
    `longest_silence_ms` is after how long without any message a connection is renewed although
    nothing may have happened; 0 is never.
    """

    watch_freshness: bool = True
    ticker_deadline_ms: int = 10_000
    kline_deadline_ms: int = 120_000
    longest_silence_ms: int = 0
    connect_timeout: float = 10.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    check_every: float = 0.25

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row: exponential, with jitter."""
        longest = min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


class Stream(Protocol):
    """One connection that never reconnects by itself."""

    def connect(self) -> None:
        """Connect. Raises WebSocketException or OSError."""
        ...

    def follow(self, callback: Callable[[dict[str, Any]], None]) -> None:
        """Subscribe to its topics. Raises WebSocketException."""
        ...

    @property
    def is_alive(self) -> bool:
        """Whether the socket is open and read."""
        ...

    def discard(self) -> None:
        """Close the socket and wait until the reading thread has ended."""
        ...


class SupervisedStream:
    """Topics of a stream, delivered raw to `sink` on a foreign thread.

    A stream that breaks, or on which one topic stays silent beyond its deadline (`deadlines`,
    milliseconds by topic), is discarded and a new one built, with pauses that grow while it keeps
    failing. `connected` is called on a foreign thread after each connection is subscribed.
    A connection that was merely quiet for long is renewed at once, and counts as connected
    meanwhile: that is a precaution, no failure.
    """

    def __init__(
        self,
        name: str,
        build: Callable[[], Stream],
        deadlines: Mapping[str, int],
        sink: Callable[[RawMessage], None],
        clock: Clock,
        settings: StreamSettings,
        connected: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._build = build
        self._deadlines = deadlines
        self._sink = sink
        self._on_connected = connected
        self._clock = clock
        self._settings = settings
        self._closed = threading.Event()
        self._tried = threading.Event()
        self._heard: dict[str, int] = {}
        self._last_message_at = 0
        self._connected = False
        self._connections = 0
        self._condemned: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"bybit-{name}-stream", daemon=True)

    def start(self) -> None:
        """Begin to stream; returns at once."""
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the first connection was made or failed, but not longer."""
        self._tried.wait(seconds)

    def health(self) -> FeedHealth:
        """Freshness as of now."""
        return FeedHealth(self._connected, self._last_message_at, max(self._connections - 1, 0))

    def rebuild(self, complaint: str) -> None:
        """Give the present connection up, for this reason. May be called by any thread."""
        if self._connected:
            self._condemned = complaint

    def close(self) -> None:
        """End the stream and its threads."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._closed.is_set():
            before, complaint = self._last_message_at, ""
            stream = self._build()
            try:
                stream.connect()
                stream.follow(self._receive)
                complaint = self._watch(stream)
            except (WebSocketException, OSError) as error:
                complaint = f"it cannot be reached ({error})"
            finally:
                self._connected = complaint == _QUIET
                self._tried.set()
                stream.discard()
            if self._closed.is_set():
                return
            if complaint == _QUIET:
                log.info("The %s stream: %s. It is renewed.", self._name, complaint)
                continue
            failures = 1 if self._last_message_at > before else failures + 1
            pause = self._settings.pause(failures)
            log.warning(
                "The %s stream: %s. A new one is built in %.1f s.", self._name, complaint, pause
            )
            self._closed.wait(pause)

    def _watch(self, stream: Stream) -> str:
        """Wait until the stream has to be replaced and say why."""
        now = self._clock.now()
        self._heard = dict.fromkeys(self._deadlines, now)
        patience = self._settings.longest_silence_ms * random.uniform(0.8, 1.0)  # noqa: S311 - jitter
        self._connections += 1
        self._on_connected()
        self._condemned = None
        self._connected = True
        self._tried.set()
        while not self._closed.wait(self._settings.check_every):
            if not stream.is_alive:
                return "the connection broke"
            silent = self._silent_topic()
            if silent is not None:
                return f"{silent} has been silent too long"
            if self._condemned is not None:
                return self._condemned
            if 0 < patience < self._clock.now() - max(now, self._last_message_at):
                return _QUIET
        return "closed"

    def _silent_topic(self) -> str | None:
        if not self._settings.watch_freshness:
            return None
        now = self._clock.now()
        for topic, deadline in self._deadlines.items():
            if now - self._heard[topic] > deadline:
                return topic
        return None

    def _receive(self, message: dict[str, Any]) -> None:
        """Called by pybit on its reading thread: note the time and hand over, nothing else."""
        now = self._clock.now()
        self._heard[str(message["topic"])] = now
        self._last_message_at = now
        if isinstance(message["data"], dict):
            # pybit goes on merging ticker deltas into this very dict.
            message = {**message, "data": dict(message["data"])}
        self._sink(message)
