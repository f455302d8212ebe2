"""Intervals that hold what they promise, blocks that keep neighbours together."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from src.analytics.equity import max_drawdown, sharpe_ratio
from src.analytics.luck.bootstrap import (
    deepest_falls,
    equity_fan,
    interval,
    means,
    optimal_block,
    resampled,
    sharpes,
    stationary_indices,
)

Numbers = NDArray[np.float64]


def autoregressive(n: int, memory: float, seed: int) -> Numbers:
    """Each value is `memory` times the one before plus noise; mean zero."""
    noise = np.random.default_rng(seed).standard_normal(n + 200)
    values = np.zeros(n + 200)
    for i in range(1, n + 200):
        values[i] = memory * values[i - 1] + noise[i]
    return values[200:]


def coverage(samples: list[Numbers]) -> float:
    """Share of intervals for the mean that hold the true one, zero."""
    held = 0
    for seed, sample in enumerate(samples):
        found = interval(sample, means, seed, draws=500)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0 <= found.high
    return held / len(samples)


class TestCoverage:
    """400 samples of pure noise: 95 % of the intervals should hold the truth."""

    def test_of_normal_results(self) -> None:
        samples = [np.random.default_rng(seed).standard_normal(200) for seed in range(400)]
        assert coverage(samples) == pytest.approx(0.95, abs=0.03)

    def test_of_trades_that_win_two_or_lose_one(self) -> None:
        samples = [
            np.where(np.random.default_rng(seed).random(200) < 1 / 3, 2.0, -1.0)
            for seed in range(400)
        ]
        assert coverage(samples) == pytest.approx(0.95, abs=0.03)

    def test_of_results_that_come_in_moods(self) -> None:
        """Blocks repair most of what shuffling single results would get wrong (about 70 %)."""
        samples = [autoregressive(300, 0.5, seed) for seed in range(200)]
        assert coverage(samples) == pytest.approx(0.95, abs=0.08)


def test_a_planted_edge_is_found() -> None:
    won = np.where(np.random.default_rng(4).random(400) < 0.45, 2.0, -1.0)
    found = interval(won, means, seed=1)
    assert found.low is not None
    assert found.low > 0
    assert found.estimate == pytest.approx(won.mean())
    assert (found.n, found.draws) == (400, 2000)


def test_the_seed_decides_everything() -> None:
    sample = np.random.default_rng(0).standard_normal(50)
    assert interval(sample, means, seed=3) == interval(sample, means, seed=3)
    assert interval(sample, means, seed=3) != interval(sample, means, seed=4)


def test_the_bounds_leave_half_of_the_rest_on_each_side() -> None:
    sample = np.random.default_rng(5).standard_normal(80)
    found = interval(sample, means, seed=2, draws=700, confidence=0.9)
    drawn, block = resampled(sample, means, 2, 700)
    assert [found.low, found.high] == pytest.approx(np.quantile(drawn, [0.05, 0.95]).tolist())
    assert (found.block, found.confidence, found.draws) == (block, 0.9, 700)


def test_two_values_have_an_interval() -> None:
    found = interval([-1.0, 2.0], means, seed=1)
    assert (found.low, found.estimate, found.high, found.n) == (-1.0, 0.5, 2.0, 2)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_too_little_has_no_interval(values: list[float]) -> None:
    found = interval(values, means, seed=1)
    assert found.low is found.high is found.estimate is None
    assert found.n == len(values)


def test_a_ratio_without_spread_has_no_interval() -> None:
    assert interval([0.01] * 10, sharpes, seed=1).low is None


@pytest.mark.parametrize("memory", [0.3, 0.6, 0.8])
def test_the_block_is_that_of_the_theory(memory: float) -> None:
    """For this process Politis and White know the best: (2 m / (1 - m²))^(2/3) n^(1/3)."""
    n = 5000
    best = (2 * memory / (1 - memory**2)) ** (2 / 3) * n ** (1 / 3)
    chosen = [optimal_block(autoregressive(n, memory, seed)) for seed in range(20)]
    assert np.mean(chosen) == pytest.approx(best, rel=0.15)


def block_of_the_paper(values: Numbers) -> float:
    """Politis and White step by step, with the constants they recommend."""
    n, mean = len(values), sum(values) / len(values)
    needed = max(5, math.ceil(math.sqrt(math.log10(n))))
    longest = min(math.ceil(math.sqrt(n)) + needed, n - 1)

    def covariance(lag: int) -> float:
        return float(sum((values[i] - mean) * (values[i + lag] - mean) for i in range(n - lag))) / n

    def is_quiet(lag: int) -> bool:
        return abs(covariance(lag) / covariance(0)) < 2 * math.sqrt(math.log10(n) / n)

    quiet = [is_quiet(lag) for lag in range(1, longest + 1)]
    runs = (m for m in range(longest - needed + 1) if all(quiet[m : m + needed]))
    loud = (lag for lag in range(longest, 0, -1) if not quiet[lag - 1])
    bandwidth = min(2 * next(runs, next(loud, 0)), longest)
    spectrum, slope = covariance(0), 0.0
    for lag in range(1, bandwidth + 1):
        weight = min(1.0, 2 * (1 - lag / bandwidth))
        spectrum += 2 * weight * covariance(lag)
        slope += 2 * weight * lag * covariance(lag)
    best: float = (slope**2 / spectrum**2 * n) ** (1 / 3) if spectrum > 0 else 1.0
    return min(max(best, 1.0), max(1.0, n / 3))


@pytest.mark.parametrize("memory", [-0.7, 0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("n", [4, 5, 9, 30, 120, 400])
def test_the_block_is_that_of_the_paper(memory: float, n: int) -> None:
    """Wherever the values lie and however far apart they are."""
    for seed in range(4):
        values = 50 + 3 * autoregressive(n, memory, seed)
        assert optimal_block(values) == pytest.approx(block_of_the_paper(values))


def test_independent_values_need_no_blocks() -> None:
    chosen = [optimal_block(np.random.default_rng(seed).standard_normal(400)) for seed in range(50)]
    assert np.median(chosen) < 3
    assert optimal_block([1.0, 1.0, 1.0, 1.0, 1.0]) == 1.0
    assert max(chosen) <= 400 / 3


class TestIndices:
    def test_stationary_blocks_have_the_mean_length_asked_for(self) -> None:
        positions = stationary_indices(1000, 20.0, 200, np.random.default_rng(1))
        breaks = (np.diff(positions, axis=1) % 1000 != 1).sum(axis=1) + 1
        assert 1000 / breaks.mean() == pytest.approx(20.0, rel=0.1)

    def test_every_position_is_as_likely_as_any_other(self) -> None:
        positions = stationary_indices(10, 4.0, 20_000, np.random.default_rng(2))
        assert np.bincount(positions.ravel()) / positions.size == pytest.approx(
            np.full(10, 0.1), abs=0.003
        )


def test_the_statistics_are_those_of_the_report() -> None:
    returns = np.random.default_rng(6).normal(0.001, 0.02, (3, 90))
    for row, ratio, fall in zip(returns, sharpes(returns), deepest_falls(returns), strict=True):
        assert ratio == pytest.approx(sharpe_ratio(row))
        assert fall == pytest.approx(max_drawdown(np.cumprod(np.append(1.0, 1 + row))))


class TestFan:
    def test_it_spreads_around_what_happened(self) -> None:
        returns = np.random.default_rng(8).normal(0.001, 0.02, 250)
        fan = equity_fan(returns, seed=1, draws=500)
        assert fan is not None
        assert fan.curves.shape == (5, len(fan.days))
        assert (fan.days[0], fan.days[-1]) == (0, 250)
        assert fan.curves[:, 0] == pytest.approx(np.ones(5))
        assert (np.diff(fan.curves, axis=0) >= 0).all()
        happened = float(np.prod(1 + returns))
        assert fan.curves[0, -1] < happened < fan.curves[-1, -1]
        depths = [depth.value or 0.0 for depth in fan.depths]
        assert depths == sorted(depths)
        assert {depth.n for depth in fan.depths} == {250}

    def test_an_account_that_lost_more_than_all_stays_at_nothing(self) -> None:
        """The product of two such days must not come back as a fortune."""
        fan = equity_fan([0.02, -0.01, 0.01, -2.5], seed=1, draws=500)
        assert fan is not None
        assert fan.curves.min() == 0.0
        assert fan.curves.max() < 1.02**4
        assert [depth.value for depth in fan.depths][-1] == 1.0

    def test_one_day_has_none_and_two_have_one(self) -> None:
        assert equity_fan([0.01], seed=1) is None
        fan = equity_fan([0.01, -0.01], seed=1)
        assert fan is not None
        assert fan.days == (0, 1, 2)
