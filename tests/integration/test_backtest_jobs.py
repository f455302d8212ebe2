"""Backtests as jobs of the real product: followed live, killed in the middle, cancelled."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from src.database import BacktestJobs, migrate, open_database
from tests.integration.backtest.bench import DAYS, SYMBOLS, store_candles
from tests.integration.web.live_server import InOrderClient
from tests.product import ROOT, Product, wait_until

# A walk-forward that still searches seconds after it was first seen searching.
LONG = {"trials": 150, "folds": 3}
WISH = {"symbols": list(SYMBOLS), "market": "simulator", "seed": 3}


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
            timeout=30,
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
            wait_until(lambda: desk.over(whole), 180, "a backtest to end")
            wait_until(lambda: states and states[-1]["status"] == "finished", 60, "its last state")
        told = [state["status"] for state in states if state["id"] == whole]
        assert sorted(set(told), key=told.index) == ["queued", "running", "finished"]
        assert any(state["progress"] for state in states)
        assert desk.report(whole)["figures"]["net"]["n"] > 0, "too quiet a market proves nothing"

        search = {"trials": 4, "sealed": 0.2, "openSealed": True}
        killed = desk.ask(walkForward={**search, **LONG})
        wait_until(lambda: desk.searches(killed), 180, "a walk-forward to search")
        product.kill()
        wait_until(lambda: not runs_on(product.database), 20, "its process to follow the server")
        product.start()
        wait_until(lambda: desk.over(killed), 180, "the interrupted backtest to end")
        job = desk.job(killed)
        assert (job["status"], job["attempts"]) == ("finished", 2)
        assert desk.report(killed)["sealed"]["opened"] is not None
        refused = desk.ask(optimise=search)
        wait_until(lambda: desk.over(refused), 180, "a search of what was unsealed to end")
        assert "opened before" in desk.job(refused)["error"]

        unwanted = desk.ask(walkForward={"sealed": 0.0, **LONG})
        wait_until(lambda: desk.searches(unwanted), 180, "a walk-forward to search again")
        desk.cancel(unwanted)
        wait_until(
            lambda: not runs_on(product.database), 20, "the process of a cancelled run to end"
        )
        assert desk.job(unwanted)["status"] == "cancelled"


@pytest.fixture
def prepared(tmp_path: Path) -> BacktestJobs:
    """The queue of an installation with a little history and nobody who serves it."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    store_candles(url, DAYS)
    return BacktestJobs(open_database(url))


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
