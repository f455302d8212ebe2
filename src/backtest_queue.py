"""The settings as the queue of backtests: what a run is by default, and who looks after the runs.

Part of the composition, as api_server.py and the commands are.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.backtest_worker import BacktestDesk, run_queue
from services.backtests import KINDS
from services.lease_worker import LEASE_MS, LeaseWorker
from src.clock import SystemClock
from src.config import Settings
from src.database import BACKTESTS_LEASE, BacktestJobs, Database, Lease, LiveState
from src.database.backtest_jobs import BacktestJob

ROOT = Path(__file__).resolve().parent.parent


def backtest_defaults(settings: Settings, market: str) -> dict[str, Any]:
    """A backtest of this installation as it trades, in the words of the API."""
    return {
        "symbols": list(settings.symbols),
        "timeframe": settings.entry_timeframe.value,
        "from": None,
        "to": None,
        "initialBalance": float(settings.initial_balance),
        "seed": 0,
        "market": market,
        "parameters": {"confluenceThreshold": settings.confluence_threshold},
        "costs": {
            "takerFeeRate": float(settings.taker_fee_rate),
            "makerFeeRate": float(settings.maker_fee_rate),
            "slippageBps": float(settings.slippage_bps),
        },
        "riskPerTrade": float(settings.risk_per_trade),
        "maxPositions": settings.max_positions,
        **dict.fromkeys(KINDS),
    }


def backtest_worker(
    settings: Settings,
    market: str,
    database: Database,
    holder: Callable[[], str],
    has_engine: Callable[[], bool],
) -> LeaseWorker:
    """The candidate of one web worker; `holder` names the process once it has forked."""
    return LeaseWorker(
        BACKTESTS_LEASE,
        lambda: Lease(database, BACKTESTS_LEASE, holder(), SystemClock(), LEASE_MS),
        lambda tenure: run_queue(_desk(settings, market, database), tenure),
        has_engine,
    )


def _desk(settings: Settings, market: str, database: Database) -> BacktestDesk:
    """What the process works on that looks after the queue of backtests."""
    clock = SystemClock()
    return BacktestDesk(
        BacktestJobs(database, clock),
        LiveState(database, settings.environment_word(market), clock),
        clock,
        _start,
        settings.backtest_processes,
    )


def _start(job: BacktestJob) -> "subprocess.Popen[bytes]":
    """The child process of a job. Ctrl-C in a terminal is for its parent alone."""
    command = [sys.executable, "-m", "flask", "backtest-job", str(job.id), str(job.attempts)]
    return subprocess.Popen([*command, "--exit-with-parent"], cwd=ROOT, start_new_session=True)
