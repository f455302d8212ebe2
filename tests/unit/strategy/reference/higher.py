"""Section 12: candles of higher timeframes, and the bias they agree on."""

from dataclasses import dataclass
from functools import cached_property

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.structure import find_breaks
from tests.unit.strategy.reference.swings import find_swings

HOUR_MS = 3_600_000
FOUR_HOURS, DAY = 4 * HOUR_MS, 24 * HOUR_MS
NO_DISPLACEMENT = float("inf")


@dataclass(frozen=True)
class Higher:
    """The buckets of one timeframe, floor(ts/tf)·tf, made of the base bars present."""

    base: Bars
    length: int

    @property
    def usable(self) -> bool:
        """A tf below or not a multiple of the base step is empty and has no vote."""
        return self.length >= self.base.step and self.length % self.base.step == 0

    @cached_property
    def bars(self) -> Bars:
        members: dict[int, list[int]] = {}
        for t, moment in enumerate(self.base.time):
            members.setdefault(moment // self.length * self.length, []).append(t)
        base = self.base
        return Bars(
            1,
            self.length,
            list(members),
            [base.open[within[0]] for within in members.values()],
            [max(base.high[t] for t in within) for within in members.values()],
            [min(base.low[t] for t in within) for within in members.values()],
            [base.close[within[-1]] for within in members.values()],
        )

    def closed(self, t: int) -> int:
        """How many buckets have closed: with the base bar ending at their end or a later one."""
        now = self.base.time[t] + self.base.step
        return sum(start + self.length <= now for start in self.bars.time)

    @cached_property
    def _trends(self) -> list[tuple[int, int]]:
        """Bucket and direction of every break of structure (degree 5, close breaks)."""
        market = Market(self.bars)
        swings = find_swings(market, {"internal": 5})
        breaks = find_breaks(market, swings, [], NO_DISPLACEMENT, wick=False)
        return [(found.t, found.dir) for found in breaks]

    def trend(self, t: int) -> int:
        """After the last closed bucket, 0 before the first break."""
        closed = self.closed(t)
        known = [direction for bucket, direction in self._trends if bucket < closed]
        return known[-1] if known else 0

    def average_range(self, t: int) -> float | None:
        """Wilder 14 over closed buckets."""
        closed = self.closed(t)
        return self.bars.average_ranges[closed - 1] if self.usable and closed else None


@dataclass(frozen=True)
class Context:
    """The higher timeframes that the strategy reads."""

    base: Bars

    @cached_property
    def four_hours(self) -> Higher:
        return Higher(self.base, FOUR_HOURS)

    @cached_property
    def day(self) -> Higher:
        return Higher(self.base, DAY)

    def bias(self, t: int) -> int:
        """bias=agreeing sign else 0; no votes: 0."""
        votes = {higher.trend(t) for higher in (self.four_hours, self.day) if higher.usable}
        return votes.pop() if len(votes) == 1 else 0
