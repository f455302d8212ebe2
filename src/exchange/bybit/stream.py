"""A market stream that keeps itself alive: one supervisor thread, built anew when it fails."""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from websocket import WebSocketException

from src.domain.ports import Clock, FeedHealth, RawMessage
from src.exchange.bybit.public_stream import PublicStream

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a stream is watched. Deadlines in milliseconds, pauses in seconds.

    `watch_freshness` is off where silence is normal: a market replayed in lock-step.
    """

    watch_freshness: bool = True
    ticker_deadline_ms: int = 10_000
    kline_deadline_ms: int = 120_000
    connect_timeout: float = 10.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    check_every: float = 0.25

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row: exponential, with jitter."""
        longest = min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


class SupervisedStream:
    """Candles and tickers of some symbols, delivered raw to `sink` on a foreign thread.

    A stream that breaks, or on which one topic stays silent beyond its deadline, is discarded
    and a new one built, with pauses that grow while it keeps failing.
    """

    def __init__(
        self,
        base_url: str,
        interval: str,
        symbols: Sequence[str],
        sink: Callable[[RawMessage], None],
        clock: Clock,
        settings: StreamSettings,
    ) -> None:
        self._base_url = base_url
        self._interval = interval
        self._symbols = list(symbols)
        self._sink = sink
        self._clock = clock
        self._settings = settings
        self._closed = threading.Event()
        self._heard: dict[str, int] = {}
        self._last_message_at = 0
        self._connected = False
        self._reconnects = 0
        self._thread = threading.Thread(target=self._run, name="bybit-stream", daemon=True)

    def start(self) -> None:
        """Begin to stream; returns at once."""
        self._thread.start()

    def health(self) -> FeedHealth:
        """Freshness as of now."""
        return FeedHealth(self._connected, self._last_message_at, self._reconnects)

    def close(self) -> None:
        """End the stream and its threads."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._closed.is_set():
            before = self._last_message_at
            stream = PublicStream(self._base_url, self._settings.connect_timeout)
            try:
                stream.connect()
                stream.follow(self._interval, self._symbols, self._receive)
                complaint = self._watch(stream)
            except (WebSocketException, OSError) as error:
                complaint = f"it cannot be reached ({error})"
            finally:
                self._connected = False
                stream.discard()
            if self._closed.is_set():
                return
            failures = 1 if self._last_message_at > before else failures + 1
            pause = self._settings.pause(failures)
            log.warning("Market stream: %s. A new one is built in %.1f s.", complaint, pause)
            self._closed.wait(pause)

    def _watch(self, stream: PublicStream) -> str:
        """Wait until the stream has to be replaced and say why."""
        now = self._clock.now()
        self._heard = {topic: now for topic, _ in self._deadlines()}
        self._reconnects += 1 if self._last_message_at else 0
        self._connected = True
        while not self._closed.wait(self._settings.check_every):
            if not stream.is_alive:
                return "the connection broke"
            silent = self._silent_topic()
            if silent is not None:
                return f"{silent} has been silent too long"
        return "closed"

    def _silent_topic(self) -> str | None:
        if not self._settings.watch_freshness:
            return None
        now = self._clock.now()
        for topic, deadline in self._deadlines():
            if now - self._heard[topic] > deadline:
                return topic
        return None

    def _deadlines(self) -> list[tuple[str, int]]:
        settings = self._settings
        return [
            *((f"tickers.{symbol}", settings.ticker_deadline_ms) for symbol in self._symbols),
            *(
                (f"kline.{self._interval}.{symbol}", settings.kline_deadline_ms)
                for symbol in self._symbols
            ),
        ]

    def _receive(self, message: dict[str, Any]) -> None:
        """Called by pybit on its reading thread: note the time and hand over, nothing else."""
        now = self._clock.now()
        self._heard[str(message["topic"])] = now
        self._last_message_at = now
        if isinstance(message["data"], dict):
            # pybit goes on merging ticker deltas into this very dict.
            message = {**message, "data": dict(message["data"])}
        self._sink(message)
