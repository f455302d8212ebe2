"""Walk-forward trades only what lies after its training, with a gap between."""

from itertools import pairwise

import pytest

from src.backtest.optimiser import Search
from src.backtest.search_space import search_space
from src.backtest.trial import Outcome, Trial
from src.backtest.walk_forward import Fold, make_folds, walk_forward
from src.domain.errors import InvalidInput
from tests.unit.backtest.invented import BASE, InventedWorkers, outcome

SEARCH = Search(search_space(["confluence_threshold"]), trials=16, seed=1)


def test_every_part_but_the_first_is_tested_after_an_embargo() -> None:
    folds = make_folds(1_000, 5_000, count=3, embargo=50)
    assert folds[0] == Fold(1_000, 2_000, 2_050, 3_000)
    assert folds[-1] == Fold(3_000, 4_000, 4_050, 5_000)
    for earlier, later in pairwise(folds):
        assert earlier.test_end == later.test_start - 50


def test_anchored_training_begins_at_the_beginning() -> None:
    assert [fold.train_start for fold in make_folds(0, 400, 3, 0, anchored=True)] == [0, 0, 0]
    assert [fold.train_end for fold in make_folds(0, 400, 3, 0, anchored=True)] == [100, 200, 300]


@pytest.mark.parametrize(("count", "embargo"), [(1, 0), (3, 1_000), (3, -1), (-1, 0)])
def test_folds_that_test_nothing_are_refused(count: int, embargo: int) -> None:
    with pytest.raises(InvalidInput, match="nothing to test"):
        make_folds(0, 4_000, count, embargo)


def by_threshold(of: Trial) -> Outcome:
    """A threshold of 70 is best until 2000 and worthless afterwards."""
    request = of.request
    good = request.parameters.confluence_threshold == 70.0
    return outcome(of, (0.004 if (request.start or 0) < 2_000 else -0.002) if good else 0.001)


def test_the_best_of_each_training_is_traded_once_on_what_follows() -> None:
    workers = InventedWorkers(by_threshold)
    heard: list[Outcome] = []
    walked = walk_forward(BASE, make_folds(0, 4_000, 3, 10), SEARCH, workers, heard.extend)
    assert [len(batch) for batch in workers.asked].count(1) >= 3
    first = walked.folds[0]
    assert first.trained is not None
    assert first.tested is not None
    chosen = first.trained.trial.request.parameters
    assert chosen.confluence_threshold == 70.0
    assert first.tested.trial.request.parameters == chosen
    assert (first.tested.trial.request.start, first.tested.trial.request.end) == (1_010, 2_000)
    assert len(walked.results_in_r) == 3 * 50
    assert len(walked.daily_returns) == 3 * 60
    assert len(heard) == sum(len(batch) for batch in workers.asked)


def test_no_test_reaches_back_into_its_training() -> None:
    workers = InventedWorkers(by_threshold)
    walked = walk_forward(BASE, make_folds(0, 4_000, 3, 10), SEARCH, workers)
    for one in walked.folds:
        assert one.trained is not None
        assert one.tested is not None
        assert (one.trained.trial.request.end or 0) < (one.tested.trial.request.start or 0)


def test_what_fades_outside_the_training_shows_as_efficiency() -> None:
    constant = InventedWorkers(lambda of: outcome(of, 0.001))
    walked = walk_forward(BASE, make_folds(0, 4_000, 3, 10), SEARCH, constant)
    assert walked.efficiency == pytest.approx(1.0)
    losing = InventedWorkers(lambda of: outcome(of, -0.001))
    assert walk_forward(BASE, make_folds(0, 4_000, 3, 10), SEARCH, losing).efficiency is None


@pytest.mark.parametrize(
    ("trained", "efficiency"),
    [
        # Trained means in R a trade; every test makes -0.5 R.
        ([0.3, -0.28, 0.01], None),
        ([0.3, 0.1, 0.02], pytest.approx(-0.5 / 0.14)),
        ([0.3, 0.1], pytest.approx(-0.5 / 0.2)),
        ([0.2, 0.0], None),
    ],
)
def test_the_efficiency_of_what_may_not_have_been_found_is_undefined(
    trained: list[float], efficiency: float | None
) -> None:
    """A quotient by a mean that may as well be zero could say anything."""
    means = {1_000 * fold: mean / 100 for fold, mean in enumerate(trained)}

    def fading(of: Trial) -> Outcome:
        return outcome(of, means.get(of.request.start or 0, -0.005))

    folds = make_folds(0, 1_000 * (len(trained) + 1), len(trained), 10)
    walked = walk_forward(BASE, folds, SEARCH, InventedWorkers(fading))
    found = [one.trained.expectancy_in_r for one in walked.folds if one.trained]
    assert found == pytest.approx(trained)
    assert walked.efficiency == efficiency


def test_a_fold_without_a_candidate_tests_nothing() -> None:
    few = InventedWorkers(lambda of: outcome(of, 0.001, trades=3))
    walked = walk_forward(BASE, make_folds(0, 4_000, 2, 10), SEARCH, few)
    assert all(one.tested is None for one in walked.folds)
    assert walked.results_in_r == ()
    assert walked.efficiency is None
