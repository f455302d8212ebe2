"""Activity follows New York, also over daylight saving."""

from datetime import UTC, datetime

from src.simulator.sessions import activity, new_york_offset_minutes, window_of_day


def day(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 86_400


def test_new_york_is_five_hours_behind_in_winter_and_four_in_summer() -> None:
    assert new_york_offset_minutes(day("2026-01-15")) == 300
    assert new_york_offset_minutes(day("2026-07-15")) == 240


def test_the_morning_kill_zone_moves_in_utc_with_daylight_saving() -> None:
    assert window_of_day("ny_am", day("2026-01-15")) == (12 * 60, 15 * 60)
    assert window_of_day("ny_am", day("2026-07-15")) == (11 * 60, 14 * 60)


def test_the_morning_is_busier_than_lunch() -> None:
    level = activity(240)
    assert level[12 * 60] > 1.2 > 0.8 > level[16 * 60 + 40]
