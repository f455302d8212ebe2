"""Who decides when the next candle comes: the market, or (in a replay) the monitor itself."""

from collections.abc import Callable
from typing import Protocol


class Pacer(Protocol):
    """Asked once after every committed step."""

    def release_next(self, newest_close: int) -> int | None:
        """Ask for the candle after the one that closed at `newest_close` (UTC ms).

        Returns the close time to expect, if known.
        """
        ...

    @property
    def finished(self) -> bool:
        """True when no candle will ever come again."""
        ...


class MarketPace:
    """The market runs by itself."""

    finished = False

    def release_next(self, newest_close: int) -> int | None:
        """Nothing to ask for: candles come when they close."""
        return None


class LockStepPace:
    """A replay: the simulator waits until the last step is committed, then releases the next."""

    def __init__(self, step: Callable[[], tuple[int, bool]]) -> None:
        """`step` releases one instant and returns (market time UTC ms, whether it was the last)."""
        self._step = step
        self._last = False
        self.finished = False

    def release_next(self, newest_close: int) -> int | None:
        """Release the next candles. Asked again after the last one, the replay is finished."""
        if self._last:
            self.finished = True
            return None
        market_time, self._last = self._step()
        self.finished = self._last and market_time <= newest_close
        return market_time
