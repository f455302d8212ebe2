"""Growth per year, drawdowns in time, Omega and Calmar."""

from datetime import UTC, datetime

import pytest

from src.analytics.growth import (
    Drawdown,
    calmar_ratio,
    compound_annual_growth,
    daily_closings,
    deepest_drawdown,
    monthly_returns,
    omega_ratio,
)
from src.domain.candle import DAY_MS


def test_growth_is_the_yearly_rate_with_the_same_result() -> None:
    assert compound_annual_growth(100.0, 121.0, 730) == pytest.approx(0.10)
    assert compound_annual_growth(100.0, 90.0, 365) == pytest.approx(-0.10)
    assert compound_annual_growth(1.0, 1.001, 1) == pytest.approx(1.001**365 - 1)


def test_growth_of_no_time_from_nothing_or_beyond_numbers_is_undefined() -> None:
    assert compound_annual_growth(100.0, 110.0, 0) is None
    assert compound_annual_growth(0.0, 110.0, 10) is None
    assert compound_annual_growth(1.0, 1e9, 1) is None


def test_a_ruined_account_lost_everything() -> None:
    assert compound_annual_growth(100.0, 0.0, 10) == -1.0
    assert compound_annual_growth(100.0, -5.0, 10) == -1.0


def test_calmar_is_growth_over_the_deepest_fall() -> None:
    assert calmar_ratio(0.3, 0.1) == pytest.approx(3.0)
    assert calmar_ratio(0.3, 0.0) is None
    assert calmar_ratio(None, 0.1) is None


def test_omega_weighs_gains_against_losses_around_the_threshold() -> None:
    assert omega_ratio([0.03, -0.01, 0.01]) == pytest.approx(4.0)
    assert omega_ratio([0.03, -0.01, 0.01], threshold=0.01) == pytest.approx(1.0)


def test_omega_needs_two_returns_and_one_below() -> None:
    assert omega_ratio([0.02, -0.01]) == pytest.approx(2.0)
    assert omega_ratio([0.02, 0.0]) is None
    assert omega_ratio([-0.01]) is None


def test_the_deepest_drawdown_tells_its_fall_and_its_recovery() -> None:
    times = [0, 10, 20, 30, 40, 50]
    assert deepest_drawdown(times, [100.0, 120.0, 90.0, 110.0, 121.0, 119.0]) == Drawdown(
        depth=0.25, length_ms=30, fall_ms=10, recovery_ms=20
    )


def test_a_drawdown_that_lasts_has_no_recovery_and_runs_to_the_end() -> None:
    assert deepest_drawdown([0, 5, 9], [100.0, 50.0, 80.0]) == Drawdown(0.5, 9, 5, None)


def test_the_fall_begins_where_the_peak_was_seen_last() -> None:
    fall = deepest_drawdown([0, 1, 2, 3], [100.0, 100.0, 60.0, 100.0])
    assert fall == Drawdown(0.4, 2, 1, 1)


def test_a_curve_that_never_fell_has_no_drawdown_to_tell_of() -> None:
    assert deepest_drawdown([0, 1], [1.0, 2.0]) is None
    assert deepest_drawdown([], []) is None


def test_the_last_equity_of_a_day_stands_for_it() -> None:
    days, closings = daily_closings(
        [1, DAY_MS - 1, DAY_MS, 3 * DAY_MS + 5], [10.0, 11.0, 12.0, 13.0]
    )
    assert days.tolist() == [0, 1, 3]
    assert closings.tolist() == [11.0, 12.0, 13.0]


def test_midnight_closes_the_month_that_ends_there() -> None:
    first, middle, border, later = (
        int(datetime(2026, month, day, tzinfo=UTC).timestamp() * 1000)
        for month, day in ((1, 31), (1, 31), (2, 1), (2, 2))
    )
    times = [first, middle + 3_600_000, border, later]
    found = monthly_returns(times, [100.0, 90.0, 110.0, 99.0])
    assert found == {"2026-01": pytest.approx(0.1), "2026-02": pytest.approx(-0.1)}
    assert monthly_returns([first, border, later], [100.0, 0.0, 5.0])["2026-02"] is None
    assert monthly_returns([first], [100.0]) == {}
