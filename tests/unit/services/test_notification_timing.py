"""Quiet hours, digests and daily summaries follow the reader's own wall clock."""

from datetime import UTC, datetime

import pytest

from services.notifications.occasions import Severity
from services.notifications.timing import hold, next_summary, quiet_end, summary_day
from src.database.notification_profiles import NotificationProfile

BERLIN = "Europe/Berlin"


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def quiet(start: int, end: int, zone: str = "UTC") -> NotificationProfile:
    return NotificationProfile(time_zone=zone, quiet_from=start * 60, quiet_to=end * 60)


@pytest.mark.parametrize(
    ("profile", "now", "end"),
    [
        (quiet(22, 7), "2026-03-06T21:59", None),
        (quiet(22, 7), "2026-03-06T22:00", "2026-03-07T07:00"),
        (quiet(22, 7), "2026-03-07T03:00", "2026-03-07T07:00"),
        (quiet(22, 7), "2026-03-07T07:00", None),
        (quiet(12, 14), "2026-03-07T11:59", None),
        (quiet(12, 14), "2026-03-07T12:00", "2026-03-07T14:00"),
        (quiet(12, 14), "2026-03-07T13:59", "2026-03-07T14:00"),
        (quiet(12, 14), "2026-03-07T14:00", None),
        (quiet(9, 9), "2026-03-07T09:00", None),
        (quiet(22, 7, BERLIN), "2026-03-06T21:30", "2026-03-07T06:00"),
        # In this night Berlin's clocks go forward: its 07:00 is one hour earlier in UTC.
        (quiet(22, 7, BERLIN), "2026-03-28T23:00", "2026-03-29T05:00"),
        (NotificationProfile(), "2026-03-07T03:00", None),
    ],
)
def test_quiet_hours_end_on_the_readers_clock(
    profile: NotificationProfile, now: str, end: str | None
) -> None:
    assert quiet_end(profile, utc(now)) == (None if end is None else utc(end))


def test_quiet_hours_never_hold_what_is_critical() -> None:
    night = utc("2026-03-07T03:00")
    assert hold(quiet(22, 7), Severity.CRITICAL, night, night) is None
    for severity in (Severity.INFO, Severity.WARNING):
        waiting = hold(quiet(22, 7), severity, night, night)
        assert waiting is not None
        assert waiting.until == utc("2026-03-07T07:00")


@pytest.mark.parametrize(
    ("digest", "until"), [("hourly", "2026-03-06T10:00"), ("daily", "2026-03-06T19:00")]
)
def test_a_digest_holds_news_and_no_warning(digest: str, until: str) -> None:
    profile = NotificationProfile(time_zone=BERLIN, digest=digest, summary_hour=20)
    recorded = utc("2026-03-06T09:20")
    waiting = hold(profile, Severity.INFO, recorded, recorded)
    assert waiting is not None
    assert waiting.until == utc(until)
    assert hold(profile, Severity.WARNING, recorded, recorded) is None
    assert hold(profile, Severity.INFO, recorded, waiting.until) is None


def test_a_clock_that_was_set_back_holds_nothing_without_a_digest() -> None:
    assert hold(NotificationProfile(), Severity.INFO, utc("2026-03-06T10:00"), 0) is None


def test_days_run_from_one_summary_hour_to_the_next() -> None:
    profile = NotificationProfile(time_zone=BERLIN, summary_hour=20)
    assert next_summary(profile, utc("2026-03-06T19:00")) == utc("2026-03-07T19:00")
    assert summary_day(profile, utc("2026-03-06T18:59")) == (
        *("2026-03-05", utc("2026-03-04T19:00"), utc("2026-03-05T19:00")),
    )
    # The day on which the clocks go forward has 23 hours.
    assert summary_day(profile, utc("2026-03-29T18:00")) == (
        *("2026-03-29", utc("2026-03-28T19:00"), utc("2026-03-29T18:00")),
    )


@pytest.mark.parametrize(
    ("hour", "date"), [(0, "2026-03-05"), (1, "2026-03-05"), (13, "2026-03-06")]
)
def test_a_day_has_the_date_that_most_of_it_lies_in(hour: int, date: str) -> None:
    profile = NotificationProfile(summary_hour=hour)
    assert summary_day(profile, utc("2026-03-06T13:00"))[0] == date
