"""Measure the strategy and print tables. Nothing is written unless `--out` names a file.

make bench
.venv/bin/python -m bench --candles BTCUSDT.csv --sizes 5000,86000,500000,2000000
"""

import os
import platform
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from bench import peers
from bench.backtests import backtests, sweep
from bench.candles import synthetic_candles, tiled
from bench.strategy import (
    COMPARABLE,
    PARAMETERS,
    TICK,
    WITHOUT_MODELS,
    Taken,
    cold_compile_seconds,
    export_history,
    first_call_seconds,
    fold_history,
    live_microseconds,
    median_seconds,
)
from src.domain.candle import Timeframe
from src.strategy import smart_money_concepts
from src.strategy.candle_arrays import CandleArrays, read_candles

TIMEFRAME = Timeframe.M5
STRATEGY = "this strategy, whole set"
COMPARED = "this strategy, comparable set"
# smartmoneyconcepts advertises itself when it is imported, unless told not to.
os.environ["SMC_CREDIT"] = "0"
# Dictionaries of a longer history take minutes.
LONGEST_EXPORT = 86_000
SWEPT = 100_000
"""Nearly a year of 5-minute candles."""


@click.command()
@click.option("--candles", type=click.Path(path_type=Path), help="A recorded 5m CSV file to tile.")
@click.option("--sizes", default="5000,86000,500000", show_default=True, help="Candles a history.")
@click.option("--peer-sizes", default="5000,50000", show_default=True, help="The same for peers.")
@click.option("--certify-bars", default=1000, show_default=True, help="For the peer's certificate.")
@click.option("--trials", default=200, show_default=True, help="Runs of the sweep; 0: none.")
@click.option("--repeats", default=5, show_default=True)
@click.option("--cold/--no-cold", default=True, help="Also compile everything once from nothing.")
@click.option("--out", type=click.File("w"), default="-", help="Where the tables go.")
def bench(
    candles: Path | None,
    sizes: str,
    peer_sizes: str,
    certify_bars: int,
    trials: int,
    repeats: int,
    cold: bool,
    out: TextIO,
) -> None:
    """Print how fast the strategy is on this machine, and other libraries beside it."""
    histories, compared = _numbers(sizes), _numbers(peer_sizes)
    longest = max(*histories, *compared, 86_000)
    market = (
        tiled(read_candles(candles, TIMEFRAME), longest, TIMEFRAME)
        if candles
        else synthetic_candles(longest, TIMEFRAME)
    )
    for line in report(market, histories, compared, certify_bars, trials, repeats):
        click.echo(line, file=out)
    if cold:
        click.echo(start_line("the same, everything compiled anew", cold_compile_seconds()), out)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def report(
    market: CandleArrays,
    sizes: list[int],
    peer_sizes: list[int],
    certify_bars: int,
    trials: int,
    repeats: int,
) -> Iterator[str]:
    """The lines of every table, as they are measured."""
    yield f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    yield f"{TIMEFRAME.value} candles, medians of {repeats} runs, load {load} as it begins"
    yield "Candles a second of processor time; by the clock in brackets"
    yield from histories(market, sizes, repeats)
    yield from live(market)
    yield start_line("start Python, import, first candle (warm cache)", first_call_seconds(repeats))
    yield from backtests(market.first(max(sizes)), TIMEFRAME, repeats)
    if trials:
        yield from sweep(market.first(SWEPT), TIMEFRAME, trials)
    for size in peer_sizes:
        yield from beside_peers(market.first(size), repeats)
    if smart_money_concepts.is_installed():
        yield from certificates(market.first(certify_bars))


def speed(count: int, taken: Taken) -> str:
    """Candles a second of processor time, by the clock in brackets."""
    return f"{count / taken.processor:,.0f} ({count / taken.wall:,.0f})"


def start_line(what: str, taken: Taken) -> str:
    """Seconds of a program's start."""
    return f"{what:<50}{taken.processor:>10.2f} s of a processor, {taken.wall:.2f} s by the clock"


def histories(market: CandleArrays, sizes: list[int], repeats: int) -> Iterator[str]:
    """Candles a second of a whole history, by its length."""
    yield ""
    names = ("setups only", "every event", "without models", "as dictionaries")
    yield f"{'candles':>10}" + "".join(f"{name:>26}" for name in names)
    per_candle = []
    for size in sizes:
        part = market.first(size)
        works: dict[str, Callable[[], object]] = {
            "setups": partial(fold_history, part, TIMEFRAME, record_events=False),
            "events": partial(fold_history, part, TIMEFRAME, record_events=True),
            "without models": partial(fold_history, part, TIMEFRAME, True, WITHOUT_MODELS),
        }
        if size <= LONGEST_EXPORT:
            works["export"] = partial(export_history, part, TIMEFRAME)
        taken = median_seconds(works, repeats)
        speeds = "".join(f"{speed(size, one):>26}" for one in taken.values())
        yield f"{size:>10,}{speeds}"
        per_candle.append(taken["setups"].processor / size)
    growth = max(per_candle) / per_candle[0]
    yield f"cost of a candle, worst against the shortest history: {growth:.2f} x"


def live(market: CandleArrays) -> Iterator[str]:
    """One candle at a time, from Python."""
    p50, p99, size = live_microseconds(market, TIMEFRAME)
    yield ""
    yield f"{'one live candle after 60 days, p50':<50}{p50:>10.1f} µs"
    yield f"{'one live candle after 60 days, p99':<50}{p99:>10.1f} µs"
    yield f"{'memory of one symbol and timeframe then':<50}{size:>10,} bytes"


def beside_peers(market: CandleArrays, repeats: int) -> Iterator[str]:
    """What the installed libraries have in common with this strategy, and its own speed at it.

    Its comparable set leaves out what they do not have; every event is written.
    """
    works: dict[str, Callable[[], object]] = {
        STRATEGY: partial(fold_history, market, TIMEFRAME, True),
        COMPARED: partial(fold_history, market, TIMEFRAME, True, COMPARABLE),
    }
    works |= {name: partial(work, market) for name, work in peers.installed().items()}
    taken = median_seconds(works, repeats)
    yield ""
    yield f"{f'{len(market):,} candles':<36}{'candles/s':>26}{'times slower':>16}"
    for name, one in taken.items():
        slower = one.processor / taken[COMPARED].processor
        yield f"{name:<36}{speed(len(market), one):>26}{slower:>16,.1f}"
    if len(works) == 2:
        yield "Neither smartmoneyconcepts nor pyvsmc is installed."


def certificates(market: CandleArrays) -> Iterator[str]:
    """How much of its past smartmoneyconcepts rewrites, beside this strategy, at every length."""
    yield ""
    every = range(1, len(market))
    compared = smart_money_concepts.compare(market, TIMEFRAME, PARAMETERS, TICK, every)
    yield from smart_money_concepts.comparison_lines(compared)


if __name__ == "__main__":
    bench()
