"""The trader's calendar: New York windows, day/week/month rolls and opening gaps (section 10).

Time zones enter here and nowhere else. Python lists the zone's transitions and the period starts
once; the kernel turns a candle's open time into integers and says until when they hold, so that
most candles cost one comparison. A window is half-open on the local wall clock of the candle's
open, so both days of a clock change are right by construction.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from src.strategy.codes import SESSIONS, WINDOWS
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.records import SPAN

NEW_YORK = ZoneInfo("America/New_York")
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
# On the average: between changes of the clock; a day, a week, a month.
HALF_YEAR_MS = 15_778_476_000
PERIOD_MS = (DAY_MS, 7 * DAY_MS, 2_629_746_000)
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

    Kernels are handed few arrays, so what belongs together shares one.
    """

    zone: Integers  # (2, transitions): when each offset begins to hold, and the offset
    periods: Integers  # (3, starts): of days, weeks and months, filled up with NEVER
    minutes: Integers  # (6, 1440), see the rows below


# Rows of `minutes`: for a local minute the bits of the open windows, the session (-1: none), its
# first and past-the-end minute, the end of the silver bullet window (0: none), and the next minute
# at which any of these changes.
WINDOW_BITS, SESSION_ROW, SESSION_FIRST, SESSION_END, SILVER_BULLET_END, CHANGE = range(6)
NEVER = np.iinfo(np.int64).max


@lru_cache(maxsize=4)
def build_calendar(new_york_days: bool, index_hours: bool) -> Calendar:
    """The calendar of 24/7 crypto (days roll 00:00 UTC) or of FX/CME (17:00 New York)."""
    transitions, offsets = zone_transitions(NEW_YORK)
    zone = np.stack((transitions, offsets))
    return Calendar(zone, _period_starts(new_york_days), _minutes(index_hours))


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


def _period_starts(new_york_days: bool) -> Integers:
    """All days at once: this is part of every program's start."""
    days = np.arange(np.datetime64(f"{FIRST_YEAR}", "D"), np.datetime64(f"{LAST_YEAR + 1}", "D"))
    numbers = days.astype(np.int64)
    starts = numbers * DAY_MS
    if new_york_days:
        # The day begins 17:00 the evening before, far from any change of the clock.
        evening = starts - 7 * HOUR_MS
        transitions, offsets = zone_transitions(NEW_YORK)
        index = np.searchsorted(transitions, evening + 5 * HOUR_MS, side="right") - 1
        starts = evening - offsets[np.maximum(index, 0)]
    begins_day, begins_week = np.full(len(days), True), (numbers + 3) % 7 == 0
    begins_month = days == days.astype("datetime64[M]")
    table = np.full((3, len(days)), NEVER)
    for row, begins in zip(table, (begins_day, begins_week, begins_month), strict=True):
        row[: begins.sum()] = starts[begins]
    return table


def _minutes(index_hours: bool) -> Integers:
    table = np.zeros((6, 1440), np.int64)
    table[SESSION_ROW] = -1
    for bit, name in enumerate(WINDOWS):
        start, stop = _WINDOW_MINUTES[name]
        if name == "ny_am" and index_hours:
            start, stop = _NY_AM_INDEX
        table[WINDOW_BITS, start:stop] |= 1 << bit
        if name in SESSIONS:
            table[SESSION_ROW, start:stop] = bit
            table[SESSION_FIRST, start:stop], table[SESSION_END, start:stop] = start, stop
        if name.startswith("sb_"):
            table[SILVER_BULLET_END, start:stop] = stop
    table[CHANGE, -1] = 1440
    for minute in range(1438, -1, -1):
        same = np.array_equal(table[:CHANGE, minute], table[:CHANGE, minute + 1])
        table[CHANGE, minute] = table[CHANGE, minute + 1] if same else minute + 1
    return table


@compiled
def _last_not_after(starts: Integers, time: int, usual: int) -> int:
    """Index of the last start <= time, which the first is; they are about `usual` apart."""
    last = len(starts) - 1
    index = min((time - starts[0]) // usual, last)
    while starts[index] > time:
        index -= 1
    while index < last and starts[index + 1] <= time:
        index += 1
    return int(index)


def spans_of(times: Integers, step: int, calendar: Calendar) -> Records:
    """A row of layout records.SPAN for every open time (UTC ms) of candles of `step`."""
    spans = np.zeros(len(times), SPAN)
    _mark_spans(spans, calendar, times, step)
    return spans


@compiled
def _mark_spans(spans: Records, calendar: Calendar, times: Integers, step: int) -> None:
    for i in range(len(times)):
        mark_span(spans[i], calendar, times[i], step)


@compiled
def mark_span(span: Record, calendar: Calendar, time: int, step: int) -> None:
    """Fill a SPAN: the calendar of a candle opening at `time`, and until when it stays the same."""
    zone = _last_not_after(calendar.zone[0], time, HALF_YEAR_MS)
    span.until = calendar.zone[0, zone + 1] if zone + 1 < calendar.zone.shape[1] else NEVER
    for row in range(3):
        starts = calendar.periods[row]
        index = _last_not_after(starts, time, PERIOD_MS[row])
        span.starts[row] = starts[index]
        span.lengths[row] = starts[index + 1] - starts[index]
        span.until = min(span.until, starts[index + 1])
    offset = calendar.zone[1, zone]
    _mark_windows(span, calendar, time, offset, calendar.zone[0, zone], step)
    _mark_opening(span, time + offset, offset, step)


@compiled
def _mark_windows(
    span: Record, calendar: Calendar, time: int, offset: int, transition: int, step: int
) -> None:
    """Windows and session. A clock change inside a session shortens it."""
    span.windows = 0
    span.session = -1
    span.session_start = 0
    span.session_length = 0
    span.silver_bullet_end = 0
    if step > HOUR_MS:
        return
    minutes, local = calendar.minutes, time + offset
    midnight = time - local % DAY_MS
    minute = (local % DAY_MS) // MINUTE_MS
    span.until = min(span.until, midnight + minutes[CHANGE, minute] * MINUTE_MS)
    span.windows = minutes[WINDOW_BITS, minute]
    if minutes[SILVER_BULLET_END, minute] > 0:
        span.silver_bullet_end = midnight + minutes[SILVER_BULLET_END, minute] * MINUTE_MS
    if minutes[SESSION_ROW, minute] >= 0:
        start = max(midnight + minutes[SESSION_FIRST, minute] * MINUTE_MS, transition)
        span.session = minutes[SESSION_ROW, minute]
        span.session_start = start
        span.session_length = midnight + minutes[SESSION_END, minute] * MINUTE_MS - start


@compiled
def _mark_opening(span: Record, local: int, offset: int, step: int) -> None:
    """The trading day (opened 18:00 New York, Sunday to Thursday).

    `opening` numbers these days, five a week, Sunday's divisible by five; `closing` is 1 while a
    candle ends by 17:00 of the following evening.
    """
    day = (local // MINUTE_MS - 1080) // 1440
    change = ((day + 1) * 1440 + 1080) * MINUTE_MS
    weekday = (day + 4) % 7
    if weekday > 4:
        day -= weekday - 4
        weekday = 4
    span.opening = (day + 4) // 7 * 5 + weekday
    # The last moment at which a candle that ends by 17:00 can open.
    last = ((day + 1) * 1440 + 1020) * MINUTE_MS - step
    span.closing = 1 if local <= last else 0
    span.until = min(span.until, change - offset)
    if local <= last:
        span.until = min(span.until, last + 1 - offset)
