"""The trader's calendar: New York windows, day/week/month rolls and opening gaps (section 10).

Time zones enter here and nowhere else. Python lists the zone's transitions and the period starts
once; the kernel turns a candle's open time into integers. A window is half-open on the local wall
clock of the candle's open, so both days of a clock change are right by construction.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from src.strategy.codes import SESSIONS, WINDOWS
from src.strategy.compiled import Integers, Record, Records, compiled

NEW_YORK = ZoneInfo("America/New_York")
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
FIRST_YEAR = 2000
LAST_YEAR = 2100
FIRST_TIME = int(datetime(FIRST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) * 1000
LAST_TIME = int(datetime(LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * 1000

# Window -> (start, end) in minutes of the New York day.
_WINDOW_MINUTES = {
    "asia": (1200, 1440),
    "london_open": (120, 300),
    "ny_am": (420, 600),
    "ny_lunch": (720, 780),
    "ny_pm": (810, 960),
    "london_close": (600, 720),
    "sb_london": (180, 240),
    "sb_am": (600, 660),
    "sb_pm": (840, 900),
}
_NY_AM_INDEX = (510, 660)


class Calendar(NamedTuple):
    """Tables the kernel looks times up in; all UTC milliseconds or minutes of the local day.

    `transitions[i]` is when `offsets[i]` begins to hold; `days`, `weeks`, `months` are the starts
    of every period; the 1440-entry tables give, for a local minute, the bits of the open windows,
    the session (-1: none), that session's first and past-the-end minute, and the end of the silver
    bullet window (0: none).
    """

    transitions: Integers
    offsets: Integers
    days: Integers
    weeks: Integers
    months: Integers
    windows: Integers
    session: Integers
    session_first: Integers
    session_end: Integers
    silver_bullet_end: Integers


@lru_cache(maxsize=4)
def build_calendar(new_york_days: bool, index_hours: bool) -> Calendar:
    """The calendar of 24/7 crypto (days roll 00:00 UTC) or of FX/CME (17:00 New York)."""
    transitions, offsets = zone_transitions(NEW_YORK)
    days, weeks, months = _period_starts(new_york_days)
    return Calendar(transitions, offsets, days, weeks, months, *_window_tables(index_hours))


@lru_cache(maxsize=2)
def zone_transitions(zone: ZoneInfo) -> tuple[Integers, Integers]:
    """When the zone's UTC offset changes, and to what (both milliseconds, oldest first)."""
    moments = [int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())]
    end = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    probe, stride = moments[0], 14 * 86_400
    while probe < end:
        following = min(probe + stride, end)
        if _offset(zone, probe) != _offset(zone, following):
            moments.append(_bisect_transition(zone, probe, following))
        probe = following
    offsets = [_offset(zone, moment) * 1000 for moment in moments]
    return np.array(moments, np.int64) * 1000, np.array(offsets, np.int64)


def _offset(zone: ZoneInfo, second: int) -> int:
    shift = datetime.fromtimestamp(second, zone).utcoffset()
    return int((shift or timedelta()).total_seconds())


def _bisect_transition(zone: ZoneInfo, before: int, after: int) -> int:
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _period_starts(new_york_days: bool) -> tuple[Integers, Integers, Integers]:
    days, weeks, months = [], [], []
    for day in _dates():
        start = _day_start(day, new_york_days)
        days.append(start)
        if day.weekday() == 0:
            weeks.append(start)
        if day.day == 1:
            months.append(start)
    return np.array(days, np.int64), np.array(weeks, np.int64), np.array(months, np.int64)


def _dates() -> Iterator[date]:
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        yield day
        day += timedelta(days=1)


def _day_start(day: date, new_york_days: bool) -> int:
    """Start of a trading day, UTC ms; a New York trading day begins 17:00 the evening before."""
    if not new_york_days:
        return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY_MS
    evening = day - timedelta(days=1)
    local = datetime(evening.year, evening.month, evening.day, 17, tzinfo=NEW_YORK)
    return int(local.timestamp()) * 1000


def _window_tables(
    index_hours: bool,
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    windows = np.zeros(1440, np.int64)
    session = np.full(1440, -1, np.int64)
    first, end, silver_bullet = (np.zeros(1440, np.int64) for _ in range(3))
    for bit, name in enumerate(WINDOWS):
        start, stop = _WINDOW_MINUTES[name]
        if name == "ny_am" and index_hours:
            start, stop = _NY_AM_INDEX
        windows[start:stop] |= 1 << bit
        if name in SESSIONS:
            session[start:stop], first[start:stop], end[start:stop] = bit, start, stop
        if name.startswith("sb_"):
            silver_bullet[start:stop] = stop
    return windows, session, first, end, silver_bullet


@compiled
def _last_not_after(starts: Integers, time: int, cursor: int) -> int:
    """Index of the last start <= time, looking near `cursor` first."""
    last = len(starts) - 1
    if starts[cursor] <= time and (cursor == last or time < starts[cursor + 1]):
        return cursor
    if cursor < last and starts[cursor + 1] <= time:
        after = cursor + 2
        if after > last or time < starts[after]:
            return cursor + 1
    low, high = 0, last + 1
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= time:
            low = middle + 1
        else:
            high = middle
    return low - 1


@compiled
def mark_calendar(candles: Records, count: int, calendar: Calendar, step: int) -> None:
    """Fill the calendar fields of candles[:count] from their open times (UTC ms)."""
    zone, day, week, month = 0, 0, 0, 0
    for i in range(count):
        candle = candles[i]
        zone = _last_not_after(calendar.transitions, candle.time, zone)
        day = _last_not_after(calendar.days, candle.time, day)
        week = _last_not_after(calendar.weeks, candle.time, week)
        month = _last_not_after(calendar.months, candle.time, month)
        candle.day = calendar.days[day]
        candle.day_length = calendar.days[day + 1] - calendar.days[day]
        candle.week = calendar.weeks[week]
        candle.week_length = calendar.weeks[week + 1] - calendar.weeks[week]
        candle.month = calendar.months[month]
        candle.month_length = calendar.months[month + 1] - calendar.months[month]
        local = candle.time + calendar.offsets[zone]
        _mark_windows(candle, calendar, local, calendar.transitions[zone], step)
        _mark_opening(candle, local, step)


@compiled
def _mark_windows(
    candle: Record, calendar: Calendar, local: int, transition: int, step: int
) -> None:
    """Windows and session of one candle. A clock change inside a session shortens it."""
    candle.windows = 0
    candle.session = -1
    candle.session_start = 0
    candle.session_length = 0
    candle.silver_bullet_end = 0
    if step > 3_600_000:
        return
    midnight = candle.time - local % 86_400_000
    minute = (local % 86_400_000) // 60_000
    candle.windows = calendar.windows[minute]
    if calendar.silver_bullet_end[minute] > 0:
        candle.silver_bullet_end = midnight + calendar.silver_bullet_end[minute] * 60_000
    if calendar.session[minute] >= 0:
        start = max(midnight + calendar.session_first[minute] * 60_000, transition)
        candle.session = calendar.session[minute]
        candle.session_start = start
        candle.session_length = midnight + calendar.session_end[minute] * 60_000 - start


@compiled
def _mark_opening(candle: Record, local: int, step: int) -> None:
    """The trading day the candle belongs to (opened 18:00 New York, Sunday to Thursday).

    `opening` numbers these days, five a week, Sunday's divisible by five; `closing` is 1 while the
    candle ends by 17:00 of the following evening.
    """
    day = (local // 60_000 - 1080) // 1440
    weekday = (day + 4) % 7
    if weekday > 4:
        day -= weekday - 4
        weekday = 4
    candle.opening = (day + 4) // 7 * 5 + weekday
    candle.closing = 1 if local + step <= ((day + 1) * 1440 + 1020) * 60_000 else 0
