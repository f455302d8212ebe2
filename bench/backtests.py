"""How fast a backtest is, beside other backtesters where they are installed.

`BACKTEST_PEERS` names a Python that has them (they need other versions of numpy and pandas than
this project). Each peer trades a plain crossing of two averages with a stop, a target and fees:
far less work than this project's strategy.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median

import numpy as np

from bench.strategy import SYMBOL
from src.backtest.history import assumed_instrument
from src.backtest.request import DEFAULT_RISK, BacktestRequest
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays

PEER_SCRIPT = Path(__file__).with_name("backtest_peers.py")
PEERS = ("backtesting", "vectorbt")
# Small enough that no losing strategy ruins the account and has nothing left to trade with.
RISK = replace(DEFAULT_RISK, risk_per_trade=Decimal("0.0002"))
BALANCE = Decimal(1_000_000)


def backtests(market: CandleArrays, timeframe: Timeframe, repeats: int) -> Iterator[str]:
    """Candles a second of this project's whole strategy and account, then of the peers."""
    request = BacktestRequest((SYMBOL,), timeframe, risk=RISK, initial_balance=BALANCE)
    rules = {SYMBOL: assumed_instrument(SYMBOL, market)}
    runs = [run_backtest(request, {SYMBOL: market}, rules) for _ in range(repeats + 1)][1:]
    yield ""
    yield f"backtest of {len(market):,} candles{'candles/s':>27}{'strategy':>12}{'account':>12}"
    yield _line(runs)
    python = os.environ.get("BACKTEST_PEERS")
    if python is None:
        yield "BACKTEST_PEERS names no Python with other backtesters."
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "candles.npy"
        np.save(file, np.stack((market.open, market.high, market.low, market.close)))
        for name in PEERS:
            yield _peer_line(python, name, file)


def _line(runs: list[BacktestResult]) -> str:
    strategy = median(run.timings.strategy for run in runs)
    account = median(run.timings.account for run in runs)
    count, last = runs[0].candle_count, runs[-1]
    orders = sum(len(log.decided) for log in last.setups.values())
    speed = f"{count / (strategy + account):>16,.0f}"
    shares = f"{strategy:>10.2f} s{account:>10.2f} s"
    return f"{'this project':<32}{speed}{shares}  {orders:,} orders, {len(last.trades):,} trades"


def _peer_line(python: str, name: str, candles: Path) -> str:
    command = [python, str(PEER_SCRIPT), name, str(candles)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"{name:<32}{'not measured':>16}  {reason}"
    told = json.loads(done.stdout.strip().splitlines()[-1])
    label = f"{name} {told['version']}"
    return (
        f"{label:<32}{told['candles'] / told['seconds']:>16,.0f}{'':>24}  {told['trades']:,} trades"
    )
