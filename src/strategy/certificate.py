"""Proof that a detector never rewrites its past, or the readings where it did.

A *reading* is one event: that object `id` of a kind did `event` at the close of bar `t`, with every
number told about it. The certificate compares four tellings of the same candles: all at once, one
bar at a time, in pieces of all sizes with a snapshot saved and restored between them, and cut off
at many lengths. Whatever was said by bar n must stand, word for word, when the bars after n are
known; each reading that does not is counted once.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import KINDS
from src.strategy.export import Event, analyse, merge_rows
from src.strategy.parameters import StrategyParameters
from src.strategy.snapshot import load_snapshot, take_snapshot
from src.strategy.whole_fold import WholeFold, new_whole_state

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# Every length up to here is analysed, then each next one is half as long again.
EVERY_LENGTH_TO = 200
GROWTH = 1.5
# Sizes of the pieces between two snapshots, in turn; a restored snapshot is costly for one bar.
PIECES = (1, 97, 1021, 2, 4099, 8191)

Analyse = Callable[
    [CandleArrays, Timeframe, StrategyParameters, float, CandleArrays | None], Iterable[Event]
]
Follow = Callable[
    [CandleArrays, Timeframe, StrategyParameters, float, CandleArrays | None],
    Iterable[list[Event]],
]
# What tells readings apart: kind, id, event. And what one says: its bar, and a hash of all of it.
Key = tuple[str, int, str]
Reading = tuple[int, int]


@dataclass(slots=True)
class Tally:
    """Readings of one kind, and how many of them a later bar rewrote."""

    readings: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def rewritten(self) -> int:
        """How many did not stand."""
        return self.added + self.removed + self.changed


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was found: tallies by kind, the lengths analysed, and a few rewritten readings."""

    candles: int
    lengths: tuple[int, ...]
    tellings: tuple[str, ...]
    kinds: dict[str, Tally]
    examples: tuple[str, ...]

    @property
    def rewritten(self) -> int:
        """Readings that a later bar added to, removed from or changed in the past."""
        return sum(tally.rewritten for tally in self.kinds.values())


def follow(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float = 0.0,
    peer: CandleArrays | None = None,
) -> Iterator[list[Event]]:
    """What the live strategy says bar by bar: the events of each candle, folded alone."""
    rows = candles.rows(peer)
    fold = WholeFold(parameters, timeframe.milliseconds, tick, record_events=True)
    for t in range(len(rows)):
        found = fold.feed(rows[t : t + 1])
        yield list(merge_rows(found, candles.time, parameters, tick))


def resume(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float = 0.0,
    peer: CandleArrays | None = None,
) -> Iterator[Event]:
    """What is said when the work is put down again and again: each piece is folded by a new fold
    that knows only the snapshot the last one left."""
    rows, sizes, first = candles.rows(peer), cycle(PIECES), 0
    empty = new_whole_state(parameters, timeframe.milliseconds)
    identity = ("", timeframe.value, parameters, tick)
    snapshot = take_snapshot(empty, *identity)
    while first < len(rows):
        last = first + next(sizes)
        fold = WholeFold(parameters, timeframe.milliseconds, tick, record_events=True)
        fold.state = load_snapshot(snapshot, empty, *identity)
        found = fold.feed(rows[first:last])
        yield from merge_rows(found, candles.time, parameters, tick)
        snapshot, first = take_snapshot(fold.state, *identity), last


def certify(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float = 0.0,
    peer: CandleArrays | None = None,
    analyse: Analyse = analyse,
    follow: Follow | None = follow,
    resume: Analyse | None = resume,
    lengths: Sequence[int] | None = None,
) -> Certificate:
    """Replay the candles and count the readings that later bars rewrote.

    `analyse` tells every event of the candles it is given, `follow` those of each bar in turn,
    `resume` all of them with interruptions (None: not compared); `lengths` are where to cut, by
    default those of `sampled_lengths`.

    Raises InvalidCandle naming the first bar that cannot be true.
    """
    candles.check(timeframe)
    cuts = tuple(sampled_lengths(len(candles)) if lengths is None else lengths)
    told = _Told(analyse(candles, timeframe, parameters, tick, peer))
    for length in cuts:
        told.compare(analyse(candles.first(length), timeframe, parameters, tick, peer), length)
    tellings = [f"{len(cuts):,} shorter histories"]
    if follow is not None:
        bars = follow(candles, timeframe, parameters, tick, peer)
        told.compare(told.live(bars), len(candles))
        tellings.append("bar by bar")
    if resume is not None:
        told.compare(resume(candles, timeframe, parameters, tick, peer), len(candles))
        tellings.append("resumed from snapshots")
    return told.certificate(len(candles), cuts, tuple(tellings))


def sampled_lengths(count: int) -> Iterator[int]:
    """Lengths below `count`: every short one, then each half as long again as the last."""
    length = 1
    while length < count:
        yield length
        length = max(length + 1, int(length * GROWTH) if length >= EVERY_LENGTH_TO else 0)


def certificate_lines(certificate: Certificate) -> Iterator[str]:
    """The certificate as a table for people, its last line the verdict."""
    width = max(12, *(len(name) + 2 for name in certificate.kinds))
    yield f"{'kind':<{width}}{'readings':>12}{'added':>10}{'removed':>10}{'changed':>10}"
    for name, tally in certificate.kinds.items():
        counts = f"{tally.added:>10,}{tally.removed:>10,}{tally.changed:>10,}"
        yield f"{name:<{width}}{tally.readings:>12,}{counts}"
    yield from certificate.examples
    told = ", ".join((f"{certificate.candles:,} candles", *certificate.tellings))
    readings = sum(tally.readings for tally in certificate.kinds.values())
    yield f"{told}: {readings:,} readings, {certificate.rewritten:,} rewritten by later bars."


@dataclass(slots=True)
class _Told:
    """Readings with all candles known, and those found to differ when fewer were."""

    events: Iterable[Event]
    final: dict[Key, Reading] = field(init=False)
    by_time: list[Key] = field(init=False)
    times: list[int] = field(init=False)
    rewritten: dict[Key, str] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.final = {_key(event): _reading(event) for event in self.events}
        self.by_time = sorted(self.final, key=lambda key: self.final[key][0])
        self.times = [self.final[key][0] for key in self.by_time]

    def live(self, bars: Iterable[list[Event]]) -> Iterator[Event]:
        """The events of each bar, noting those stamped with another bar than their own."""
        for t, events in enumerate(bars):
            for event in events:
                if event["t"] != t:
                    self._note(_key(event), ADDED, f"bar {event['t']}", f"at bar {t}")
                yield event

    def compare(self, events: Iterable[Event], length: int) -> None:
        """Hold what was said with `length` candles known against what is said with all."""
        said = set()
        for event in events:
            key, reading = _key(event), _reading(event)
            said.add(key)
            final = self.final.get(key)
            if final is None:
                self._note(key, REMOVED, f"bar {reading[0]}", f"known at length {length}")
            elif final != reading:
                self._note(key, CHANGED, f"bar {reading[0]}", f"known at length {length}")
        for key in self.by_time[: bisect_left(self.times, length)]:
            if key not in said:
                self._note(key, ADDED, f"bar {self.final[key][0]}", f"unknown at length {length}")

    def _note(self, key: Key, how: str, bar: str, when: str) -> None:
        if key not in self.rewritten:
            self.rewritten[key] = how
            if len(self.examples) < 5:
                kind, identity, event = key
                self.examples.append(f"{kind} {identity} {event} of {bar}: {how} later ({when})")

    def certificate(
        self, candles: int, lengths: tuple[int, ...], tellings: tuple[str, ...]
    ) -> Certificate:
        names = dict.fromkeys([*KINDS, *(key[0] for key in [*self.final, *self.rewritten])])
        kinds = {name: Tally() for name in names}
        for kind, _, _ in self.final:
            kinds[kind].readings += 1
        for (kind, _, _), how in self.rewritten.items():
            setattr(kinds[kind], how, getattr(kinds[kind], how) + 1)
        return Certificate(candles, lengths, tellings, kinds, tuple(self.examples))


def _key(event: Event) -> Key:
    return event["kind"], event["id"], event["event"]


def _reading(event: Event) -> Reading:
    return event["t"], hash(repr(event))
