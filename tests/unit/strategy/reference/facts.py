"""What was known at the close of a bar, gathered from the events up to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tests.unit.strategy.reference import calendar
from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.higher import Context
from tests.unit.strategy.reference.lines import Event, Line
from tests.unit.strategy.reference.pools import Pool, Taking
from tests.unit.strategy.reference.rules import Rules
from tests.unit.strategy.reference.structure import Break
from tests.unit.strategy.reference.swings import Swing

TERMINAL = {"inverted", "expired", "invalidated", "sweep", "run", "superseded"}


@dataclass
class Story:
    """One object: its first event's bar and keys, and the bar and keys of each later event."""

    kind: str
    id: int
    dir: int
    known: int
    keys: Event
    later: dict[str, tuple[int, Event]] = field(default_factory=dict)

    def happened(self, event: str, t: int) -> bool:
        return event in self.later and self.later[event][0] <= t

    def alive(self, t: int) -> bool:
        """Known by the close of t and not over by then."""
        return self.known <= t < self.ended

    @cached_property
    def ended(self) -> float:
        """The bar of the event that ended it."""
        ends = [t for event, (t, _) in self.later.items() if event in TERMINAL]
        return min(ends, default=float("inf"))

    @property
    def top(self) -> float:
        """The upper edge as the zone's own direction sees it."""
        return float(self.keys["top"] if self.dir == 1 else -self.keys["bottom"])

    @property
    def bottom(self) -> float:
        return float(self.keys["bottom"] if self.dir == 1 else -self.keys["top"])


def stories(lines: Iterable[Line]) -> dict[str, list[Story]]:
    """Every object by kind, in the order of their ids."""
    found: dict[tuple[str, int], Story] = {}
    for line in sorted(lines, key=Line.order):
        story = found.get((line.kind, line.id))
        if story is None:
            found[line.kind, line.id] = Story(line.kind, line.id, line.dir, line.t, line.keys)
        else:
            story.later[line.event] = (line.t, line.keys)
    by_kind: dict[str, list[Story]] = {}
    for (kind, _), story in sorted(found.items()):
        by_kind.setdefault(kind, []).append(story)
    return by_kind


@dataclass(frozen=True)
class Sweep:
    """A SWEEP or RECLAIM at bar t that argues for trades of `dir`; extreme as that side sees it."""

    t: int
    dir: int
    pool: Pool
    extreme: float


@dataclass(frozen=True)
class Facts:
    """Everything that was found, to be asked as of the close of a bar."""

    market: Market
    rules: Rules
    lines: list[Line]
    breaks: list[Break]
    swings: list[Swing]
    takings: list[Taking]

    @cached_property
    def context(self) -> Context:
        return Context(self.market.up)

    @cached_property
    def _stories(self) -> dict[str, list[Story]]:
        return stories(self.lines)

    def of_kind(self, kind: str) -> list[Story]:
        return self._stories.get(kind, [])

    def alive(self, kind: str, direction: int, t: int) -> Iterator[Story]:
        return (story for story in self._by_side.get((kind, direction), []) if story.alive(t))

    @cached_property
    def _by_side(self) -> dict[tuple[str, int], list[Story]]:
        by_side: dict[tuple[str, int], list[Story]] = {}
        for of_one_kind in self._stories.values():
            for story in of_one_kind:
                by_side.setdefault((story.kind, story.dir), []).append(story)
        return by_side

    @cached_property
    def _by_birth(self) -> dict[tuple[str, int, int], list[Story]]:
        by_birth: dict[tuple[str, int, int], list[Story]] = {}
        for of_one_kind in self._stories.values():
            for story in of_one_kind:
                by_birth.setdefault((story.kind, story.dir, story.known), []).append(story)
        return by_birth

    def born(self, kind: str, direction: int, t: int) -> list[Story]:
        return self._by_birth.get((kind, direction, t), [])

    def active_gaps(self, direction: int, t: int) -> list[Story]:
        """ACTIVE FVGs: not mitigated, inverted or expired."""
        alive = self.alive("fvg", direction, t)
        return [gap for gap in alive if not gap.happened(self.rules.mitigated, t)]

    def active_inverted_gaps(self, direction: int, t: int) -> list[Story]:
        alive = self.alive("ifvg", direction, t)
        return [gap for gap in alive if not gap.happened(self.rules.mitigated, t)]

    @cached_property
    def sweeps(self) -> list[Sweep]:
        """Those that count, oldest first."""
        found = [
            Sweep(taking.t, -taking.pool.dir, taking.pool, -taking.extreme)
            for taking in self.takings
            if taking.event != "run"
        ]
        return sorted(found, key=lambda sweep: (sweep.t, sweep.pool.id))

    @cached_property
    def _windows(self) -> list[tuple[str, ...]]:
        bars = self.market.up
        return [calendar.windows(moment, bars.step, self.rules.index_hours) for moment in bars.time]

    def windows(self, t: int) -> tuple[str, ...]:
        return self._windows[t]

    def in_kill_zone(self, t: int) -> bool:
        """Any window of section 10 but ny_lunch."""
        return bool({*self.windows(t)} - {"ny_lunch"})

    def range_end(self, direction: int, t: int) -> float | None:
        """RH = max(latest external swing high, every h since its p), as `direction` sees it."""
        known = [
            swing
            for swing in self.swings
            if (swing.degree, swing.dir) == ("external", direction) and swing.known <= t
        ]
        bars = self.market.side(direction)
        return max(bars.high[known[-1].origin : t + 1]) if known else None

    def range_position(self, direction: int, t: int) -> float | None:
        """pos=(c−RL)/(RH−RL); needs both and RH>RL."""
        high, opposite = self.range_end(direction, t), self.range_end(-direction, t)
        if high is None or opposite is None or not high > -opposite:
            return None
        low = -opposite
        return (self.market.side(direction).close[t] - low) / (high - low)

    def retracement(self, story: Story, t: int) -> tuple[float, float]:
        """Bottom and top of an OTE zone as of t: where it locked, else moving with B."""
        if story.happened("touched", t):
            zone = Story("", 0, story.dir, 0, story.later["touched"][1])
            return zone.bottom, zone.top
        bars = self.market.side(story.dir)
        high, anchor = self.leg(bars, story, t)
        return high - 0.79 * (high - anchor), high - 0.62 * (high - anchor)

    def leg(self, bars: Bars, story: Story, t: int) -> tuple[float, float]:
        """B_t=max(h[s..t]) and A₀ of an OTE."""
        found = self.breaks[story.keys["structure_id"]]
        return max(bars.high[found.leg_start : t + 1]), found.protected
