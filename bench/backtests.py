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

from bench.strategy import PROJECT, SYMBOL, Taken, seconds
from src.backtest.history import assumed_instrument
from src.backtest.request import DEFAULT_RISK, BacktestRequest
from src.backtest.result import BacktestResult, Timings
from src.backtest.runner import run_backtest
from src.backtest.trial import Trial
from src.backtest.workers import LocalWorkers
from src.domain.candle import Timeframe
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays

PEERS = ("backtesting", "vectorbt", "freqtrade")
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
        f"{'by processor':>14}{'strategy':>12}{'account':>12}"
    )
    yield from _lines(runs)
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
    """A run and the making of its trades as objects: seconds and counts, since a result kept would
    take memory that the next run then has to ask for."""

    run: Taken
    making: Taken
    timings: Timings
    candles: int
    orders: int
    trades: int


def _measured(
    request: BacktestRequest, market: CandleArrays, rules: Mapping[str, Instrument]
) -> _Run:
    """One run, then its closed trades as objects."""
    results: list[BacktestResult] = []
    run = seconds(lambda: results.append(run_backtest(request, {SYMBOL: market}, rules)))
    result = results[0]
    making = seconds(lambda: result.trades)
    orders = sum(log.ordered for log in result.setups.values())
    return _Run(run, making, result.timings, result.candle_count, orders, len(result.trades))


def _lines(runs: list[_Run]) -> Iterator[str]:
    """Medians by the clock, the least processor time: other work on the machine only adds to it.

    The first line is the run, whose trades are rows as those of vectorbt are; the second one also
    makes every trade an object with decimals and an id.
    """
    last = runs[-1]
    clock = median(one.run.wall for one in runs)
    processor = min(one.run.processor for one in runs)
    strategy = median(one.timings.strategy for one in runs)
    account = median(one.timings.account for one in runs)
    shares = (
        f"{strategy:>10.2f} s{account:>10.2f} s  {last.orders:,} orders, {last.trades:,} trades"
    )
    speed = f"{last.candles / clock:>14,.0f}{last.candles / processor:>14,.0f}"
    yield f"{'this project':<32}{speed}{shares}"
    clock += median(one.making.wall for one in runs)
    processor += min(one.making.processor for one in runs)
    speed = f"{last.candles / clock:>14,.0f}{last.candles / processor:>14,.0f}"
    yield f"{'  and its trades as objects':<32}{speed}"


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
        with LocalWorkers({SYMBOL: market}, rules, processes) as workers:
            workers.run(tried[: 2 * processes])
            start = time.perf_counter()
            workers.run(tried)
            taken[processes] = time.perf_counter() - start
    yield ""
    yield f"a sweep of {trials} runs of {len(market):,} candles"
    for processes, spent in taken.items():
        yield f"{f'{processes} processes':<32}{spent:>10.1f} s{taken[1] / spent:>10.2f} x"


def _peer_line(python: str, name: str, candles: Path) -> str:
    command = [python, "-m", "bench.backtest_peers", name, str(candles)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"{name:<32}{'not measured':>14}  {reason}"
    told = json.loads(done.stdout.strip().splitlines()[-1])
    label = f"{name} {told['version']}"
    return (
        f"{label:<32}{told['candles'] / told['seconds']:>14,.0f}"
        f"{told['candles'] / told['processor']:>14,.0f}{'':>24}  {told['trades']:,} trades"
    )
