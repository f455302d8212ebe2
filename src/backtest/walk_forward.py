"""Walk-forward: choose parameters on the past, trade them on what follows, again and again."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from src.backtest.optimiser import Search, optimise
from src.backtest.trial import Outcome, Trial
from src.backtest.workers import Workers
from src.domain.errors import InvalidInput

FEWEST_FOLDS = 2


@dataclass(frozen=True, slots=True)
class Fold:
    """Parameters are chosen in [train_start, train_end) and traded in [test_start, test_end).

    UTC ms. Between the two lies the embargo.
    """

    train_start: int
    train_end: int
    test_start: int
    test_end: int


@dataclass(frozen=True, slots=True)
class FoldOutcome:
    """What was chosen in a fold and what became of it; None where no trial was a candidate."""

    fold: Fold
    trained: Outcome | None
    tested: Outcome | None


@dataclass(frozen=True, slots=True)
class WalkForward:
    """Every fold, and what was tested in all of them in order of time."""

    folds: tuple[FoldOutcome, ...]

    @property
    def results_in_r(self) -> tuple[float, ...]:
        """Results of all trades outside the training, fold by fold."""
        return tuple(
            result
            for one in self.folds
            if one.tested is not None
            for result in one.tested.results_in_r
        )

    @property
    def daily_returns(self) -> tuple[float, ...]:
        """Daily returns outside the training; the embargoes between are left out."""
        return tuple(
            daily
            for one in self.folds
            if one.tested is not None
            for daily in one.tested.daily_returns
        )

    @property
    def efficiency(self) -> float | None:
        """Mean tested expectancy over mean trained expectancy, folds with both; None if undefined.

        One means that what was found held, zero that it was not there. Nothing was found to hold
        or not where the trained mean lies within one standard error of zero. Source: R. Pardo,
        The Evaluation and Optimization of Trading Strategies, 2008, chapter 11.
        """
        pairs = [
            (one.trained.expectancy_in_r, one.tested.expectancy_in_r)
            for one in self.folds
            if one.trained is not None and one.tested is not None
        ]
        known = np.array([(a, b) for a, b in pairs if a is not None and b is not None])
        if len(known) < FEWEST_FOLDS:
            return None
        trained, tested = known.mean(axis=0).tolist()
        error = float(known[:, 0].std(ddof=1)) / math.sqrt(len(known))
        return tested / trained if trained > error else None


def make_folds(
    start: int, end: int, count: int, embargo: int, anchored: bool = False
) -> tuple[Fold, ...]:
    """Cut [start, end) into count + 1 equal parts and test each but the first.

    Training is on the part before, or with `anchored` on everything before. The first `embargo`
    ms of each tested part are left out, so that a setup that grew in the training cannot be
    traded in the test. Nothing is left to purge: training reads no candle of the test, and
    trades still open at its end are not counted in it. Times are UTC ms. Raises InvalidInput
    when nothing would be left to test. Source: M. López de Prado, Advances in Financial Machine
    Learning, 2018, chapter 7.
    """
    if count < FEWEST_FOLDS or embargo < 0 or (length := (end - start) // (count + 1)) <= embargo:
        raise InvalidInput(
            f"{count} folds with this embargo leave nothing to test; "
            f"take at least {FEWEST_FOLDS} folds over a longer time",
            "folds",
        )
    folds = []
    for number in range(1, count + 1):
        border = start + number * length
        folds.append(
            Fold(
                train_start=start if anchored else border - length,
                train_end=border,
                test_start=border + embargo,
                test_end=end if number == count else border + length,
            )
        )
    return tuple(folds)


def walk_forward(
    base: Trial,
    folds: Sequence[Fold],
    search: Search,
    workers: Workers,
    told: Callable[[Sequence[Outcome]], None] = lambda _outcomes: None,
) -> WalkForward:
    """Optimise in every training part, trade the best of it once in the part that follows.

    `told` hears of every outcome. The seed of the search serves every fold.
    """
    found = []
    for fold in folds:
        training = _within(base, fold.train_start, fold.train_end)
        best = optimise(training, search, workers, told).best
        tested = None
        if best is not None:
            [tested] = workers.run([_within(best.trial, fold.test_start, fold.test_end)])
            told([tested])
        found.append(FoldOutcome(fold, best, tested))
    return WalkForward(tuple(found))


def _within(trial: Trial, start: int, end: int) -> Trial:
    return replace(trial, request=replace(trial.request, start=start, end=end))
