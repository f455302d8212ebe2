"""The exchange of the browser tests: the same market in every run, and it can be held.

A trade of this market is open for seconds. Who wants to look at one and do something with it lets
time stand still meanwhile, as a test that reads a page cannot hurry.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from src.domain.candle import DAY_MS
from src.simulator.clock import CATCH_UP_MS, RealTimeClock
from src.simulator.state import DEFAULT_SEED, StoredState
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
BEGIN = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
SPEED = 720.0


class Stopwatch:
    """A wall clock that can stand still. UTC ms."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._running_since: float | None = time.monotonic()
        self._passed = 0.0

    def now(self) -> int:
        """What it shows."""
        return self._start + int(1000 * self._seconds())

    def hold(self) -> None:
        """Stand still; again if it does already."""
        self._passed, self._running_since = self._seconds(), None

    def go_on(self) -> None:
        """Run from where it stands."""
        self._passed, self._running_since = self._seconds(), time.monotonic()

    def _seconds(self) -> float:
        running = 0.0 if self._running_since is None else time.monotonic() - self._running_since
        return self._passed + running


class HeldMarket:
    """Three days from BEGIN, played at SPEED from the first subscription on."""

    def __init__(self, url: str, stopwatch: Stopwatch) -> None:
        self.url = url
        self._stopwatch = stopwatch

    def hold(self) -> None:
        """From here on no price moves and no candle closes."""
        self._stopwatch.hold()

    def go_on(self) -> None:
        """Play on from where it stands."""
        self._stopwatch.go_on()


@contextmanager
def running_market() -> Iterator[HeldMarket]:
    """The exchange, on a port of its own, until the block ends."""
    stopwatch = Stopwatch(BEGIN + CATCH_UP_MS)
    state = StoredState(DEFAULT_SEED, "synthetic", BEGIN + DAY_MS)
    clock = RealTimeClock(state, SPEED, wall=stopwatch.now)
    with BackgroundSimulator(SyntheticFeed(SYMBOLS, state.seed, state.origin), clock) as server:
        yield HeldMarket(server.url, stopwatch)
