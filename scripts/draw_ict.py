"""Draw the pictures of docs/ict.md with the strategy's own detectors.

.venv/bin/python -m scripts.draw_ict [--folder docs/images/ict]
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from scripts.candle_picture import Note, Picture, Span
from scripts.ict_scenes import SCENES, Scene, series
from src.strategy.bar_states import describe_bars
from src.strategy.calendar import build_calendar, spans_of
from src.strategy.candle_arrays import CandleArrays
from src.strategy.chart import Mark, Shape, Zone, shapes
from src.strategy.codes import SESSIONS
from src.strategy.export import analyse
from src.strategy.sentences import WINDOW_WORDS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images" / "ict"
RANK_LETTERS = {"short term": "S", "intermediate term": "I", "long term": "L"}


def main(arguments: Sequence[str]) -> int:
    """Write every picture; print each file's name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pictures():
        path = folder / f"{name}.svg"
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


def pictures() -> Iterator[tuple[str, str]]:
    """Name and SVG text of every picture."""
    return ((scene.name, picture(scene).svg()) for scene in SCENES)


def picture(scene: Scene) -> Picture:
    """What the detectors find in the scene's candles, as a picture."""
    candles = series(scene.closes, scene.timeframe, scene.start, scene.pause_after)
    peer = series(scene.peer, scene.timeframe, scene.start) if scene.peer else None
    events = analyse(candles, scene.timeframe, scene.parameters, peer=peer)
    shown = [event for event in events if scene.shows(event)]
    last = len(candles) - 1
    drawn = [_worded(shape) for shape in shapes(shown, last)]
    if scene.name == "bpr":
        drawn = _up_to_child(drawn)
    if scene.ranges:
        drawn += _dealing_range(scene, candles)
    notes = [Note(t, label) for t, label in (scene.notes(shown) if scene.notes else ())]
    spans = _sessions(scene, candles) if scene.windows else ()
    return Picture(scene.title, candles, scene.first, last, _highest(drawn), notes, spans, peer)


def _worded(shape: Shape) -> Shape:
    """Short words where a picture has many of them."""
    if shape.kind == "swing_hierarchy":
        return replace(shape, label=RANK_LETTERS[shape.label])
    return shape


def _highest(drawn: list[Shape]) -> list[Shape]:
    """Of several ranks at one swing, the highest, which comes last."""
    ranks = {
        shape.t: shape
        for shape in drawn
        if shape.kind == "swing_hierarchy" and isinstance(shape, Mark)
    }
    return [shape for shape in drawn if shape.kind != "swing_hierarchy"] + list(ranks.values())


def _up_to_child(drawn: list[Shape]) -> list[Shape]:
    """Zones cut off where the range they form begins, so that it can be seen."""
    begins = next(shape.known for shape in drawn if shape.kind == "bpr")
    return [
        replace(shape, last=begins - 1)
        if isinstance(shape, Zone) and shape.kind == "fvg"
        else shape
        for shape in drawn
    ]


def _dealing_range(scene: Scene, candles: CandleArrays) -> list[Shape]:
    """Premium and discount as known at the last close."""
    *_, state = describe_bars(candles, scene.timeframe, scene.parameters)
    high, low, last = state["range_high"], state["range_low"], len(candles) - 1
    first = int(candles.low.argmin())
    upper, lower = low + 0.525 * (high - low), low + 0.475 * (high - low)
    return [
        Zone("range", -1, first, last, last, high, upper, "premium"),
        Zone("range", 1, first, last, last, lower, low, "discount"),
    ]


def _sessions(scene: Scene, candles: CandleArrays) -> list[Span]:
    """The session of every candle, as the strategy's calendar marks them."""
    calendar = build_calendar(new_york_days=False, index_hours=False)
    sessions = spans_of(candles.time, scene.timeframe.milliseconds, calendar)["session"]
    spans = []
    for session, group in groupby(range(scene.first, len(candles)), lambda t: int(sessions[t])):
        bars = list(group)
        if session >= 0:
            spans.append(Span(bars[0], bars[-1], WINDOW_WORDS[SESSIONS[session]]))
    return spans


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
