"""Drawdown, daily returns, Sharpe and Sortino."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.analytics.equity import (
    daily_returns,
    drawdowns,
    max_drawdown,
    sharpe_ratio,
    sortino_ratio,
    without_transfers,
)

curves = st.lists(st.floats(0.01, 1e9), min_size=1, max_size=80)
returns = st.lists(st.integers(-900, 900).map(lambda x: x / 1000), max_size=80)


def test_drawdown_is_measured_from_the_highest_equity_before() -> None:
    assert drawdowns([100.0, 80.0, 120.0, 90.0, 120.0]) == pytest.approx([0, -0.2, 0, -0.25, 0])
    assert max_drawdown([100.0, 80.0, 120.0, 90.0, 120.0]) == pytest.approx(0.25)


def test_a_rising_curve_has_no_drawdown_and_an_empty_one_has_none_to_speak_of() -> None:
    assert max_drawdown([1.0, 2.0, 3.0]) == 0.0
    assert max_drawdown([]) is None


def test_an_account_below_zero_lost_more_than_everything() -> None:
    assert max_drawdown([100.0, -50.0]) == pytest.approx(1.5)


def test_without_a_peak_above_zero_nothing_can_be_lost() -> None:
    assert max_drawdown([0.0, -1.0]) == 0.0


@given(curves)
def test_max_drawdown_equals_the_worst_pair_of_points(curve: list[float]) -> None:
    worst = max(1 - later / max(curve[: i + 1]) for i, later in enumerate(curve))
    assert max_drawdown(curve) == pytest.approx(worst, abs=1e-12)
    assert 0.0 <= (max_drawdown(curve) or 0.0) <= 1.0


@given(curves, st.sampled_from([0.25, 2.0, 1024.0]))
def test_max_drawdown_does_not_depend_on_the_currency(curve: list[float], rate: float) -> None:
    assert max_drawdown([value * rate for value in curve]) == max_drawdown(curve)


@given(curves)
def test_a_new_high_at_the_end_does_not_change_the_max_drawdown(curve: list[float]) -> None:
    assert max_drawdown([*curve, max(curve) * 2]) == max_drawdown(curve)


def test_daily_returns_start_from_the_first_equity_known() -> None:
    assert daily_returns(100.0, [5, 6], [110.0, 99.0]) == pytest.approx([0.1, -0.1])


def test_a_day_without_a_point_returns_nothing() -> None:
    assert daily_returns(100.0, [5, 8], [110.0, 121.0]) == pytest.approx([0.1, 0.0, 0.0, 0.1])


def test_returns_end_where_the_equity_does() -> None:
    assert daily_returns(100.0, [1, 2, 3], [50.0, 0.0, 10.0]) == pytest.approx([-0.5, -1.0])


def test_no_days_no_returns() -> None:
    assert len(daily_returns(100.0, [], [])) == 0


@given(st.lists(st.floats(0.5, 2.0), min_size=1, max_size=30))
def test_daily_returns_compound_to_the_whole(factors: list[float]) -> None:
    closings = list(np.cumprod(factors) * 1000.0)
    found = daily_returns(1000.0, list(range(len(closings))), closings)
    assert float(np.prod(1 + found)) == pytest.approx(closings[-1] / 1000.0)


def test_sharpe_of_a_hand_worked_example() -> None:
    """Mean 1 %, standard deviation 1 % (n - 1): one a day, the root of 365 a year."""
    assert sharpe_ratio([0.0, 0.01, 0.02]) == pytest.approx(math.sqrt(365))


def test_sortino_of_a_hand_worked_example() -> None:
    """Mean 1 %; downside sqrt((0 + 0.01**2 + 0 + 0) / 4) = 0.5 %."""
    assert sortino_ratio([0.02, -0.01, 0.03, 0.0]) == pytest.approx(2 * math.sqrt(365))


@pytest.mark.parametrize("too_few", [[], [0.01]])
def test_ratios_need_two_returns(too_few: list[float]) -> None:
    assert sharpe_ratio(too_few) is None
    assert sortino_ratio(too_few) is None


def test_equal_returns_have_no_sharpe_and_returns_without_a_loss_no_sortino() -> None:
    assert sharpe_ratio([0.1, 0.1, 0.1]) is None
    assert sortino_ratio([0.1, 0.0, 0.2]) is None


@given(returns)
def test_the_sign_of_both_ratios_is_the_sign_of_the_mean(daily: list[float]) -> None:
    mean = math.fsum(daily) / max(len(daily), 1)
    for ratio in (sharpe_ratio(daily), sortino_ratio(daily)):
        assert ratio is None or abs(mean) < 1e-12 or (ratio > 0) == (mean > 0)


@given(returns)
def test_turning_every_return_around_turns_sharpe_around(daily: list[float]) -> None:
    here, there = sharpe_ratio(daily), sharpe_ratio([-value for value in daily])
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert here == pytest.approx(-there)


@given(returns, st.sampled_from([0.5, 0.25, 0.125]))
def test_ratios_do_not_depend_on_leverage(daily: list[float], leverage: float) -> None:
    scaled = [value * leverage for value in daily]
    for ratio in (sharpe_ratio, sortino_ratio):
        whole, part = ratio(daily), ratio(scaled)
        assert (whole is None) == (part is None)
        assert whole is None or whole == pytest.approx(part)


@given(returns)
def test_the_order_of_days_does_not_matter(daily: list[float]) -> None:
    for ratio in (sharpe_ratio, sortino_ratio):
        found, ordered = ratio(daily), ratio(sorted(daily))
        assert (found is None) == (ordered is None)
        assert found is None or found == pytest.approx(ordered, abs=1e-9)


def test_other_periods_are_annualised_by_their_own_number() -> None:
    weekly = sharpe_ratio([0.0, 0.01, 0.02], periods_per_year=52)
    assert weekly == pytest.approx(math.sqrt(52))


def test_without_transfers_the_curve_shows_results_alone() -> None:
    """10 % won, then 500 deposited on 1,100, then 10 % lost of 1,600."""
    curve = without_transfers(1000.0, [1100.0, 1600.0, 1440.0], [1.0, 1600 / 1100, 1.0])
    assert curve == pytest.approx([1100.0, 1100.0, 990.0])


def test_without_transfers_an_account_that_was_emptied_goes_on_where_it_was() -> None:
    closings = [1100.0, 0.0, 400.0, 440.0]
    curve = without_transfers(1000.0, closings, [1.0, None, None, 1.0])
    assert curve == pytest.approx([1100.0, 1100.0, 1100.0, 1210.0])


def test_without_transfers_a_ruined_account_stays_ruined() -> None:
    assert without_transfers(1000.0, [0.0, 500.0], [1.0, None]) == [0.0, 0.0]
    assert without_transfers(1000.0, [], []) == []
