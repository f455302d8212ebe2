"""Search for parameters. The result depends on the seed, never on who ran which trial when."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import optuna

from src.backtest.search_space import Choices, with_values
from src.backtest.trial import Outcome, Trial
from src.backtest.workers import Workers
from src.domain.errors import InvalidInput

FEWEST_TRADES = 30
"""An outcome with fewer trades is no candidate."""

BATCH = 8
"""Trials asked for before the first of them is told: fixed, so that more workers change nothing."""


@dataclass(frozen=True, slots=True)
class Search:
    """How to search: over which choices, how many trials, from which seed."""

    space: Sequence[Choices]
    trials: int
    seed: int
    batch: int = BATCH


@dataclass(frozen=True, slots=True)
class Found:
    """Every outcome in the order asked for, and the best one; None when no trial had enough
    trades and a defined Sharpe ratio."""

    outcomes: tuple[Outcome, ...]
    best: Outcome | None


def objective(outcome: Outcome) -> float | None:
    """What is maximised: the daily Sharpe ratio; None below 30 trades.

    It is the figure that the deflated Sharpe ratio and the probability of overfitting judge.
    """
    return outcome.daily_sharpe if len(outcome.results_in_r) >= FEWEST_TRADES else None


def optimise(
    base: Trial,
    search: Search,
    workers: Workers,
    told: Callable[[Sequence[Outcome]], None] = lambda _outcomes: None,
) -> Found:
    """Search around `base` with Optuna's tree-structured Parzen estimator.

    Trials are asked for and told in batches of a fixed size and a fixed order. A question asked
    twice is answered from memory. `told` hears of every batch. Raises InvalidInput without
    anything to search. Source: J. Bergstra et al., Algorithms for Hyper-Parameter Optimization,
    2011; T. Akiba et al., Optuna, 2019.
    """
    if not search.space or search.trials < 1 or search.batch < 1:
        raise InvalidInput("Name at least one parameter and one trial to search.", "trials")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=search.seed, constant_liar=False)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    known: dict[str, Outcome] = {}
    outcomes: list[Outcome] = []
    while len(outcomes) < search.trials:
        count = min(search.batch, search.trials - len(outcomes))
        asked = _Asked(study, base, search.space)
        # Workers begin with the first trial while the next is still being asked for.
        found = workers.run(asked.unknown(count, known))
        fresh = dict(zip(asked.new, found, strict=True))
        known |= fresh
        batch = [known[name] for name in asked.names]
        for one, outcome in zip(asked.questions, batch, strict=True):
            value = objective(outcome)
            state = optuna.trial.TrialState.FAIL if value is None else None
            study.tell(one, value, state=state)
        outcomes += batch
        told(list(fresh.values()))
    candidates = [outcome for outcome in outcomes if objective(outcome) is not None]
    best = max(candidates, key=lambda outcome: objective(outcome) or 0.0, default=None)
    return Found(tuple(outcomes), best)


class _Asked:
    """A batch as it is asked for: its questions with their names, and which of them are new."""

    def __init__(self, study: optuna.Study, base: Trial, space: Sequence[Choices]) -> None:
        self._study, self._base, self._space = study, base, space
        self.questions: list[optuna.trial.Trial] = []
        self.names: list[str] = []
        self.new: list[str] = []

    def unknown(self, count: int, known: Mapping[str, Outcome]) -> Iterator[Trial]:
        """Ask `count` questions; the trials among them that nobody has asked for yet."""
        for _ in range(count):
            question = self._study.ask()
            trial = _with(self._base, _suggested(question, self._space))
            name = trial.identity()
            self.questions.append(question)
            self.names.append(name)
            if name not in known and name not in self.new:
                self.new.append(name)
                yield trial


def _suggested(asked: optuna.trial.Trial, space: Sequence[Choices]) -> Mapping[str, object]:
    """A value for every choice; ordered numbers are searched as places in their order."""
    return {
        one.name: one.values[asked.suggest_int(one.name, 0, len(one.values) - 1)] for one in space
    }


def _with(base: Trial, values: Mapping[str, object]) -> Trial:
    parameters = with_values(base.request.parameters, values)  # type: ignore[arg-type]
    return replace(base, request=replace(base.request, parameters=parameters))
