"""Small candle series on which the strategy's own detectors find what docs/ict.md explains.

A series is written as closes; each candle opens at the close before. `101^102` adds a high,
`101_99` a low, `100>101` another open. Twenty quiet candles of range 1 come first, so that the
average range is known and 1.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import Event
from src.strategy.parameters import StrategyParameters

QUIET = 20
WICK = 0.15
# A Tuesday, 00:00 UTC: eight in the evening before in New York.
START = 1_754_352_000_000
SMALL = StrategyParameters(internal_degree=2, external_degree=40, models=())
_CANDLE = re.compile(r"(?:([\d.]+)>)?([\d.]+)(?:\^([\d.]+))?(?:_([\d.]+))?")


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its candles, and which events of theirs it shows."""

    name: str
    title: str
    closes: str
    shows: Callable[[Event], bool]
    notes: Callable[[list[Event]], list[tuple[int, str]]] | None = None
    parameters: StrategyParameters = SMALL
    timeframe: Timeframe = Timeframe.M5
    start: int = START
    peer: str | None = None
    first: int = QUIET - 2
    pause_after: int | None = None
    windows: bool = False
    ranges: bool = False


def series(
    closes: str, timeframe: Timeframe, start: int, pause_after: int | None = None
) -> CandleArrays:
    """The quiet candles, then those written in `closes`; an hour's pause after so many of all."""
    rows = [(100.0, 100.5, 99.5, 100.0)] * QUIET
    for word in closes.split():
        match = _CANDLE.fullmatch(word)
        if match is None:
            raise ValueError(f"{word} is not a candle")
        opened, closed = float(match[1] or rows[-1][3]), float(match[2])
        high, low = max(opened, closed) + WICK, min(opened, closed) - WICK
        rows.append((opened, float(match[3] or high), float(match[4] or low), closed))
    table = np.array(rows, np.float64)
    times = start + timeframe.milliseconds * np.arange(len(rows), dtype=np.int64)
    if pause_after is not None:
        times[pause_after:] += 3_600_000
    return CandleArrays(times, *(np.ascontiguousarray(table[:, i]) for i in range(4)))


def kind(*names: str, **values: object) -> Callable[[Event], bool]:
    """Events of these kinds whose first event had these values, and what follows of the object."""
    chosen: set[tuple[str, int]] = set()

    def shows(event: Event) -> bool:
        key = event["kind"], event["id"]
        if event["kind"] in names and all(same(event.get(n), v) for n, v in values.items()):
            chosen.add(key)
        return key in chosen

    return shows


def same(found: object, wanted: object) -> bool:
    """Equal, prices up to the rounding of their sums."""
    if isinstance(found, float) and isinstance(wanted, float):
        return math.isclose(found, wanted)
    return found == wanted


def either(*rules: Callable[[Event], bool]) -> Callable[[Event], bool]:
    """Events that any of the rules shows."""
    return lambda event: any(rule(event) for rule in rules)


def known(words: str) -> Callable[[list[Event]], list[tuple[int, str]]]:
    """A note at the bar at whose close the first thing shown could be known."""
    return lambda shown: [(shown[0]["t"], words)]


def after(name: str, words: str) -> Callable[[list[Event]], list[tuple[int, str]]]:
    """A note where the first event of a kind could be known."""
    return lambda shown: [next((e["t"], words) for e in shown if e["kind"] == name)]


def _day() -> str:
    """Forty-two half hours of an invented day."""
    return " ".join(
        f"{100 + 1.6 * np.sin(i / 5.3) + 0.9 * np.sin(i / 1.9) + i / 18:.2f}" for i in range(42)
    )


SCENES = (
    Scene(
        "swing",
        "Swing high: above the candles on both sides",
        "100.8 101.9 102.7 103.4 102.6 101.8 101.2 100.9 101.4 102.0 102.5 102.1",
        kind("swing", dir=1),
        known("known after three more closes"),
        StrategyParameters(internal_degree=3, external_degree=40, models=()),
    ),
    Scene(
        "swing_hierarchy",
        "Swing hierarchy: S short-term, I intermediate-term, L long-term highs",
        "100.7 101.4 100.9 100.5 101.8 102.8 101.8 101 101.4 101.9 101.6 101.2 102.2 103.2 102.8"
        " 102.4 103.8 105 103.8 102.8 103.1 103.4 102.2 101.4 101.8 102.2 101.8 101.6 102.4 103.3"
        " 102.2 101.1 101.4 101.8 101 100.2",
        kind("swing_hierarchy", dir=1),
        parameters=StrategyParameters(models=(), detectors=("swing_hierarchy",)),
    ),
    Scene(
        "structure",
        "BOS with the trend, CHoCH against it",
        "101 102 102.9 102.2 101.4 102 102.8 103.6 104.4 103.8 103 103.7 104.6 105.2 104.4 103.6"
        " 102.8 102.1 101.5",
        either(kind("structure", degree="internal"), kind("swing", degree="internal")),
    ),
    Scene(
        "shift",
        "MSS: a sweep, then a change of character with a displacement candle",
        "99.2 98.4 97.7 98.4 99.1 98.2 97.4 96.8 97.5 98.1 97.5 97.2_96.1 97.6 99.3 99.9 99.5"
        " 100.2",
        either(kind("structure", mss=True), kind("pool", dir=-1, price=96.65)),
    ),
    Scene(
        "fvg",
        "Fair value gap: the third candle's low is above the first one's high",
        "100.3 100.6 102.6 103.4_102.1 103.7 103.2 102.6 101.8_101.6 102.4 103.1 102.3 101.5"
        " 100.9_100.6 101.8",
        kind("fvg", id=0),
        known("known at the third close"),
    ),
    Scene(
        "ifvg",
        "Inverted gap: price closed through it, and it works the other way",
        "100.3 100.6 102.6 103.1_102.2 103 102.3 101.6 100.9 99.8 99.3 99.9 100.6 101.1^101.5 100.3"
        " 99.4 98.9",
        either(kind("fvg", id=0), kind("ifvg", fvg_id=0)),
    ),
    Scene(
        "bpr",
        "Balanced price range: a gap down and a gap up overlap",
        "100.4 100.2 98 97.6_97.2 97.3 97.8 100 100.7_99.4 101 100.7 100.2 99.6 100.3 101.1",
        either(kind("fvg", top=100.05), kind("fvg", dir=1, bottom=97.95), kind("bpr", id=0)),
    ),
    Scene(
        "opening_gap",
        "Opening gap: from the last close before the pause to the first open after it",
        "100.4 100.9 101.3 100.9 101.2 101.6 101.4 101.8 102.1 101.9 103.4>103.8 103.5 102.9 102.4"
        " 102.9 102.2 101.7 102.3 103",
        kind("opening_gap"),
        parameters=StrategyParameters(models=(), calendar="new_york"),
        # Thirty candles before 17:00 in New York.
        start=START + 37 * 1_800_000,
        pause_after=30,
    ),
    Scene(
        "order_block",
        "Order block: the last down candle before the displacement that broke structure",
        "100.8 101.6 102.2 101.5 100.9 100.3 99.8 101.4 102.9 103.6 103.1 102.2 101.2 100.5_100.2"
        " 101.3 102.4",
        either(kind("ob", degree="internal"), kind("structure", dir=1)),
        after("ob", "known at the break"),
    ),
    Scene(
        "breaker",
        "Breaker: an order block that failed, now the other way",
        "100.8 101.6 102.2 101.5 100.9 100.3 99.8 101.4 102.9 103.4 102.6 101.4 100.2 98.9 98.3"
        " 98.9 99.6 100 99.2 98.4",
        either(kind("ob", dir=1), kind("breaker", dir=-1)),
    ),
    Scene(
        "mitigation",
        "Mitigation block: structure breaks after a high that swept nothing",
        "101 102 103 104 103 102 101 101.9 102.8 103.4 102.6 101.8 101 100 99 99.8 100.8 101.8"
        " 102.4 101.6 100.7",
        either(
            kind("mitigation", degree="internal"),
            kind("structure", dir=-1),
            kind("swing", dir=1),
        ),
    ),
    Scene(
        "pools",
        "Liquidity: a sweep closes back at once, a reclaim within two candles of the run",
        "101 102 101.2 100.4 101.2 101.6^102.6 100.9 100.2 100 100.8 101.8 101 100.3 100.9 102.4"
        " 102.7 101.2 100.6 101",
        either(kind("pool", dir=1, price=102.15), kind("pool", dir=1, price=101.95)),
    ),
    Scene(
        "equal_highs",
        "Equal highs: the stops of two highs at one price, then their sweep",
        "101 102 101.3 100.5 101.2 102.03 101.2 100.4 101 101.6 101.9^102.9 100.9 100.2",
        kind("pool", pool_kind="EQ_INT", dir=1),
    ),
    Scene(
        "dealing_range",
        "Dealing range: premium in its upper half, discount in its lower",
        "99 98 97 96 97 98 99 100.5 102 103.2 104.4 103.6 102.6 101.6 100.8 101.4 100.7 99.8 99.1"
        " 98.6 99",
        kind("swing", degree="external"),
        parameters=StrategyParameters(internal_degree=2, external_degree=4, models=()),
        ranges=True,
    ),
    Scene(
        "ote",
        "OTE: the 62 to 79 % retracement of a leg that broke structure",
        "100.8 101.5 100.9 100.2 99.5 100.6 102.4 103.8 104.6 103.9 102.9 101.8 100.7 101.5 102.6"
        " 103.7 104.3",
        either(kind("ote", dir=1), kind("structure", degree="internal", dir=1)),
        after("ote", "followed from here"),
    ),
    Scene(
        "smt",
        "SMT divergence: a higher high here, a lower one in the other market (dashed)",
        "101 102 103 102.1 101.2 100.6 101.6 102.6 103.8 102.9 101.9 100.9",
        either(kind("smt", dir=-1), kind("swing", degree="internal", dir=1)),
        after("smt", "known here"),
        peer="101 102 103 102.1 101.2 100.6 101.4 102 102.3 101.5 100.7 100",
    ),
    Scene(
        "sessions",
        "Sessions of the New York day and the opens it is measured against",
        _day(),
        kind("reference_open"),
        parameters=StrategyParameters(models=(), detectors=("reference_open",)),
        timeframe=Timeframe.M30,
        start=START - QUIET * 1_800_000,
        windows=True,
        first=QUIET,
    ),
    Scene(
        "setup",
        "A setup of the 2022 model: sweep, shift, gap, then a limit in the gap",
        "99.2 98.4 97.7 98.4 99.1 98.2 97.4 96.8 97.5 98.1 97.5 97.2_96.1 97.6 99.8 100.6_99.3 101"
        " 100.4 99.6 98.7_98.4 99.6 100.9 102.2 103.4",
        either(
            kind("setup"),
            kind("fvg", bottom=97.75),
            kind("structure", mss=True),
            kind("pool", dir=-1, price=96.65),
        ),
        after("setup", "armed here"),
        StrategyParameters(
            internal_degree=2, external_degree=40, models=("2022",), confluence_threshold=0
        ),
        start=START + 11 * 3_600_000,
    ),
)
