"""Section 0 and 3: bars, the true range, displacement, and the mirror."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Bars:
    """Closed bars as one direction sees them.

    With `dir` +1 they are the market's; with −1 they are (−o, −l, −h, −c), so that every bearish
    rule is the bullish rule read on these. `price` turns a price seen here into the market's.
    `time` is the open time in UTC ms and `step` the length of a bar in ms.
    """

    dir: int
    step: int
    time: Sequence[int]
    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]

    def __len__(self) -> int:
        return len(self.time)

    def mirrored(self) -> "Bars":
        return Bars(
            -self.dir,
            self.step,
            self.time,
            [-price for price in self.open],
            [-price for price in self.low],
            [-price for price in self.high],
            [-price for price in self.close],
        )

    def price(self, seen: float) -> float:
        return seen if self.dir == 1 else -seen

    def contiguous(self, t: int) -> bool:
        """contig(t) = ts[t]−ts[t−1]==step."""
        return t >= 1 and self.time[t] - self.time[t - 1] == self.step

    def true_range(self, t: int) -> float:
        """TR₀=h−l, TRₜ=max(h−l, |h−c[t−1]|, |l−c[t−1]|)."""
        high, low = self.high[t], self.low[t]
        if t == 0:
            return high - low
        return max(high - low, abs(high - self.close[t - 1]), abs(low - self.close[t - 1]))

    @cached_property
    def average_ranges(self) -> list[float | None]:
        """Wilder 14: ATR₁₃=(TR₀+…+TR₁₃)/14 summed in that order, then (13·ATR+TR)/14."""
        averages: list[float | None] = []
        total = average = 0.0
        for t in range(len(self)):
            if t <= 13:
                total = total + self.true_range(t)
                average = total / 14
            else:
                average = (13 * average + self.true_range(t)) / 14
            averages.append(average if t >= 13 else None)
        return averages

    def average_range_before(self, t: int) -> float | None:
        """A = ATR[t−1], None while undefined."""
        return self.average_ranges[t - 1] if t >= 1 else None

    def displaced(self, t: int, factor: float) -> bool:
        """Up: c>o, c−o ≥ k·A, c−o ≥ 0.6·(h−l); without A, no bar is one."""
        average = self.average_range_before(t)
        if average is None:
            return False
        body = self.close[t] - self.open[t]
        return body > 0 and body >= factor * average and body >= 0.6 * (self.high[t] - self.low[t])


@dataclass(frozen=True)
class Market:
    """The same bars from both sides, highs and bulls first."""

    up: Bars

    @cached_property
    def down(self) -> Bars:
        return self.up.mirrored()

    @property
    def sides(self) -> tuple[Bars, Bars]:
        return self.up, self.down

    def side(self, direction: int) -> Bars:
        return self.up if direction == 1 else self.down

    def __len__(self) -> int:
        return len(self.up)
