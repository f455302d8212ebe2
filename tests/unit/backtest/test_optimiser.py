"""The search finds what is there, from its seed alone, and forgets nothing it saw."""

import pytest

from src.backtest.optimiser import Search, objective, optimise
from src.backtest.search_space import search_space
from src.backtest.trial import Outcome, Trial
from src.domain.errors import InvalidInput
from tests.unit.backtest.invented import BASE, InventedWorkers, outcome

SPACE = search_space(["confluence_threshold", "minimum_reward", "gap_entry"])


def hill(of: Trial) -> Outcome:
    """Best at a threshold of 70, a reward of 3 and an entry at the bottom of the gap."""
    parameters = of.request.parameters
    height = -abs(parameters.confluence_threshold - 70) / 10 - abs(parameters.minimum_reward - 3)
    return outcome(of, 0.001 * (height + 2.0 * (parameters.gap_entry == "bottom")))


def test_it_finds_the_hill() -> None:
    found = optimise(BASE, Search(SPACE, trials=80, seed=1), InventedWorkers(hill))
    assert found.best is not None
    parameters = found.best.trial.request.parameters
    assert (parameters.confluence_threshold, parameters.minimum_reward) == (70.0, 3.0)
    assert parameters.gap_entry == "bottom"
    assert len(found.outcomes) == 80


def test_the_seed_decides_what_is_tried() -> None:
    first, again, other = (
        optimise(BASE, Search(SPACE, 24, seed), InventedWorkers(hill)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_trials_are_asked_for_in_batches_and_a_question_only_once() -> None:
    workers = InventedWorkers(hill)
    heard: list[Outcome] = []
    found = optimise(BASE, Search(SPACE, 40, seed=2, batch=8), workers, heard.extend)
    asked = [trial.identity() for batch in workers.asked for trial in batch]
    assert len(workers.asked) == 5
    assert len(asked) == len(set(asked)) <= 40
    assert [one.trial.identity() for one in heard] == asked
    assert {one.trial.identity() for one in found.outcomes} == set(asked)


@pytest.mark.parametrize(("trials", "batch"), [(10, 4), (3, 8), (1, 1)])
def test_the_last_batch_asks_for_no_more_than_is_left(trials: int, batch: int) -> None:
    found = optimise(BASE, Search(SPACE, trials, seed=1, batch=batch), InventedWorkers(hill))
    assert len(found.outcomes) == trials


def test_every_value_of_a_choice_is_within_reach() -> None:
    (entries,) = search_space(["gap_entry"])
    found = optimise(BASE, Search((entries,), 30, seed=1), InventedWorkers(hill))
    tried = {one.trial.request.parameters.gap_entry for one in found.outcomes}
    assert tried == set(entries.values)


def test_an_outcome_with_few_trades_is_no_candidate() -> None:
    few = InventedWorkers(lambda of: outcome(of, 0.01, trades=29))
    assert optimise(BASE, Search(SPACE, 8, seed=1), few).best is None
    assert objective(outcome(BASE, 0.01, trades=29)) is None
    assert objective(outcome(BASE, 0.01, trades=30)) is not None


@pytest.mark.parametrize("search", [Search((), 5, 1), Search(SPACE, 0, 1), Search(SPACE, 5, 1, 0)])
def test_there_must_be_something_to_search(search: Search) -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        optimise(BASE, search, InventedWorkers(hill))
