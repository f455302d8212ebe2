"""How fast the strategy is: a history, one live candle, and the first call of a process."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from src.domain.candle import Candle, Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import LEAVABLE
from src.strategy.export import analyse
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.symbol_strategy import SymbolStrategy

PROJECT = Path(__file__).parent.parent
SYMBOL = "BTCUSDT"
TICK = 0.1
CHUNK = 2048
"""Candles folded at a time: the rows of more, events included, outgrow the second-level cache."""
WARM_UP_DAYS = 60
LIVE_CANDLES = 5000
FIRST_CALL = (
    "from src.strategy.symbol_strategy import compile_kernels; compile_kernels(lambda line: None)"
)
PARAMETERS = StrategyParameters()
# What the other libraries have: gaps, swings of one degree (by their default 50 bars on both
# sides), breaks of structure, order blocks, liquidity; and the whole set without entry models.
COMPARABLE = StrategyParameters(models=(), left_out=LEAVABLE, external_degree=50)
WITHOUT_MODELS = StrategyParameters(models=())


class Taken(NamedTuple):
    """Seconds by the clock, and of a processor; on a busy machine the clock says less."""

    wall: float
    processor: float


def fold_history(
    candles: CandleArrays,
    timeframe: Timeframe,
    record_events: bool,
    parameters: StrategyParameters = PARAMETERS,
) -> int:
    """Columns in, rows out: everything the strategy finds; returns how many rows."""
    fold = Fold(parameters, timeframe.milliseconds, TICK, record_events)
    count = 0
    for rows in candles.stretches(CHUNK):
        found = fold.feed(rows)
        count += len(found.events) + len(found.setups)
    return count


def export_history(candles: CandleArrays, timeframe: Timeframe) -> int:
    """Columns in, dictionaries out, as `flask analyze` does before it writes JSON."""
    return sum(1 for _ in analyse(candles, timeframe, PARAMETERS, TICK))


def seconds(work: Callable[[], object]) -> Taken:
    """What one call takes, programs it starts and waits for included."""
    start, used = time.perf_counter(), _processor_seconds()
    work()
    return Taken(time.perf_counter() - start, _processor_seconds() - used)


def _processor_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def medians(taken: list[Taken]) -> Taken:
    """The median of either time."""
    return Taken(*(median(column) for column in zip(*taken, strict=True)))


def median_seconds(works: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, Taken]:
    """Median seconds by name; the works take turns, so that a busy moment hits them all."""
    times: dict[str, list[Taken]] = {name: [] for name in works}
    for name in works:
        works[name]()
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: medians(taken) for name, taken in times.items()}


def live_microseconds(candles: CandleArrays, timeframe: Timeframe) -> tuple[float, float, int]:
    """p50 and p99 of one live candle in microseconds, and the bytes the strategy then holds."""
    strategy = SymbolStrategy(SYMBOL, timeframe, PARAMETERS, TICK)
    warm_up = WARM_UP_DAYS * 86_400_000 // timeframe.milliseconds
    history = [_candle(candles, t, timeframe) for t in range(warm_up + LIVE_CANDLES)]
    strategy.update(history[:warm_up])
    taken = []
    for candle in history[warm_up:]:
        start = time.perf_counter_ns()
        strategy.update([candle])
        taken.append((time.perf_counter_ns() - start) / 1000)
    p50, p99 = np.percentile(taken, (50, 99))
    return float(p50), float(p99), len(strategy.snapshot())


def _candle(candles: CandleArrays, t: int, timeframe: Timeframe) -> Candle:
    return Candle(
        SYMBOL,
        timeframe,
        int(candles.time[t]),
        float(candles.open[t]),
        float(candles.high[t]),
        float(candles.low[t]),
        float(candles.close[t]),
        1.0,
    )


def first_call_seconds(repeats: int) -> Taken:
    """Median seconds from starting Python to the first candle folded, compiled code on disk."""
    command = [sys.executable, "-c", FIRST_CALL]

    def run() -> None:
        subprocess.run(command, check=True, cwd=PROJECT)

    run()
    return medians([seconds(run) for _ in range(repeats)])


def cold_compile_seconds() -> Taken:
    """The same once, with nothing compiled before."""
    command = [sys.executable, "-c", FIRST_CALL]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        return seconds(lambda: subprocess.run(command, check=True, cwd=PROJECT, env=environment))
