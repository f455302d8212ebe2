"""When a message may go out: quiet hours, digests and the rate a person can read."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.notifications.occasions import Severity
from src.database.notification_profiles import NotificationProfile

MINUTE_MS = 60_000
RATE_WINDOW_MS = MINUTE_MS
RATE_LIMIT = 5
"""Messages one target gets in a minute; what comes on top of that is told together."""

DIGEST_AT = 5
"""As many messages waiting for one target are told as one."""

DIGEST_LIMIT = 100


class Hold(NamedTuple):
    """Wait until then (wall time, UTC ms), and what to show meanwhile."""

    until: int
    why: str


def hold(
    profile: NotificationProfile,
    severity: Severity,
    queued_at: int,
    now: int,
    *,
    collected: bool = True,
) -> Hold | None:
    """Why a message queued at `queued_at` is not sent at `now` yet; None when it may go.

    What is not `collected` waits for no digest.
    """
    if severity is Severity.CRITICAL:
        return None
    if collected and severity is Severity.INFO and profile.digest != "off":
        due = digest_time(profile, queued_at)
        if now < due:
            return Hold(due, f"Waits for your {profile.digest} digest.")
    end = quiet_end(profile, now)
    return None if end is None else Hold(end, "Waits for the end of your quiet hours.")


def quiet_end(profile: NotificationProfile, now: int) -> int | None:
    """When the quiet hours around `now` end (UTC ms); None outside of them.

    They are hours of the user's wall clock, so they follow his summer time.
    """
    start, end = profile.quiet_from, profile.quiet_to
    if start is None or end is None or start == end:
        return None
    local = _local(profile, now)
    minute = local.hour * 60 + local.minute
    inside = start <= minute < end if start < end else minute >= start or minute < end
    if not inside:
        return None
    days = 1 if minute >= end else 0
    return _at(profile, local + timedelta(days=days), end)


def digest_time(profile: NotificationProfile, queued_at: int) -> int:
    """When the hourly or daily digest goes out that holds what came at `queued_at` (UTC ms)."""
    if profile.digest == "daily":
        return next_summary(profile, queued_at)
    hour = 60 * MINUTE_MS
    return (queued_at // hour + 1) * hour


def next_summary(profile: NotificationProfile, after: int) -> int:
    """The next time (UTC ms, later than `after`) that the user's summary hour strikes."""
    local = _local(profile, after)
    today = _at(profile, local, profile.summary_hour * 60)
    return (
        today
        if today > after
        else _at(profile, local + timedelta(days=1), profile.summary_hour * 60)
    )


def summary_day(profile: NotificationProfile, now: int) -> tuple[str, int, int]:
    """The newest day that is over at `now`: its date, and (from, to) in UTC ms.

    A day runs from one summary hour to the next, so that the summary is complete. It has the date
    in which its middle lies: what ends at midnight or soon after is the day before.
    """
    local = _local(profile, now)
    struck = _at(profile, local, profile.summary_hour * 60)
    if struck > now:
        local -= timedelta(days=1)
        struck = _at(profile, local, profile.summary_hour * 60)
    before = _at(profile, local - timedelta(days=1), profile.summary_hour * 60)
    return _local(profile, (before + struck) // 2).date().isoformat(), before, struck


def _local(profile: NotificationProfile, time: int) -> datetime:
    return datetime.fromtimestamp(time / 1000, UTC).astimezone(ZoneInfo(profile.time_zone))


def _at(profile: NotificationProfile, day: datetime, minute: int) -> int:
    """UTC ms of a minute of the user's day; in the hour that summer time skips, right after it."""
    wall = datetime(
        day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(profile.time_zone)
    )
    return int(wall.timestamp() * 1000)
