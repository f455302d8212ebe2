"""New York windows on ordinary days and on both days of a clock change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from src.domain.candle import Timeframe
from src.strategy import records
from src.strategy.calendar import NEW_YORK, build_calendar, mark_calendar, zone_transitions
from src.strategy.codes import WINDOWS
from src.strategy.compiled import Records
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


def marked(day: datetime, timeframe: Timeframe = Timeframe.M5, days: int = 1) -> Records:
    """Every candle of the UTC days from `day`, with its calendar fields."""
    count = days * 86_400_000 // timeframe.milliseconds
    rows = np.zeros(count, records.CANDLE)
    rows["time"] = int(day.timestamp()) * 1000 + timeframe.milliseconds * np.arange(count)
    mark_calendar(rows, count, build_calendar(False, False), timeframe.milliseconds)
    return rows


def expected_windows(time: int) -> tuple[str, ...]:
    local = datetime.fromtimestamp(time / 1000, NEW_YORK)
    hour = local.hour + local.minute / 60
    return tuple(name for name in WINDOWS if LOCAL_HOURS[name][0] <= hour < LOCAL_HOURS[name][1])


@pytest.mark.parametrize("day", [MARCH, NOVEMBER, JULY])
def test_windows_follow_the_wall_clock_of_new_york(day: datetime) -> None:
    rows = marked(day - timedelta(days=1), days=3)
    for row in rows:
        assert window_names(int(row["windows"])) == expected_windows(int(row["time"]))


def london_bars(rows: Records) -> int:
    return sum("london_open" in window_names(int(row["windows"])) for row in rows)


def test_london_open_loses_an_hour_in_march_and_keeps_three_in_november() -> None:
    assert london_bars(marked(MARCH, Timeframe.H1)) == 2
    assert london_bars(marked(NOVEMBER, Timeframe.H1)) == 3


def test_the_shortened_london_session_is_known_to_be_two_hours_long() -> None:
    rows = marked(MARCH, Timeframe.M5)
    lengths = {int(r["session_length"]) for r in rows if r["session"] == 1}
    assert lengths == {2 * 3_600_000}
    starts = {int(r["session_start"]) for r in rows if r["session"] == 1}
    assert starts == {int(r["time"]) for r in rows if r["session"] == 1 and r["time"] in starts}


def test_the_repeated_hour_of_november_opens_nothing_twice() -> None:
    rows = marked(NOVEMBER, Timeframe.M5, days=2)
    for session in range(5):
        starts = {int(r["session_start"]) for r in rows if r["session"] == session}
        assert len(starts) <= 3
        for start in starts:
            bars = [r for r in rows if r["session"] == session and r["session_start"] == start]
            times = [int(r["time"]) for r in bars]
            assert np.all(np.diff(times) == 300_000)


def test_timeframes_above_one_hour_have_no_windows() -> None:
    rows = marked(JULY, Timeframe.H4)
    assert not rows["windows"].any()
    assert set(rows["session"]) == {-1}


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
    rows = marked(datetime(2026, 2, 26, tzinfo=UTC), Timeframe.D1, days=6)
    weeks = [datetime.fromtimestamp(w / 1000, UTC).day for w in rows["week"]]
    assert weeks == [23, 23, 23, 23, 2, 2]
    months = [datetime.fromtimestamp(m / 1000, UTC).month for m in rows["month"]]
    assert months == [2, 2, 2, 3, 3, 3]
    assert list(rows["month_length"] // 86_400_000) == [28, 28, 28, 31, 31, 31]


def test_new_york_days_roll_at_five_in_the_afternoon() -> None:
    rows = np.zeros(3, records.CANDLE)
    evening = datetime(2026, 7, 15, 16, 55, tzinfo=NEW_YORK)
    rows["time"] = int(evening.timestamp()) * 1000 + 300_000 * np.arange(3)
    mark_calendar(rows, 3, build_calendar(True, False), 300_000)
    assert rows["day"][0] != rows["day"][1] == rows["day"][2] == rows["time"][1]


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
