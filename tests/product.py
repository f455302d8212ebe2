"""The real product as a process: gunicorn, simulator, monitor, SQLite in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import requests

from bench.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
Result = TypeVar("Result")
SECRET_KEY = "a-key-that-only-the-tests-know-0123456789"
DEMO_LOGIN = {"email": "demo@ict.com", "password": "demo123"}


def wait_until(condition: Callable[[], Result], seconds: float, what: str) -> Result:
    """Poll `condition` until it is truthy; fails naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


NO_LIMITS = {"DAILY_LOSS_LIMIT_R": "0", "WEEKLY_LOSS_LIMIT_R": "0", "LOSING_STREAK": "0"}
"""Tests wait for trades, and the market made for this moment may be one of a losing week."""


class Product:
    """`with Product(folder) as product:` serves it at `product.url` until the block ends.

    It starts an exchange of its own, unless one answers at a given SIMULATOR_URL.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 1,
        **environment: str,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "trading.db"
        self._workers = workers
        self._environment = {
            **os.environ,
            "FLASK_ENV": "development",
            "SECRET_KEY": SECRET_KEY,
            "MARKET_DATA": "simulator",
            "SIMULATOR_URL": f"http://127.0.0.1:{free_port()}",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DATA_DIRECTORY": str(folder),
            "LOG_DIRECTORY": str(folder / "logs"),
            "CORS_ORIGINS": self.url,
            **NO_LIMITS,
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        serve = ["-w", str(self._workers), "-b", f"127.0.0.1:{self.port}", "api_server:app"]
        with (self.folder / "api.log").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *serve],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(self._answers, 180, f"the product to answer; see {self.folder / 'api.log'}")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End gunicorn's master and workers at once, without a word."""
        for pid in [*self.worker_pids(), self.pid]:
            os.kill(pid, signal.SIGKILL)
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(timeout=30)
        self._process = None

    @property
    def pid(self) -> int:
        """Process id of gunicorn's master."""
        assert self._process is not None, "the product is not running"
        return self._process.pid

    def worker_pids(self) -> list[int]:
        """Process ids of the web workers."""
        return [pid for pid, command in self._children() if "gunicorn" in command]

    def unplug_market(self) -> None:
        """Kill the simulated exchange at once."""
        [simulator] = [pid for pid, command in self._children() if "simulator" in command]
        os.kill(simulator, signal.SIGKILL)

    def plug_market_in(self) -> "subprocess.Popen[bytes]":
        """Start the same exchange again; the caller ends it."""
        port = self._environment["SIMULATOR_URL"].rsplit(":", 1)[1]
        where = ["--port", port, "--data-directory", str(self.folder), "--exit-with-parent"]
        command = [sys.executable, "-m", "flask", "simulator", *where]
        return subprocess.Popen(command, cwd=ROOT)

    def flask(self, *words: str) -> str:
        """What a command of this installation prints; it must succeed."""
        done = self.run_flask(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_flask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of this installation, however it ends."""
        return subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _children(self) -> list[tuple[int, str]]:
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [
            (int(pid), Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
            for pid in listed
        ]

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            self._process = None
            raise AssertionError((self.folder / "api.log").read_text()[-4000:])
        try:
            return requests.get(f"{self.url}/api/health", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def login(self) -> str:
        """A bearer token of the demo user."""
        answer = requests.post(f"{self.url}/api/auth/login", json=DEMO_LOGIN, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["token"])

    def get(self, path: str, token: str) -> Any:
        """GET an API path as JSON."""
        answer = requests.get(
            f"{self.url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()
