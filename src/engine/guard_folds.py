"""The guards that look back, as folds that take the results of closed trades one by one.

Results come in order of time. A fold that took them one after the other stands where one stands
that was given all of them at once.
"""

from datetime import UTC, datetime
from decimal import Decimal

from src.domain.candle import DAY_MS
from src.domain.events import GuardTripped
from src.domain.trade import TradeResult

DAILY_LOSS = "daily_loss"
WEEKLY_LOSS = "weekly_loss"
LOSING_STREAK = "losing_streak"

WEEK_MS = 7 * DAY_MS
_FIRST_MONDAY = 4 * DAY_MS


def day_start(time: int) -> int:
    """First instant of the UTC day of `time`, both UTC ms."""
    return time - time % DAY_MS


def week_start(time: int) -> int:
    """First instant of the UTC week (from Monday) of `time`, both UTC ms."""
    return time - (time - _FIRST_MONDAY) % WEEK_MS


class LossFold:
    """A loss limit for every day, or for every week; `trip` is the newest it led to."""

    def __init__(self, guard: str, limit: Decimal) -> None:
        self._guard = guard
        self._limit = limit
        self._daily = guard == DAILY_LOSS
        self._start, self._total = -1, Decimal(0)
        self.trip: GuardTripped | None = None

    def take(self, result: TradeResult) -> None:
        """Add the newest result."""
        start = (day_start if self._daily else week_start)(result.closed_at)
        if start != self._start:
            self._start, self._total = start, Decimal(0)
        self._total += result.result_in_r
        until = start + (DAY_MS if self._daily else WEEK_MS)
        if self._total > -self._limit or (self.trip is not None and self.trip.until == until):
            return
        sentence = (
            f"{'Daily' if self._daily else 'Weekly'} loss limit reached: {-self._total:.2f} R "
            f"lost, {self._limit.normalize():f} R allowed; no new entries until {_moment(until)}."
        )
        self.trip = GuardTripped(self._guard, sentence, result.closed_at, until)


class StreakFold:
    """A cooldown after so many losses in a row; `trip` is the newest it led to."""

    def __init__(self, limit: int, cooldown_ms: int) -> None:
        self._limit = limit
        self._cooldown_ms = cooldown_ms
        self._streak = 0
        self.trip: GuardTripped | None = None

    def take(self, result: TradeResult) -> None:
        """Add the newest result."""
        self._streak = self._streak + 1 if result.result_in_r < 0 else 0
        if self._streak < self._limit:
            return
        until = result.closed_at + self._cooldown_ms
        sentence = (
            f"Cooldown after {self._streak} losses in a row: no new entries until {_moment(until)}."
        )
        self.trip = GuardTripped(LOSING_STREAK, sentence, result.closed_at, until)


def _moment(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M} UTC"
