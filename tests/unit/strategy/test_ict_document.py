"""docs/ict.md says what the code does: its events, models, points and parameters."""

import re
from dataclasses import fields
from pathlib import Path

from scripts.draw_ict import FOLDER, pictures
from src.strategy import score
from src.strategy.additions import DETECTORS
from src.strategy.codes import EVENTS, KINDS, MODELS
from src.strategy.parameters import StrategyParameters
from src.strategy.setup_updates import COMPONENTS

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "ict.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its first two lines."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def shown(name: str) -> list[str]:
    default = getattr(StrategyParameters(), name)
    return [str(value) for value in default] if isinstance(default, tuple) else [str(default)]


def test_the_parameters_are_documented_with_their_defaults() -> None:
    documented = {words(name)[0]: words(default) for name, default, _ in table("Parameters")}
    defaults = {field.name: shown(field.name) for field in fields(StrategyParameters)}
    assert documented == defaults


def test_every_kind_is_documented_with_its_events_in_their_order() -> None:
    documented = [(words(kind), words(events)) for kind, events in table("Events")]
    assert documented == [
        ([kind], [event for event in events if event])
        for kind, events in zip(KINDS, EVENTS, strict=True)
    ]


def test_every_model_is_documented() -> None:
    assert [words(model)[0] for model, _, _ in table("Setups")] == list(MODELS)


def test_every_picture_is_what_the_detectors_and_the_code_draw_today() -> None:
    """If this fails, run `python -m scripts.draw_ict` and look at what changed."""
    drawn = dict(pictures())
    committed = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed.keys() == drawn.keys()
    assert [name for name in drawn if drawn[name] != committed[name]] == []


def test_every_picture_is_shown_once() -> None:
    shown = re.findall(r"\]\(images/ict/(\w+)\.svg\)", DOCUMENT)
    assert sorted(shown) == sorted(name for name, _ in pictures())


def test_the_detectors_beside_the_core_are_documented() -> None:
    for name, detector in DETECTORS.items():
        assert f"`--with {name}`" in DOCUMENT
        assert all(f"`{event}`" in DOCUMENT for event in detector.events)


def test_the_points_of_a_score_are_documented_and_sum_to_a_hundred() -> None:
    documented = {words(name)[0]: float(points) for name, points, _ in table("How to read a score")}
    assert documented == dict(
        zip(
            COMPONENTS,
            (
                score.BIAS_POINTS,
                score.SWEEP_POINTS,
                score.SHIFT_POINTS,
                score.GAP_POINTS,
                score.BLOCK_POINTS,
                score.RANGE_POINTS + score.RETRACEMENT_POINTS,
                score.KILL_ZONE_POINTS,
                score.DIVERGENCE_POINTS,
            ),
            strict=True,
        )
    )
    assert sum(documented.values()) == 100
