"""How fast a backtest is, beside other backtesters where they are installed, and a sweep.

`BACKTEST_PEERS` names a Python that has them (they need other versions of numpy and pandas than
this project). Each peer trades a plain crossing of two averages with a stop, a target and fees:
far less work than this project's strategy.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from bench.strategy import SYMBOL
from src.backtest.history import assumed_instrument
from src.backtest.request import DEFAULT_RISK, BacktestRequest
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.backtest.trial import Trial
from src.backtest.workers import LocalWorkers
from src.domain.candle import Timeframe
from src.domain.instrument import Instrument
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
    runs = [_measured(request, market, rules) for _ in range(repeats + 1)][1:]
    yield ""
    yield (
        f"{f'backtest of {len(market):,} candles':<32}{'candles/s':>14}"
        f"{'by processor':>14}{'strategy':>12}{'account':>12}{'trades':>12}"
    )
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


class _Run(NamedTuple):
    """A run, how many trades it made as objects, the seconds of that, and its processor time."""

    result: BacktestResult
    made: int
    trades: float
    processor: float


def _measured(
    request: BacktestRequest, market: CandleArrays, rules: Mapping[str, Instrument]
) -> _Run:
    """One run, its closed trades included as objects with decimals."""
    before = time.process_time()
    result = run_backtest(request, {SYMBOL: market}, rules)
    start = time.perf_counter()
    made = len(result.trades)
    trades = time.perf_counter() - start
    return _Run(result, made, trades, time.process_time() - before)


def _line(runs: list[_Run]) -> str:
    """Medians by the clock, the least processor time: other work on the machine only adds to it."""
    strategy = median(run.result.timings.strategy for run in runs)
    account = median(run.result.timings.account for run in runs)
    trades = median(run.trades for run in runs)
    processor = min(run.processor for run in runs)
    last = runs[-1].result
    orders = sum(log.ordered for log in last.setups.values())
    speed = f"{last.candle_count / (strategy + account + trades):>14,.0f}"
    speed += f"{last.candle_count / processor:>14,.0f}"
    shares = f"{strategy:>10.2f} s{account:>10.2f} s{trades:>10.2f} s"
    return f"{'this project':<32}{speed}{shares}  {orders:,} orders, {runs[-1].made:,} trades"


def sweep(market: CandleArrays, timeframe: Timeframe, trials: int) -> Iterator[str]:
    """The same trials in one process, then on every core; parameters differ from run to run."""
    request = BacktestRequest((SYMBOL,), timeframe, risk=RISK, initial_balance=BALANCE)
    rules = {SYMBOL: assumed_instrument(SYMBOL, market)}
    tried = [
        Trial(replace(request, parameters=replace(request.parameters, minimum_reward=reward)))
        for reward in np.linspace(1.5, 4.0, trials).tolist()
    ]
    taken = {}
    for processes in (1, os.cpu_count() or 1):
        workers = LocalWorkers({SYMBOL: market}, rules, processes)
        workers.run(tried[: 2 * processes])
        start = time.perf_counter()
        workers.run(tried)
        taken[processes] = time.perf_counter() - start
    yield ""
    yield f"a sweep of {trials} runs of {len(market):,} candles"
    for processes, seconds in taken.items():
        yield f"{f'{processes} processes':<32}{seconds:>10.1f} s{taken[1] / seconds:>10.2f} x"


def _peer_line(python: str, name: str, candles: Path) -> str:
    command = [python, str(PEER_SCRIPT), name, str(candles)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"{name:<32}{'not measured':>14}  {reason}"
    told = json.loads(done.stdout.strip().splitlines()[-1])
    label = f"{name} {told['version']}"
    return (
        f"{label:<32}{told['candles'] / told['seconds']:>14,.0f}"
        f"{told['candles'] / told['processor']:>14,.0f}{'':>36}  {told['trades']:,} trades"
    )
