"""The detectors that stand beside the core: the swing hierarchy and the reference opens."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from src.domain.candle import Timeframe
from src.domain.errors import SettingsError
from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters, with_additions
from tests.unit.strategy.walks import M5, Bar, arrays, part, walk, walks

HIERARCHY = StrategyParameters(models=(), detectors=("swing_hierarchy",))
OPENS = StrategyParameters(models=(), detectors=("reference_open",))
NEW_YORK = ZoneInfo("America/New_York")
Swing = tuple[int, float, int]  # bar, price, bar at whose close it is known
Told = set[tuple[str, int, float, int]]


def of(candles: CandleArrays, parameters: StrategyParameters, kind: str) -> list[Event]:
    return [event for event in analyse(candles, M5, parameters) if event["kind"] == kind]


def peaks(highs: list[float]) -> list[Swing]:
    """Short-term highs, as the page defines them."""
    return [
        (p, highs[p], p + 1)
        for p in range(1, len(highs) - 1)
        if highs[p] > highs[p - 1] and highs[p] >= highs[p + 1]
    ]


def higher(swings: list[Swing]) -> list[Swing]:
    """Those strictly above both neighbours, known when the right one is."""
    return [
        (middle[0], middle[1], right[2])
        for left, middle, right in zip(swings, swings[1:], swings[2:], strict=False)
        if middle[1] > left[1] and middle[1] > right[1]
    ]


def ranked(highs: list[float], sign: int) -> Told:
    short = peaks([sign * high for high in highs])
    intermediate = higher(short)
    names = ("short_term", "intermediate_term", "long_term")
    return {
        (name, origin, sign * price, known)
        for name, swings in zip(names, (short, intermediate, higher(intermediate)), strict=True)
        for origin, price, known in swings
    }


@given(walks())
@settings(max_examples=60, deadline=None)
def test_the_hierarchy_is_what_a_plain_reading_of_the_definition_gives(
    candles: CandleArrays,
) -> None:
    events = of(candles, HIERARCHY, "swing_hierarchy")
    for direction, column in ((1, candles.high), (-1, candles.low)):
        found = {
            (e["event"], e["t_origin"], e["price"], e["t"]) for e in events if e["dir"] == direction
        }
        assert found == ranked([float(price) for price in column], direction)


def test_a_swing_keeps_its_id_when_it_rises_in_rank() -> None:
    events = of(walk(5, 2000), HIERARCHY, "swing_hierarchy")
    origins = {e["id"]: (e["t_origin"], e["dir"]) for e in events if e["event"] == "short_term"}
    assert all(origins[e["id"]] == (e["t_origin"], e["dir"]) for e in events)
    assert len({e["event"] for e in events}) == 3


def hours(start: datetime, count: int, skipped: range = range(0)) -> CandleArrays:
    """5-minute candles for so many hours, each opening at its own number."""
    bars: list[Bar] = [(100.0 + i, 101.0 + i, 99.0 + i, 100.0 + i) for i in range(12 * count)]
    candles = arrays(bars, int(start.timestamp()) * 1000)
    kept = [i for i in range(len(bars)) if i not in skipped]
    prices = (candles.open, candles.high, candles.low, candles.close)
    return CandleArrays(candles.time[kept], *(column[kept] for column in prices))


@pytest.mark.parametrize("day", ["2025-03-07", "2025-03-08", "2025-10-31", "2025-11-01"])
def test_reference_opens_keep_new_yorks_clock_through_both_clock_changes(day: str) -> None:
    """Three days over the weekend of a change, in March and in November."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    candles = hours(start, 72)
    opened = dict(zip(candles.time.tolist(), candles.open.tolist(), strict=True))
    expected = {}
    for days in range(-1, 4):
        date = start.date() + timedelta(days=days)
        for name, hour, minute in (("midnight", 0, 0), ("08:30", 8, 30), ("09:30", 9, 30)):
            wall = datetime(date.year, date.month, date.day, hour, minute, tzinfo=NEW_YORK)
            moment = int(wall.timestamp()) * 1000
            if moment in opened:
                expected[moment] = (name, opened[moment])
    events = of(candles, OPENS, "reference_open")
    assert {e["moment"]: (e["name"], e["price"]) for e in events} == expected
    assert all(e["ts"] == e["moment"] for e in events)
    assert len(events) >= 8


def test_a_missing_bar_leaves_the_next_one_to_give_the_price() -> None:
    """New York's midnight is 04:00 UTC in summer; here half an hour is missing there."""
    candles = hours(datetime(2025, 7, 1, 3, tzinfo=UTC), 2, range(12, 18))
    (event,) = of(candles, OPENS, "reference_open")
    assert (event["name"], event["price"]) == ("midnight", 118.0)
    assert event["ts"] - event["moment"] == 6 * M5.milliseconds


def test_a_history_that_begins_after_a_moment_does_not_guess_its_open() -> None:
    candles = hours(datetime(2025, 7, 1, 4, 5, tzinfo=UTC), 3)
    assert of(candles, OPENS, "reference_open") == []
    assert len(of(part(hours(datetime(2025, 7, 1, 4, tzinfo=UTC), 3), 0), OPENS, "reference_open"))


def test_moments_pass_once_a_day() -> None:
    events = of(walk(8, 3000), OPENS, "reference_open")
    for name in ("midnight", "08:30", "09:30"):
        moments = [event["moment"] for event in events if event["name"] == name]
        assert all(later - earlier == 86_400_000 for earlier, later in pairwise(moments))
        assert len(moments) >= 10


def test_an_addition_that_nobody_registered_is_named() -> None:
    with pytest.raises(SettingsError, match="detectors names 'tea_leaves'; known are swing_hier"):
        with_additions(["tea_leaves"])
    parameters = with_additions(["swing_hierarchy"])
    assert parameters.detectors == ("swing_hierarchy",)
    assert parameters.models == StrategyParameters().models


def test_hourly_candles_have_reference_opens_too() -> None:
    candles = walk(9, 100, timeframe=Timeframe.H1)
    events = [e for e in analyse(candles, Timeframe.H1, OPENS) if e["kind"] == "reference_open"]
    late = {e["name"]: e["ts"] - e["moment"] for e in events}
    assert late == {"midnight": 0, "08:30": 1_800_000, "09:30": 1_800_000}
