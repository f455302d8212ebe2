"""The simulated exchange as a process that can be killed, and its control routes."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bench.ports import free_port
from src.exchange.bybit.simulator_control import Step, simulator_answers, step

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET = "offline-demo", "an account at the simulated exchange only"
_START_SECONDS = 60.0
Fault = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MarketPlan:
    """Which market is served: `start` in UTC ms."""

    symbols: tuple[str, ...]
    start: int
    seed: int


class ExchangeProcess:
    """`flask simulator` in lock-step with an account that outlives it; stepped from here."""

    def __init__(self, folder: Path, plan: MarketPlan) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        self._session = requests.Session()
        self._session.trust_env = False

    def start(self) -> None:
        """Start it where its account stood last and wait until it answers."""
        plan = self._plan
        command = ["simulator", "--lockstep", "--port", str(self.port), "--seed", str(plan.seed)]
        market = ["--symbols", ",".join(plan.symbols), "--start", str(plan.start)]
        account = ["--api-key", KEY, "--api-secret", SECRET, "--keep-account"]
        place = ["--data-directory", str(self._folder)]
        with (self._folder / "exchange.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flask", *command, *market, *account, *place],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not simulator_answers(self.url):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The exchange did not start; see {self._folder}/exchange.log")
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def step(self) -> Step:
        """Let the next five minutes of the market happen."""
        return step(self.url)

    def arm(self, seed: int, faults: Sequence[Fault]) -> None:
        """Put these faults in force instead of all others."""
        self.disarm()
        script = {"seed": seed, "faults": list(faults)}
        self._session.post(f"{self.url}/simulator/faults", json=script).raise_for_status()

    def disarm(self) -> None:
        """No fault from now on."""
        self._session.delete(f"{self.url}/simulator/faults").raise_for_status()

    def happened(self) -> list[int]:
        """How often each fault in force has happened, in their order."""
        answer = self._session.get(f"{self.url}/simulator/faults")
        answer.raise_for_status()
        return [int(row["happened"]) for row in answer.json()]
