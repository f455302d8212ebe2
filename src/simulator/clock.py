"""Market time: how far the simulated exchange's own history has been lived."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from src.simulator.bars import DAY_MS, INTERVALS
from src.simulator.state import StoredState

CATCH_UP_MS = 3 * DAY_MS
DEFAULT_SPEED = 4320.0
"""Market milliseconds per wall millisecond while catching up: three days in a minute."""


def wall_now() -> int:
    """Wall time, UTC ms."""
    return time.time_ns() // 1_000_000


_CLOCK_ERROR: ContextVar[int] = ContextVar("clock_error", default=0)


def exchange_now() -> int:
    """Wall time as the exchange sees it while it handles a request, UTC ms."""
    return wall_now() + _CLOCK_ERROR.get()


@contextmanager
def clock_off_by(milliseconds: int) -> Iterator[None]:
    """Let the exchange's clock be fast (or, negative, slow) for what is handled inside."""
    token = _CLOCK_ERROR.set(milliseconds)
    try:
        yield
    finally:
        _CLOCK_ERROR.reset(token)


class MarketClock(Protocol):
    """Market time, UTC ms; never goes back."""

    @property
    def mode(self) -> str:
        """`realtime` or `lockstep`."""
        ...

    @property
    def anchor(self) -> int | None:
        """Wall time of the first subscription; None before it and in lock-step."""
        ...

    @property
    def caught_up(self) -> bool:
        """Whether market time is wall time."""
        ...

    def now(self) -> int:
        """Market time."""
        ...

    def kline_subscribed(self) -> None:
        """A client asked for candles: time may begin to run."""
        ...


class RealTimeClock:
    """Three days behind until the first subscription, then fast until it is wall time.

    A recording ends at `end`; time stands still there.
    """

    mode = "realtime"

    def __init__(
        self,
        state: StoredState,
        speed: float = DEFAULT_SPEED,
        wall: Callable[[], int] = wall_now,
        end: int | None = None,
    ) -> None:
        self._state = state
        self._speed = speed
        self._wall = wall
        self._end = end

    @property
    def anchor(self) -> int | None:
        """Wall time of the first subscription ever, kept over restarts."""
        return self._state.anchor

    @property
    def caught_up(self) -> bool:
        """Whether the last three days have been played."""
        wall = self._wall()
        return self._at(wall) >= wall

    def now(self) -> int:
        """Market time; in step with the wall clock once it has caught up."""
        reached = self._at(self._wall())
        return reached if self._end is None else min(reached, self._end)

    def kline_subscribed(self) -> None:
        """Fix the anchor, once and for ever."""
        if self._state.anchor is None:
            self._state.set_anchor(self._wall())

    def _at(self, wall: int) -> int:
        anchor = self._state.anchor
        if anchor is None:
            return wall - CATCH_UP_MS
        return min(wall, anchor - CATCH_UP_MS + int(self._speed * max(0, wall - anchor)))


class LockStepClock:
    """Stands still until told to step to the next instant at which candles close."""

    mode = "lockstep"
    anchor = None
    caught_up = False

    def __init__(self, start: int, end: int | None, step_ms: int = INTERVALS["5"]) -> None:
        self._now = start - start % step_ms
        self._end = end
        self._step_ms = step_ms

    @property
    def finished(self) -> bool:
        """Whether the last candle has been released."""
        return self._end is not None and self._now >= self._end

    def now(self) -> int:
        """The instant stepped to last."""
        return self._now

    def kline_subscribed(self) -> None:
        """Nothing: only steps move this clock."""

    def step(self) -> int:
        """Move to the next instant and answer it; stays at the end when finished."""
        if not self.finished:
            self._now += self._step_ms
        return self._now
