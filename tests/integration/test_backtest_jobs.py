"""Backtests as jobs of the real product: followed live, killed in the middle, cancelled."""

import json
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from src.backtest.alteration import MOST_POINTS
from src.backtest.job import Finding, run_job
from src.backtest.job_plan import AblationPlan, Plan, SearchPlan, WalkPlan
from src.backtest.job_progress import JobProgress
from src.backtest.request import BacktestRequest
from src.clock import SystemClock
from src.database import BacktestJobs, TrialLedger, migrate, open_database
from src.database.candle_files import CandleColumns
from src.database.candle_history import CandleHistory
from src.domain.errors import Conflict
from tests.integration.web.live_server import InOrderClient
from tests.product import ROOT, Product, wait_until
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market

SYMBOLS = ("BTCUSDT", "ETHUSDT")
DAYS = 30
# A walk-forward that still searches seconds after it was first seen searching.
LONG = {"trials": 150, "folds": 3}
WISH = {"symbols": list(SYMBOLS), "market": "simulator", "seed": 3}


def store_candles(url: str, days: int, source: str = "simulator") -> None:
    """Synthetic history of both symbols in the database at `url`, as the candles of `source`."""
    database = open_database(url)
    history = CandleHistory(database, source)
    for symbol, prices in market(SYMBOLS, days).items():
        columns = CandleColumns(prices, prices.close)
        history.add(list(columns.candles(symbol, TIMEFRAME)))
        history.remember_instrument(INSTRUMENTS[symbol])
    database.dispose()


class Desk:
    """A person at the API of a product."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._token = product.login()

    def ask(self, **kind: dict[str, Any]) -> int:
        answer = self._post("", WISH | kind)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["job"]["id"])

    def job(self, job_id: int) -> dict[str, Any]:
        job: dict[str, Any] = self._product.get(f"/api/backtests/{job_id}", self._token)["job"]
        return job

    def searches(self, job_id: int) -> bool:
        return (self.job(job_id)["progress"] or {}).get("stage") == "walk_forward"

    def over(self, job_id: int) -> bool:
        return self.job(job_id)["status"] not in {"queued", "running"}

    def cancel(self, job_id: int) -> None:
        assert self._post(f"/{job_id}/cancel").status_code == 200

    def report(self, job_id: int) -> dict[str, Any]:
        """What the run found; how long it took is left out."""
        path = f"/api/backtests/{job_id}/report"
        report: dict[str, Any] = self._product.get(path, self._token)
        del report["timings"]
        return report

    def _post(self, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        return requests.post(
            f"{self._product.url}/api/backtests{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=10,
        )

    @contextmanager
    def listening(self) -> Iterator[list[dict[str, Any]]]:
        """The jobs as the socket tells of them, state by state."""
        states: list[dict[str, Any]] = []
        client = InOrderClient()
        client.on("backtests", lambda state: states.extend(state["jobs"]))
        client.connect(self._product.url, auth={"token": self._token}, transports=["websocket"])
        try:
            yield states
        finally:
            client.close()


def runs_on(database: Path) -> bool:
    """Whether the process of a backtest of this database is alive, whoever its parent is."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"backtest-job" in (folder / "cmdline").read_bytes():
                environment = (folder / "environ").read_bytes()
                if str(database).encode() in environment:
                    return True
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return False


def test_a_run_is_followed_live_survives_kill_9_and_can_be_cancelled(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'trading.db'}")
    store_candles(f"sqlite:///{tmp_path / 'trading.db'}", DAYS)
    with Product(tmp_path, workers=2, SYMBOLS="BTCUSDT") as product:
        desk = Desk(product)
        with desk.listening() as states:
            whole = desk.ask()
            wait_until(lambda: desk.over(whole), 60, "a backtest to end")
            wait_until(lambda: states and states[-1]["status"] == "finished", 10, "its last state")
        told = [state["status"] for state in states if state["id"] == whole]
        assert sorted(set(told), key=told.index) == ["queued", "running", "finished"]
        assert any(state["progress"] for state in states)
        assert desk.report(whole)["figures"]["net"]["n"] > 0, "too quiet a market proves nothing"

        search = {"trials": 4, "sealed": 0.2, "openSealed": True}
        killed = desk.ask(walkForward={**search, **LONG})
        wait_until(lambda: desk.searches(killed), 60, "a walk-forward to search")
        product.kill()
        wait_until(lambda: not runs_on(product.database), 10, "its process to follow the server")
        product.start()
        wait_until(lambda: desk.over(killed), 60, "the interrupted backtest to end")
        job = desk.job(killed)
        assert (job["status"], job["attempts"]) == ("finished", 2)
        assert desk.report(killed)["sealed"]["opened"] is not None
        refused = desk.ask(optimise=search)
        wait_until(lambda: desk.over(refused), 60, "a search of what was unsealed to end")
        assert "opened before" in desk.job(refused)["error"]

        unwanted = desk.ask(walkForward={"sealed": 0.0, **LONG})
        wait_until(lambda: desk.searches(unwanted), 60, "a walk-forward to search again")
        desk.cancel(unwanted)
        wait_until(
            lambda: not runs_on(product.database), 10, "the process of a cancelled run to end"
        )
        assert desk.job(unwanted)["status"] == "cancelled"


@pytest.fixture
def prepared(tmp_path: Path) -> BacktestJobs:
    """The queue of an installation with a little history and nobody who serves it."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    store_candles(url, DAYS)
    return BacktestJobs(open_database(url))


class Bench:
    """Jobs run in this process, one after another."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = open_database(url)
        self.ledger = TrialLedger(self._database)
        self.stages: dict[str, None] = {}
        self.found: Finding | None = None

    def run(
        self, plan: Plan | None = None, study: str = "job-1", source: str = "simulator"
    ) -> dict[str, Any]:
        """The report, save for how long it took; it must fit into JSON."""
        found = run_job(
            BacktestRequest(SYMBOLS, TIMEFRAME, seed=3),
            CandleHistory(self._database, source),
            self.ledger,
            JobProgress(
                lambda told: self.stages.setdefault(told["stage"]) is None, count(0, 1).__next__
            ),
            SystemClock().now,
            study,
            plan,
        )
        self.found = found
        report: dict[str, Any] = json.loads(json.dumps(dict(found.report), allow_nan=False))
        del report["timings"]
        return report

    def purposes(self) -> dict[str, int]:
        """How many trials of each purpose are in the ledger."""
        return dict(Counter(entry.purpose for entry in self.ledger.latest(1_000)))


@pytest.fixture
def bench(prepared: BacktestJobs, tmp_path: Path) -> Bench:
    return Bench(f"sqlite:///{tmp_path / 'trading.db'}")


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
    again = bench.run(AblationPlan(), "job-4", "bybit")
    assert again["examination"]["deflated_sharpe"]["trials"] > 2


def test_an_ablation_leaves_every_component_out_once(bench: Bench) -> None:
    report = bench.run(AblationPlan())
    whole, *without = report["ablation"]
    assert (whole["component"], whole["trades"]) == (None, len(report["trades"]))
    assert [row["component"] for row in without] == list(MOST_POINTS)
    assert bench.purposes() == {"backtest": 1, "altered": 2 + len(MOST_POINTS)}
    assert report["sealed"] is report["optimisation"] is report["walkForward"] is None


def test_a_run_that_needs_more_memory_than_it_may_use_fails_with_a_sentence(
    prepared: BacktestJobs, tmp_path: Path
) -> None:
    costs = {"takerFeeRate": 0.00055, "makerFeeRate": 0.0002, "slippageBps": 1.0}
    terms = {"initialBalance": 1000.0, "riskPerTrade": 0.01, "maxPositions": 3}
    dates = {"timeframe": "5m", "from": None, "to": None}
    prepared.add({**WISH, **dates, **terms, "costs": costs, "parameters": {}}, "somebody")
    job = prepared.take_next()
    assert job is not None
    done = subprocess.run(
        [sys.executable, "-m", "flask", "backtest-job", str(job.id), str(job.attempts)],
        cwd=ROOT,
        env={
            **os.environ,
            "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789",
            "FLASK_ENV": "development",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'trading.db'}",
            "BACKTEST_MEMORY_MB": "64",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = prepared.find(job.id)
    assert found is not None
    assert (done.returncode, found.status) == (0, "failed"), done.stderr
    assert found.error is not None
    assert "more than the 64 MB" in found.error
    assert "BACKTEST_MEMORY_MB" in found.error
