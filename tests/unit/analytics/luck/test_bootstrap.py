"""Intervals that hold what they promise, blocks that keep neighbours together."""

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

    def test_one_day_has_none(self) -> None:
        assert equity_fan([0.01], seed=1) is None
