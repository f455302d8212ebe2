"""What the jobs of backtests report, and what they leave in the ledger of trials."""

import math
from pathlib import Path

import pytest

from src.backtest.alteration import MOST_POINTS
from src.backtest.job_plan import AblationPlan, SearchPlan, WalkPlan
from src.database import migrate
from src.domain.errors import Conflict
from tests.integration.backtest.bench import DAYS, Bench, store_candles


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    store_candles(url, DAYS)
    return Bench(url)


def test_a_report_adds_up_and_the_same_question_gets_the_same_answer(bench: Bench) -> None:
    plan = WalkPlan(2, 2, sealed=0.2, open_sealed=True)
    first = bench.run(plan)
    assert list(bench.stages) == [
        *("loading", "strategy", "account", "examination", "walk_forward", "sealed", "report"),
    ]
    results = sum(trade["resultR"] for trade in first["trades"])
    for table in first["tables"].values():
        assert sum(row["trades"] for row in table) == len(first["trades"]) > 0
        assert sum(row["netR"] for row in table) == pytest.approx(results)
    grown = math.prod(1 + month["returnPercent"] / 100 for month in first["monthly"])
    points = first["equity"]["points"]
    assert grown == pytest.approx(points[-1]["equity"] / points[0]["equity"])
    assert [fold["fold"] for fold in first["walkForward"]] == [1, 2]
    assert first["bootstrap"]["fan"][-1]["trade"] == len(first["trades"])
    # Nothing before the seal was broken has read what lies behind it.
    assert first["to"] == first["walkForward"][-1]["to"] == first["sealed"]["from"]
    assert first["sealed"]["opened"]["earlierReaders"] == 0
    assert bench.purposes()["sealed"] == 1
    # The list of runs tells what was asked: what came of it outside the training.
    assert bench.found is not None
    assert first["verdict"] == f"outside the training: {first['outside']['verdict']}"
    assert bench.found.verdict == first["verdict"]
    assert bench.found.headline["trades"] == first["outside"]["expectancy"]["n"]
    assert bench.found.headline["netR"] == pytest.approx(
        sum(fold["netR"] or 0.0 for fold in first["walkForward"])
    )
    # What the first run searched counts against every later one, and only once.
    second = bench.run(plan)
    assert second["trades"] == first["trades"]
    assert second["sealed"]["opened"]["netR"] == first["sealed"]["opened"]["netR"]
    assert bench.purposes()["sealed"] == 1
    assert second["examination"] != first["examination"]
    assert bench.run(plan) == second
    kept = bench.purposes()
    with pytest.raises(Conflict, match="opened before"):
        bench.run(plan, study="job-2")
    assert bench.purposes() == kept, "it is refused before anything is run"


def test_a_search_shows_every_trial_and_judges_the_best_by_all_of_them(bench: Bench) -> None:
    report = bench.run(SearchPlan(4, sealed=0.2))
    found = report["optimisation"]
    assert (found["trials"], len(found["table"])) == (4, bench.purposes()["optimise"])
    best, *others = found["table"]
    assert best["parameters"] == found["chosen"]
    assert best["trades"] == len(report["trades"])
    assert best["sharpe"] == max(row["sharpe"] for row in [best, *others] if row["candidate"])
    assert report["examination"]["deflated_sharpe"]["probability"] == best["deflatedSharpe"]
    assert report["examination"]["overfitting"]["trials"] == len(found["table"])
    assert {row["name"].split()[0] for row in found["neighbours"]} == {
        *("confluence_threshold", "minimum_reward", "displacement_factor", "setup_bars"),
    }
    assert report["sealed"] == {**report["sealed"], "from": report["to"], "opened": None}
    # The report tells the parameters it was made with, which nobody asked for.
    assert report["settings"]["parameters"] | best["parameters"] == report["settings"]["parameters"]
    assert bench.found is not None
    assert bench.found.headline["trades"] == len(report["trades"])


def test_what_is_done_to_generated_candles_costs_the_real_ones_nothing(bench: Bench) -> None:
    """Whoever practises on the simulator has neither spent Bybit's seal nor tried on its market."""
    store_candles(bench.url, DAYS, "bybit")
    plan = SearchPlan(2, sealed=0.2, open_sealed=True)
    generated = bench.run(plan)
    real = bench.run(plan, "job-2", "bybit")
    assert (generated["source"], real["source"]) == ("simulator", "bybit")
    assert "read Bybit's candles or" in real["trialsCounted"]
    assert real["sealed"]["opened"]["earlierReaders"] == 0
    counted = [one["examination"]["deflated_sharpe"]["trials"] for one in (generated, real)]
    assert counted == [2, 2]
    assert real["examination"] == generated["examination"]
    with pytest.raises(Conflict, match="opened before on Bybit's candles"):
        bench.run(plan, "job-3", "bybit")
    again = bench.run(AblationPlan(sealed=0.2), "job-4", "bybit")
    assert again["examination"]["deflated_sharpe"]["trials"] > 2
    assert again["sealed"]["whyNot"].startswith("Part of it was opened by an earlier run")


def test_a_seal_that_nothing_was_chosen_for_stays_closed_and_says_why(bench: Bench) -> None:
    kept = bench.run(WalkPlan(2, 1, sealed=0.6, open_sealed=True))["sealed"]
    assert kept["opened"] is None
    assert kept["whyNot"].startswith("It was not opened: no trial of the last fold closed 30")
    assert "sealed" not in bench.purposes()
    assert bench.run(AblationPlan(sealed=0.6), "job-2")["sealed"]["whyNot"] is None


def test_an_ablation_leaves_every_component_out_once(bench: Bench) -> None:
    report = bench.run(AblationPlan())
    whole, *without = report["ablation"]
    assert (whole["component"], whole["trades"]) == (None, len(report["trades"]))
    assert [row["component"] for row in without] == list(MOST_POINTS)
    assert bench.purposes() == {"backtest": 1, "altered": 2 + len(MOST_POINTS)}
    assert report["sealed"] is report["optimisation"] is report["walkForward"] is None
