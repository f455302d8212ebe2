"""Section 10 and the periods of section 7, read with the standard library's time zones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
HOUR_MS = 3_600_000

SESSIONS = {
    "asia": (time(20), None),
    "london_open": (time(2), time(5)),
    "ny_am": (time(7), time(10)),
    "ny_lunch": (time(12), time(13)),
    "ny_pm": (time(13, 30), time(16)),
}
INDEX_HOURS = {"ny_am": (time(8, 30), time(11))}
SILVER_BULLETS = {
    "sb_london": (time(3), time(4)),
    "sb_am": (time(10), time(11)),
    "sb_pm": (time(14), time(15)),
}
WINDOWS = {**SESSIONS, "london_close": (time(10), time(12)), **SILVER_BULLETS}


@dataclass(frozen=True)
class Period:
    """One day, week, month or session and its length in UTC milliseconds."""

    pool_kind: str
    session: str | None
    first_day: date
    length: int


PeriodOf = Callable[[int, bool], Period | None]


def utc(moment: int) -> datetime:
    return datetime.fromtimestamp(moment // 1000, UTC)


def day_of(moment: int, new_york: bool) -> date:
    """The day from 00:00 UTC, or the one FX and futures count: from 17:00 the evening before."""
    if not new_york:
        return utc(moment).date()
    local = utc(moment).astimezone(NEW_YORK)
    return local.date() + timedelta(days=1 if local.time() >= time(17) else 0)


def beginning(on: date, new_york: bool) -> int:
    """UTC ms at which that day begins."""
    if new_york:
        return wall_clock(on - timedelta(days=1), time(17))
    return round(datetime.combine(on, time(0), UTC).timestamp()) * 1000


def day(moment: int, new_york: bool) -> Period:
    first = day_of(moment, new_york)
    return period("PD", first, first + timedelta(days=1), new_york)


def week(moment: int, new_york: bool) -> Period:
    """Week from the beginning of Monday."""
    today = day_of(moment, new_york)
    first = today - timedelta(days=today.weekday())
    return period("PW", first, first + timedelta(days=7), new_york)


def month(moment: int, new_york: bool) -> Period:
    """Calendar month of such days."""
    first = day_of(moment, new_york).replace(day=1)
    return period("PM", first, (first + timedelta(days=32)).replace(day=1), new_york)


def period(pool_kind: str, first: date, following: date, new_york: bool) -> Period:
    length = beginning(following, new_york) - beginning(first, new_york)
    return Period(pool_kind, None, first, length)


def session(moment: int, index_hours: bool) -> Period | None:
    """The session, half-open on bar open by New York's wall clock, that holds the moment."""
    local = utc(moment).astimezone(NEW_YORK)
    for name, (start, end) in {**SESSIONS, **(INDEX_HOURS if index_hours else {})}.items():
        if local.time() >= start and (end is None or local.time() < end):
            last_day = local.date() if end else local.date() + timedelta(days=1)
            length = wall_clock(last_day, end or time(0)) - wall_clock(local.date(), start)
            return Period("SESSION", name, local.date(), length)
    return None


def windows(moment: int, step: int, index_hours: bool = False) -> tuple[str, ...]:
    """Names, in output order, of the windows in which a bar opens; none above 1 h."""
    at = utc(moment).astimezone(NEW_YORK).time()
    if step > HOUR_MS:
        return ()
    return tuple(
        name
        for name, (start, end) in {**WINDOWS, **(INDEX_HOURS if index_hours else {})}.items()
        if at >= start and (end is None or at < end)
    )


def silver_bullet_end(moment: int, step: int) -> int | None:
    """When the silver bullet window that the bar opens in ends, UTC ms."""
    local = utc(moment).astimezone(NEW_YORK)
    ends = [SILVER_BULLETS[name][1] for name in windows(moment, step) if name in SILVER_BULLETS]
    return wall_clock(local.date(), ends[0]) if ends else None


def wall_clock(on: date, at: time) -> int:
    """UTC ms at which New York's clocks show that date and time."""
    local = datetime.combine(on, at, NEW_YORK)
    return round(local.astimezone(UTC).timestamp()) * 1000
