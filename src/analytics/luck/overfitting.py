"""Whether choosing the best trial chooses anything: probability of backtest overfitting."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
from numpy.typing import ArrayLike, NDArray

from src.domain.errors import InvalidInput

Numbers = NDArray[np.float64]

BLOCKS = 16
"""Of the paper: 12,870 ways to choose half of them."""

SPLITS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Overfitting:
    """`probability` (0 to 1): how often the best trial of one half of the time was no better
    than the median of all trials in the other half.

    `probability_of_loss` is how often it then had a Sharpe ratio below zero. `splits` halves
    of `n` returns of `trials` trials were compared. Both are None with fewer than two trials.
    """

    probability: float | None
    probability_of_loss: float | None
    trials: int
    splits: int
    n: int


def overfitting(returns: ArrayLike, blocks: int = BLOCKS) -> Overfitting:
    """Combinatorially symmetric cross-validation of a matrix of returns, shape (times, trials).

    Time is cut into `blocks` (even) equal pieces, the oldest returns that do not fill one left
    out; every choice of half of them selects the trial with the best Sharpe ratio, which is
    then ranked in the other half, ties at their middle rank. Raises InvalidInput for an odd
    number of blocks or fewer than two returns a block. Source: D. Bailey, J. Borwein, M. López
    de Prado and Q. Zhu, The Probability of Backtest Overfitting, Journal of Computational
    Finance 20(4), 2017, section 3.
    """
    matrix = np.asarray(returns, dtype=np.float64)
    times, trials = matrix.shape
    length = times // blocks if blocks > 0 else 0
    if blocks < 2 or blocks % 2 or length < 2:
        raise InvalidInput(
            f"{times} returns cannot be cut into {blocks} blocks: "
            "an even number of blocks with two returns each is needed",
            field="blocks",
        )
    if trials < 2:
        return Overfitting(None, None, trials, 0, times)
    pieces = matrix[times - length * blocks :].reshape(blocks, length, trials)
    sums, squares = pieces.sum(axis=1), np.square(pieces).sum(axis=1)
    below, losses, splits = 0, 0, 0
    for chosen in _halves(blocks):
        inside = _sharpes(chosen @ sums, chosen @ squares, length * blocks // 2)
        others = 1.0 - chosen
        outside = _sharpes(others @ sums, others @ squares, length * blocks // 2)
        best = np.argmax(inside, axis=1)
        reached = np.take_along_axis(outside, best[:, None], axis=1)
        rank = (outside < reached).sum(axis=1) + ((outside == reached).sum(axis=1) + 1) / 2
        # The logit of rank / (trials + 1) is not above zero exactly up to the middle rank.
        below += int((rank <= (trials + 1) / 2).sum())
        losses += int((reached < 0).sum())
        splits += len(chosen)
    return Overfitting(below / splits, losses / splits, trials, splits, times)


def _halves(blocks: int) -> Iterator[Numbers]:
    """Every choice of half the blocks as rows of ones and zeros, some hundred at a time."""
    choices = combinations(range(blocks), blocks // 2)
    while some := list(islice(choices, SPLITS_AT_ONCE)):
        rows = np.zeros((len(some), blocks))
        np.put_along_axis(rows, np.array(some), 1.0, axis=1)
        yield rows


def _sharpes(sums: Numbers, squares: Numbers, n: int) -> Numbers:
    """Mean over standard deviation; a trial that never moved has the ratio 0."""
    mean = sums / n
    variance = np.maximum(squares / n - mean**2, 0.0)
    flat = variance <= 1e-12 * squares / n
    result: Numbers = np.divide(mean, np.sqrt(variance), out=np.zeros_like(mean), where=~flat)
    return result
