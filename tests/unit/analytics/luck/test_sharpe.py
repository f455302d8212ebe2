"""The Sharpe ratio under suspicion, against the worked examples of its papers."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from src.analytics.luck.sharpe import (
    deflated_sharpe,
    expected_best_sharpe,
    probabilistic_sharpe,
)

# Bailey and López de Prado 2014: five years of 250 days, ratios of variance 1/2 a year.
DAILY = 2.5 / math.sqrt(250)
VARIANCE = 0.5 / 250


class TestPublishedExamples:
    def test_the_hedge_fund_index_of_the_efficient_frontier_paper(self) -> None:
        """Two years of months with a ratio of 0.458: 98.2 % if normal, 91.3 % as they were."""
        assert probabilistic_sharpe(0.458, 0.0, 24, 0.0, 3.0) == pytest.approx(0.982, abs=5e-4)
        fat_tailed = probabilistic_sharpe(0.458, 0.0, 24, -2.448, 10.164)
        assert fat_tailed == pytest.approx(0.913, abs=5e-4)

    def test_the_numerical_example_of_the_deflated_sharpe_paper(self) -> None:
        benchmark = expected_best_sharpe(VARIANCE, 100)
        assert benchmark == pytest.approx(0.1132, abs=5e-5)
        deflated = probabilistic_sharpe(DAILY, benchmark, 1250, -3.0, 10.0)
        assert deflated == pytest.approx(0.9004, abs=5e-5)

    def test_the_numbers_of_trials_at_which_it_would_have_been_believed(self) -> None:
        """Up to 46 trials with these moments, up to 88 had the returns been normal."""
        fewer = expected_best_sharpe(VARIANCE, 46)
        assert probabilistic_sharpe(DAILY, fewer, 1250, -3.0, 10.0) == pytest.approx(
            0.9505, abs=5e-5
        )
        normal = expected_best_sharpe(VARIANCE, 88)
        assert probabilistic_sharpe(DAILY, normal, 1250, 0.0, 3.0) == pytest.approx(
            0.9505, abs=5e-5
        )


def test_a_single_trial_is_held_against_zero() -> None:
    assert expected_best_sharpe(4.0, 1) == 0.0


def test_the_best_of_many_worthless_trials_is_about_what_is_expected() -> None:
    generator = np.random.default_rng(7)
    best = generator.standard_normal((4000, 50)).max(axis=1).mean()
    assert expected_best_sharpe(1.0, 50) == pytest.approx(best, rel=0.02)


def test_more_trials_never_make_a_result_more_credible() -> None:
    generator = np.random.default_rng(1)
    returns = generator.normal(0.001, 0.01, 500)
    ratios = generator.normal(0.0, 0.05, 40)
    deflated = [deflated_sharpe(returns, ratios, trials).probability for trials in (40, 400, 4000)]
    assert deflated == sorted(deflated, key=lambda one: -(one or 0.0))


def test_the_best_of_pure_noise_is_rarely_believed_and_a_real_edge_is() -> None:
    """Of 200 worthless trials of 500 days the best passes the plain 95 % always, this one not."""
    believed = 0
    for seed in range(40):
        trials = np.random.default_rng(seed).normal(0.0, 0.01, (500, 200))
        ratios = trials.mean(axis=0) / trials.std(axis=0, ddof=1)
        best = deflated_sharpe(trials[:, int(ratios.argmax())], ratios)
        believed += (best.probability or 0.0) >= 0.95
    assert believed <= 4
    edge = np.random.default_rng(99).normal(0.004, 0.01, 500)
    ratios = np.append(ratios, edge.mean() / edge.std(ddof=1))
    assert (deflated_sharpe(edge, ratios).probability or 0.0) > 0.95


def test_every_moment_of_the_returns_and_every_ratio_tried_counts() -> None:
    """The formulas of the two papers, written out for ten days with one great loss."""
    returns = [0.01, 0.02, 0.015, -0.06, 0.01, 0.03, 0.005, 0.02, 0.01, 0.015]
    tried = [0.05, 0.25, -0.1]
    n = len(returns)
    mean = sum(returns) / n
    second, third, fourth = (sum((one - mean) ** k for one in returns) / n for k in (2, 3, 4))
    skewness, kurtosis = third / second**1.5, fourth / second**2
    sharpe = mean / math.sqrt(second * n / (n - 1))
    middle = sum(tried) / 3
    spread = math.sqrt(sum((one - middle) ** 2 for one in tried) / 2)
    euler = 0.577215664901533
    benchmark = spread * (
        (1 - euler) * NormalDist().inv_cdf(1 - 1 / 5)
        + euler * NormalDist().inv_cdf(1 - 1 / (5 * math.e))
    )
    variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2
    z = (sharpe - benchmark) * math.sqrt(n - 1) / math.sqrt(variance)
    found = deflated_sharpe(returns, tried, trials=5)
    assert skewness < -2
    assert found.sharpe == pytest.approx(sharpe)
    assert found.benchmark == pytest.approx(benchmark)
    assert found.probability == pytest.approx(NormalDist().cdf(z))


def test_two_returns_and_two_trials_are_enough() -> None:
    found = deflated_sharpe([0.01, 0.02], [0.1, 0.3])
    assert found.probability is not None
    assert found.benchmark == expected_best_sharpe(0.02, 2) > 0
    assert probabilistic_sharpe(0.1, 0.0, 2, 0.0, 3.0) is not None


@pytest.mark.parametrize("returns", [[], [0.01], [0.01, 0.01]])
def test_without_a_spread_nothing_is_said(returns: list[float]) -> None:
    answer = deflated_sharpe(returns, [0.1])
    assert answer.probability is None
    assert answer.sharpe is None
    assert answer.n == len(returns)


def test_moments_that_leave_no_variance_leave_no_probability() -> None:
    assert probabilistic_sharpe(2.0, 0.0, 24, 3.0, 3.0) is None
    assert probabilistic_sharpe(0.1, 0.0, 1, 0.0, 3.0) is None


def test_undefined_ratios_count_as_trials() -> None:
    returns = [0.01, 0.02, -0.01]
    assert deflated_sharpe(returns, [0.1, math.nan, 0.3]).trials == 3
