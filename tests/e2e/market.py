"""The exchange of the browser tests: the same market in every run, and it can be held.

A trade of this market is open for seconds, and for a minute there may be none. Who wants to look at
one lets time fly until it is there and stand still meanwhile, as a test that reads a page cannot
hurry.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from src.domain.candle import DAY_MS, Timeframe
from src.simulator.clock import CATCH_UP_MS, RealTimeClock
from src.simulator.state import DEFAULT_SEED, StoredState
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator
from tests.product import wait_until

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
BEGIN = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
SPEED = 720.0
HURRY = 6.0
"""So many times SPEED is what the simulator itself does while it catches up."""
PATIENCE_SECONDS = 120.0
Found = TypeVar("Found")


class Stopwatch:
    """A wall clock that runs at a pace: 0 stands still. UTC ms."""

    def __init__(self, start: int) -> None:
        self._shown = float(start)
        self._since = time.monotonic()
        self._pace = 1.0

    def now(self) -> int:
        """What it shows."""
        return int(self._shown + 1000 * self._pace * (time.monotonic() - self._since))

    def run(self, pace: float) -> None:
        """Go on from where it is, so many times as fast as time."""
        self._shown, self._since, self._pace = float(self.now()), time.monotonic(), pace


class HeldMarket:
    """Three days from BEGIN, played at SPEED from the first subscription on."""

    def __init__(self, url: str, stopwatch: Stopwatch, clock: RealTimeClock) -> None:
        self.url = url
        self._stopwatch = stopwatch
        self._clock = clock

    @contextmanager
    def standing_when(
        self, database: Path, wanted: Callable[[], Found | None], what: str
    ) -> Iterator[Found]:
        """`wanted` as soon as there is one: inside, no price moves and no candle closes.

        `database` is the product's, which has heard everything before the block begins.
        """
        try:
            found = wait_until(lambda: self._held(database, wanted), PATIENCE_SECONDS, what)
            assert found is not None
            yield found
        finally:
            self._stopwatch.run(1.0)

    def _held(self, database: Path, wanted: Callable[[], Found | None]) -> Found | None:
        self._stopwatch.run(HURRY)
        if not wanted():
            return None
        self._stopwatch.run(0.0)
        closed = Timeframe.M5.open_time(self._clock.now())
        wait_until(lambda: newest_step(database) >= closed, 60, "the product to hear of it")
        return wanted()


def newest_step(database: Path) -> int:
    """The close of the newest candle that was traded on, UTC ms."""
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("SELECT max(time) FROM equity").fetchone()[0] or 0)
    finally:
        connection.close()


@contextmanager
def running_market() -> Iterator[HeldMarket]:
    """The exchange, on a port of its own, until the block ends."""
    stopwatch = Stopwatch(BEGIN + CATCH_UP_MS)
    state = StoredState(DEFAULT_SEED, "synthetic", BEGIN + DAY_MS)
    clock = RealTimeClock(state, SPEED, wall=stopwatch.now)
    with BackgroundSimulator(SyntheticFeed(SYMBOLS, state.seed, state.origin), clock) as server:
        yield HeldMarket(server.url, stopwatch, clock)
