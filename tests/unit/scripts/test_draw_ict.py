"""The pictures of the documents: what is drawn is what the detectors said."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts.draw_ict import main, picture, pictures
from scripts.ict_scenes import SCENES, Scene, series
from src.domain.candle import Timeframe
from src.strategy.chart import Level, Mark, Zone


def scene(name: str) -> Scene:
    return next(scene for scene in SCENES if scene.name == name)


def test_every_picture_is_well_formed_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    assert main(["--folder", str(tmp_path)]) == 0
    files = sorted(tmp_path.iterdir())
    assert [file.stem for file in files] == sorted(scene.name for scene in SCENES)
    for file in files:
        text = file.read_text()
        assert ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
        assert "prefers-color-scheme: dark" in text
        assert set(re.findall(r'https?://[^"]+', text)) == {"http://www.w3.org/2000/svg"}


def test_drawing_twice_gives_the_same_text() -> None:
    assert list(pictures()) == list(pictures())


@pytest.mark.parametrize("name", [scene.name for scene in SCENES])
def test_every_scene_shows_something_inside_its_candles(name: str) -> None:
    shown = picture(scene(name))
    assert shown.shapes
    for shape in shown.shapes:
        assert shape.known <= shown.last
        if isinstance(shape, Zone):
            assert shape.bottom < shape.top
            assert shape.first <= shape.last <= shown.last


def test_a_gap_lies_between_the_first_and_the_third_candle() -> None:
    shown = picture(scene("fvg"))
    (gap,) = shown.shapes
    assert isinstance(gap, Zone)
    assert gap.top == shown.candles.low[gap.known]
    assert gap.bottom == shown.candles.high[gap.known - 2]


def test_a_breaker_begins_where_its_order_block_ended() -> None:
    block, breaker = (shape for shape in picture(scene("breaker")).shapes)
    assert isinstance(block, Zone)
    assert isinstance(breaker, Zone)
    assert block.last == breaker.first == breaker.known
    assert (block.top, block.bottom) == (breaker.top, breaker.bottom)


def test_a_swept_pool_ends_at_its_sweep() -> None:
    shapes = picture(scene("equal_highs")).shapes
    (level,) = (shape for shape in shapes if isinstance(shape, Level))
    (sweep,) = (shape for shape in shapes if isinstance(shape, Mark))
    assert (level.label, sweep.label) == ("equal highs", "sweep")
    assert level.last == sweep.t
    assert sweep.price > level.price


def test_a_word_that_is_no_candle_is_refused() -> None:
    with pytest.raises(ValueError, match="ten is not a candle"):
        series("101 ten", Timeframe.M5, 0)
