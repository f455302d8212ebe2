"""New York windows on ordinary days and on both days of a clock change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from src.domain.candle import Timeframe
from src.strategy.calendar import NEW_YORK, build_calendar, spans_of, zone_transitions
from src.strategy.codes import WINDOWS
from src.strategy.compiled import Integers, Records
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from src.strategy.sentences import window_names
from tests.unit.strategy.walks import Bar, arrays

MARCH = datetime(2026, 3, 8, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 15, tzinfo=UTC)
LOCAL_HOURS = {
    "asia": (20, 24),
    "london_open": (2, 5),
    "ny_am": (7, 10),
    "ny_lunch": (12, 13),
    "ny_pm": (13.5, 16),
    "london_close": (10, 12),
    "sb_london": (3, 4),
    "sb_am": (10, 11),
    "sb_pm": (14, 15),
}


def marked(
    day: datetime, timeframe: Timeframe = Timeframe.M5, days: int = 1, new_york: bool = False
) -> tuple[Integers, Records]:
    """Open time of every candle of the UTC days from `day`, and the calendar of each."""
    count = days * 86_400_000 // timeframe.milliseconds
    times = int(day.timestamp()) * 1000 + timeframe.milliseconds * np.arange(count)
    calendar = build_calendar(new_york, False)
    return times, spans_of(times, timeframe.milliseconds, calendar)


def expected_windows(time: int) -> tuple[str, ...]:
    local = datetime.fromtimestamp(time / 1000, NEW_YORK)
    hour = local.hour + local.minute / 60
    return tuple(name for name in WINDOWS if LOCAL_HOURS[name][0] <= hour < LOCAL_HOURS[name][1])


@pytest.mark.parametrize("day", [MARCH, NOVEMBER, JULY])
def test_windows_follow_the_wall_clock_of_new_york(day: datetime) -> None:
    times, spans = marked(day - timedelta(days=1), days=3)
    for time, span in zip(times, spans, strict=True):
        assert window_names(int(span["windows"])) == expected_windows(int(time))


@pytest.mark.parametrize("new_york", [False, True])
@pytest.mark.parametrize("timeframe", [Timeframe.M5, Timeframe.H1, Timeframe.H4])
@pytest.mark.parametrize("day", [MARCH, NOVEMBER, JULY])
def test_a_span_says_until_when_nothing_changes(
    day: datetime, timeframe: Timeframe, new_york: bool
) -> None:
    times, spans = marked(day - timedelta(days=9), timeframe, 18, new_york)
    held = spans[0]
    for time, span in zip(times, spans, strict=True):
        if time >= held["until"]:
            held = span
        assert held.tobytes() == span.tobytes()


def london_bars(marks: tuple[Integers, Records]) -> int:
    return sum("london_open" in window_names(int(span["windows"])) for span in marks[1])


def test_london_open_loses_an_hour_in_march_and_keeps_three_in_november() -> None:
    assert london_bars(marked(MARCH, Timeframe.H1)) == 2
    assert london_bars(marked(NOVEMBER, Timeframe.H1)) == 3


def test_the_shortened_london_session_is_known_to_be_two_hours_long() -> None:
    times, spans = marked(MARCH, Timeframe.M5)
    inside = spans["session"] == 1
    assert set(spans["session_length"][inside]) == {2 * 3_600_000}
    assert set(spans["session_start"][inside]) == {times[inside][0]}


def test_the_repeated_hour_of_november_opens_nothing_twice() -> None:
    times, spans = marked(NOVEMBER, Timeframe.M5, days=2)
    for session in range(5):
        starts = {int(start) for start in spans["session_start"][spans["session"] == session]}
        assert len(starts) <= 3
        for start in starts:
            inside = (spans["session"] == session) & (spans["session_start"] == start)
            assert np.all(np.diff(times[inside]) == 300_000)


def test_timeframes_above_one_hour_have_no_windows() -> None:
    _, spans = marked(JULY, Timeframe.H4)
    assert not spans["windows"].any()
    assert set(spans["session"]) == {-1}


def test_the_transition_table_agrees_with_the_zone() -> None:
    transitions, offsets = zone_transitions(NEW_YORK)
    rng = np.random.default_rng(1)
    for time in rng.integers(946_684_800_000, 4_102_444_800_000, 2000):
        offset = offsets[np.searchsorted(transitions, time, side="right") - 1]
        moment = datetime.fromtimestamp(time / 1000, UTC)
        shift = moment.astimezone(NEW_YORK).utcoffset()
        assert shift is not None
        assert offset == shift.total_seconds() * 1000


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    _, spans = marked(datetime(2026, 2, 26, tzinfo=UTC), Timeframe.D1, days=6)
    weeks = [datetime.fromtimestamp(start / 1000, UTC).day for start in spans["starts"][:, 1]]
    assert weeks == [23, 23, 23, 23, 2, 2]
    months = [datetime.fromtimestamp(start / 1000, UTC).month for start in spans["starts"][:, 2]]
    assert months == [2, 2, 2, 3, 3, 3]
    assert list(spans["lengths"][:, 2] // 86_400_000) == [28, 28, 28, 31, 31, 31]


def test_new_york_days_roll_at_five_in_the_afternoon() -> None:
    evening = datetime(2026, 7, 15, 16, 55, tzinfo=NEW_YORK)
    times, spans = marked(evening, new_york=True)
    days = spans["starts"][:, 0]
    assert days[0] != days[1] == days[2] == times[1]


def gaps_between(opened: float, closed: float, start: datetime, hours: int) -> list[dict[str, Any]]:
    """Opening gaps of hourly bars at `closed`, then at `opened` from 18:00 New York."""
    bars: list[Bar] = []
    for hour in range(hours):
        local = (start + timedelta(hours=hour)).astimezone(NEW_YORK)
        price = opened if (start + timedelta(hours=hour)) >= _reopening(start) else closed
        bars.append((price, price + 1, price - 1, price))
        assert local.minute == 0
    candles = arrays(bars, int(start.timestamp()) * 1000, Timeframe.H1)
    events = analyse(candles, Timeframe.H1, StrategyParameters())
    return [event for event in events if event["kind"] == "opening_gap"]


def _reopening(start: datetime) -> datetime:
    local = start.astimezone(NEW_YORK)
    day = local.date() + timedelta(days=2 if local.weekday() == 4 else 0)
    return datetime(day.year, day.month, day.day, 18, tzinfo=NEW_YORK)


def test_a_day_gap_is_the_five_oclock_close_against_the_six_oclock_open() -> None:
    wednesday = datetime(2026, 7, 15, 14, tzinfo=NEW_YORK).astimezone(UTC)
    gap = gaps_between(105, 100, wednesday, 6)[0]
    assert (gap["gap_kind"], gap["dir"], gap["t"]) == ("NDOG", 1, 4)
    assert (gap["bottom"], gap["top"], gap["synthetic"]) == (100.0, 105.0, True)


def test_a_week_gap_spans_the_weekend() -> None:
    friday = datetime(2026, 7, 17, 14, tzinfo=NEW_YORK).astimezone(UTC)
    gaps = gaps_between(95, 100, friday, 54)
    assert [(g["gap_kind"], g["dir"], g["t"]) for g in gaps if g["event"] == "created"] == [
        ("NWOG", -1, 52)
    ]


FRIDAY = datetime(2025, 7, 11, 16, tzinfo=NEW_YORK)
MONDAY = datetime(2025, 7, 14, 19, tzinfo=NEW_YORK)


def hourly_gaps(*bars: tuple[datetime, float, float]) -> list[tuple[int, str, float, float]]:
    """Bar, kind, bottom and top of the gaps opened by bars of (New York opening, open, close)."""
    prices = [
        (opened, max(opened, closed), min(opened, closed), closed) for _, opened, closed in bars
    ]
    candles = arrays(prices, 0, Timeframe.H1)
    candles.time[:] = [int(when.timestamp()) * 1000 for when, _, _ in bars]
    events = analyse(candles, Timeframe.H1, StrategyParameters())
    return [
        (event["t"], event["gap_kind"], event["bottom"], event["top"])
        for event in events
        if (event["kind"], event["event"]) == ("opening_gap", "created")
    ]


def test_every_pause_within_a_hole_opens_its_own_gap() -> None:
    assert hourly_gaps((FRIDAY, 100.0, 101.0), (MONDAY, 105.0, 106.0)) == [
        (1, "NWOG", 101.0, 105.0),
        (1, "NDOG", 101.0, 105.0),
    ]


def test_a_bar_within_a_pause_closes_the_days_after_it_and_not_that_pause() -> None:
    assert hourly_gaps(
        (FRIDAY, 100.0, 101.0), (FRIDAY + timedelta(hours=1), 101.0, 103.0), (MONDAY, 105.0, 106.0)
    ) == [(2, "NWOG", 101.0, 105.0), (2, "NDOG", 103.0, 105.0)]
