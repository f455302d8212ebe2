"""Outcomes made from a trial's parameters alone, so that a search can be watched quickly."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from src.analytics.figure import Figure
from src.backtest.request import BacktestRequest
from src.backtest.trial import Outcome, Trial
from src.strategy.parameters import StrategyParameters

BASE = Trial(BacktestRequest(("BTCUSDT",)))


def trial(**parameters: object) -> Trial:
    """The base trial with some parameters changed."""
    changed = replace(StrategyParameters(), **parameters)  # type: ignore[arg-type]  # by name
    return Trial(replace(BASE.request, parameters=changed))


def outcome(of: Trial, mean: float, trades: int = 50, days: int = 60, seed: int = 0) -> Outcome:
    """Daily returns of the given mean with the same noise for every trial of one seed."""
    noise = np.random.default_rng(seed).normal(0.0, 0.01, days)
    returns = noise - noise.mean() + mean
    return Outcome(
        trial=of,
        results_in_r=tuple([mean * 100] * trades),
        first_day=20_000,
        daily_returns=tuple(returns.tolist()),
        figures={"expectancy_in_r": Figure(mean * 100, trades)},
        unfinished=0,
        ambiguous=0,
    )


class InventedWorkers:
    """Answers by a formula over the trial, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Trial], Outcome]) -> None:
        self._answer = answer
        self.asked: list[list[Trial]] = []

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """Answer every trial."""
        self.asked.append(list(trials))
        return [self._answer(one) for one in self.asked[-1]]
