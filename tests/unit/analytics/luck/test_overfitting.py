"""The probability of backtest overfitting, against a plain reading of the paper."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from src.analytics.luck.overfitting import overfitting
from src.domain.errors import InvalidInput

Numbers = NDArray[np.float64]


def plainly(matrix: Numbers, blocks: int) -> tuple[float, float]:
    """Every step of section 3 of the paper, one split at a time: overfitting, then loss."""
    length = len(matrix) // blocks
    pieces = np.split(matrix[len(matrix) - length * blocks :], blocks)
    logits, reached = [], []
    for chosen in combinations(range(blocks), blocks // 2):
        inside = np.concatenate([pieces[i] for i in chosen])
        outside = np.concatenate([pieces[i] for i in range(blocks) if i not in chosen])
        best = int(np.argmax(inside.mean(axis=0) / inside.std(axis=0)))
        ratios = outside.mean(axis=0) / outside.std(axis=0)
        rank = 1 + int((ratios < ratios[best]).sum())
        relative = rank / (matrix.shape[1] + 1)
        logits.append(np.log(relative / (1 - relative)))
        reached.append(ratios[best])
    return float(np.mean(np.array(logits) <= 0)), float(np.mean(np.array(reached) < 0))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("blocks", "trials"), [(2, 2), (4, 7), (6, 12), (8, 5)])
def test_it_is_what_the_paper_says(seed: int, blocks: int, trials: int) -> None:
    matrix = np.random.default_rng(seed).standard_normal((83, trials))
    found = overfitting(matrix, blocks)
    probability, loss = plainly(matrix, blocks)
    assert found.probability == pytest.approx(probability)
    assert found.probability_of_loss == pytest.approx(loss)
    assert (found.trials, found.n) == (trials, 83)


def test_sixteen_blocks_are_halved_in_12870_ways() -> None:
    assert overfitting(np.random.default_rng(1).standard_normal((64, 3))).splits == 12_870


def test_a_trial_that_is_better_all_the_time_is_no_overfitting() -> None:
    matrix = np.random.default_rng(3).normal(0.0, 0.01, (160, 20))
    matrix[:, 7] += 0.02
    found = overfitting(matrix, 8)
    assert found.probability == 0.0
    assert found.probability_of_loss == 0.0


def test_trials_that_differ_by_luck_only_are_a_coin_toss() -> None:
    found = [
        overfitting(np.random.default_rng(seed).standard_normal((240, 30)), 8).probability
        for seed in range(60)
    ]
    assert np.mean([one or 0.0 for one in found]) == pytest.approx(0.5, abs=0.08)


def test_what_wins_in_one_half_because_it_loses_in_the_other_is_overfitting() -> None:
    """Every trial has the same mean over all time, so a good half means a bad other half."""
    matrix = np.random.default_rng(5).standard_normal((160, 25))
    found = overfitting(matrix - matrix.mean(axis=0), 8)
    assert found.probability is not None
    assert found.probability > 0.9


def test_equal_trials_rank_in_the_middle() -> None:
    same = np.tile(np.random.default_rng(2).standard_normal((40, 1)), (1, 5))
    assert overfitting(same, 4).probability == 1.0


def test_a_trial_that_never_moved_stands_between_gains_and_losses() -> None:
    """What always stays flat beats only what loses."""
    generator = np.random.default_rng(4)
    moving = generator.normal((0.01, -0.01), 0.001, (40, 2))
    found = overfitting(np.column_stack((np.zeros(40), moving)), 4)
    assert (found.probability, found.probability_of_loss) == (0.0, 0.0)
    flat = overfitting(np.column_stack((np.zeros(40), moving[:, 1])), 4)
    assert (flat.probability, flat.probability_of_loss) == (0.0, 0.0)


def test_one_trial_was_not_chosen() -> None:
    found = overfitting(np.zeros((40, 1)), 4)
    assert found.probability is None
    assert found.splits == 0


@pytest.mark.parametrize("blocks", [0, 3, 40])
def test_time_that_cannot_be_cut_is_refused(blocks: int) -> None:
    with pytest.raises(InvalidInput, match="cannot be cut"):
        overfitting(np.zeros((40, 2)), blocks)
