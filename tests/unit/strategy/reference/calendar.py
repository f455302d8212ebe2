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


PeriodOf = Callable[[int], Period | None]


def utc(moment: int) -> datetime:
    return datetime.fromtimestamp(moment // 1000, UTC)


def day(moment: int) -> Period:
    """Day from 00:00 UTC."""
    return Period("PD", None, utc(moment).date(), 24 * HOUR_MS)


def week(moment: int) -> Period:
    """Week from Monday 00:00 UTC."""
    today = utc(moment).date()
    return Period("PW", None, today - timedelta(days=today.weekday()), 7 * 24 * HOUR_MS)


def month(moment: int) -> Period:
    """Calendar month in UTC."""
    first = utc(moment).date().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period("PM", None, first, (following - first).days * 24 * HOUR_MS)


def session(moment: int) -> Period | None:
    """The session, half-open on bar open by New York's wall clock, that holds the moment."""
    local = utc(moment).astimezone(NEW_YORK)
    for name, (start, end) in SESSIONS.items():
        if local.time() >= start and (end is None or local.time() < end):
            last_day = local.date() if end else local.date() + timedelta(days=1)
            length = wall_clock(last_day, end or time(0)) - wall_clock(local.date(), start)
            return Period("SESSION", name, local.date(), length)
    return None


def windows(moment: int, step: int) -> tuple[str, ...]:
    """Names, in output order, of the windows in which a bar opens; none above 1 h."""
    at = utc(moment).astimezone(NEW_YORK).time()
    if step > HOUR_MS:
        return ()
    return tuple(
        name for name, (start, end) in WINDOWS.items() if at >= start and (end is None or at < end)
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
