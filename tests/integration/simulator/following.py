"""What the simulator tests share: a stream of facts to wait on, and markets to serve."""

import queue
import time
from collections.abc import Callable

from src.clock import SystemClock
from src.domain.candle import Candle, Tick, Timeframe
from src.domain.ports import RawMessage
from src.exchange.bybit import BybitMarketData, StreamSettings, simulator_environment
from src.simulator.clock import RealTimeClock, wall_now
from src.simulator.state import StoredState
from src.simulator.synthetic import SyntheticFeed

IMPATIENT = StreamSettings(first_pause=0.05, longest_pause=0.2, check_every=0.02)
PATIENT_WITH_SILENCE = StreamSettings(watch_freshness=False, first_pause=0.05, longest_pause=0.2)
DEADLINE = 90.0


def market_data(url: str, settings: StreamSettings = IMPATIENT) -> BybitMarketData:
    """The real client of the simulator at `url`."""
    return BybitMarketData(simulator_environment(url), SystemClock(), settings)


def realtime_market(
    *symbols: str, speed: float = 1e9, seed: int = 5
) -> tuple[SyntheticFeed, RealTimeClock]:
    """A synthetic market that catches up within a moment of the first subscription."""
    now = wall_now()
    feed = SyntheticFeed(symbols or ("BTCUSDT",), seed, now)
    return feed, RealTimeClock(StoredState(seed, "synthetic", now), speed)


class Follower:
    """Collects the facts of a stream in arrival order."""

    def __init__(self, market: BybitMarketData) -> None:
        self._market = market
        self._queue: queue.SimpleQueue[RawMessage] = queue.SimpleQueue()
        self.facts: list[Candle | Tick] = []

    def follow(self, *symbols: str, timeframe: Timeframe = Timeframe.M5) -> None:
        """Subscribe and wait until the stream stands."""
        self._market.subscribe(symbols, timeframe, self._queue.put)
        wait_until(lambda: self._market.health().connected)

    def wait_for(self, condition: Callable[[list[Candle | Tick]], bool]) -> list[Candle | Tick]:
        """Collect until the facts so far satisfy the condition; fails after the deadline."""
        end = time.monotonic() + DEADLINE
        while not condition(self.facts):
            try:
                raw = self._queue.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not seen in time; last facts: {self.facts[-3:]}") from None
            self.facts.extend(self._market.decode(raw))
        return self.facts

    def wait_for_candles(self, count: int) -> None:
        """Collect until so many candles have arrived."""
        self.wait_for(lambda _: len(self.candles) >= count)

    @property
    def candles(self) -> list[Candle]:
        """Candles so far."""
        return [fact for fact in self.facts if isinstance(fact, Candle)]

    @property
    def ticks(self) -> list[Tick]:
        """Ticks so far."""
        return [fact for fact in self.facts if isinstance(fact, Tick)]


def wait_until(condition: Callable[[], bool]) -> None:
    """Return as soon as the condition holds; fails after the deadline."""
    end = time.monotonic() + DEADLINE
    waiting: queue.SimpleQueue[None] = queue.SimpleQueue()
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("did not happen in time")
        try:
            waiting.get(timeout=0.02)
        except queue.Empty:
            continue
