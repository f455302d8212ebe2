"""The trading process: what one web worker runs, without the web, on a market stepped outside."""

import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event

from api_server import build_monitor, lease_holder
from src.clock import SystemClock
from src.config import load_settings
from src.database import ENGINE_LEASE, Lease, open_database
from src.logs import configure_logging
from src.monitors.monitor import Monitor
from src.monitors.pacing import MarketPace
from src.monitors.runtime import EngineRuntime
from src.strategy.symbol_strategy import compile_kernels

LEASE_MS = 600
_RENEW_SECONDS = 0.15
_RETRY_SECONDS = (0.2, 0.5, 1.0)
_FORKS = multiprocessing.get_context("forkserver")


class TraderProcess:
    """Forked from a server that has everything loaded, so that it starts in no time."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._process: ForkServerProcess | None = None
        _FORKS.set_forkserver_preload(["bench.crash.preloaded"])

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._process is None or self._process.pid is None:
            raise RuntimeError("the trading process does not run")
        return self._process.pid

    def start(self) -> None:
        """Start trading; returns at once."""
        self._process = _FORKS.Process(target=trade, args=(self._environment,), daemon=True)
        self._process.start()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.is_alive()

    def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None and self._process.pid is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.join()
            self._process = None


def trade(environment: Mapping[str, str]) -> None:
    """Stand for election and trade until killed."""
    settings = load_settings(environment)
    silence(settings.log_directory / "trader.log")
    configure_logging(settings.log_directory)
    database = open_database(settings.database_url)

    def monitor(epoch: int) -> Monitor:
        return build_monitor(settings, "simulator", database, epoch, MarketPace())

    def lease() -> Lease:
        return Lease(database, ENGINE_LEASE, lease_holder(), SystemClock(), LEASE_MS)

    EngineRuntime(lease, monitor, _RENEW_SECONDS, _RETRY_SECONDS).start()
    Event().wait()


def silence(file: Path) -> None:
    """Let what this process prints go to a file."""
    with file.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)


def trading_environment(
    folder: Path, url: str, symbols: tuple[str, ...], key: str, secret: str
) -> dict[str, str]:
    """Settings of a Demo account at the exchange at `url` that trades as often as it may."""
    return {
        "SECRET_KEY": "this process serves nobody and signs nothing",
        "TRADING_MODE": "demo",
        "MARKET_DATA": "simulator",
        "SIMULATOR_URL": url,
        "SYMBOLS": ",".join(symbols),
        "BYBIT_API_KEY": key,
        "BYBIT_API_SECRET": secret,
        "DATABASE_URL": f"sqlite:///{folder / 'trading.db'}",
        "DATA_DIRECTORY": str(folder),
        "LOG_DIRECTORY": str(folder),
        "MAX_POSITIONS": "20",
        "MAX_OPEN_RISK": "0",
        "RISK_PER_TRADE": "0.002",
        "CONFLUENCE_THRESHOLD": "0",
        "LOSING_STREAK": "0",
        "DAILY_LOSS_LIMIT_R": "0",
        "WEEKLY_LOSS_LIMIT_R": "0",
    }


def compile_everything() -> None:
    """Load what a trading process needs, once for all of them."""
    compile_kernels(lambda _text: None)
