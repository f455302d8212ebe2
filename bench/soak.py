"""`make soak`: many symbols for many hours of market in minutes; memory, threads and sockets shown.

.venv/bin/python -m bench.soak --symbols 20 --hours 8
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from bench.crash.exchange import KEY, SECRET, ExchangeProcess, MarketPlan
from bench.crash.journal import JournalWatch
from bench.crash.trader import TraderProcess, trading_environment
from src.database import migrate

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
STEPS_PER_HOUR = 12
NAMES = (
    "BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "AVAX", "LINK", "LTC", "BNB",
    "DOT", "TRX", "NEAR", "APT", "ARB", "OP", "SUI", "UNI", "ATOM", "FIL",
)  # fmt: skip
_START_SECONDS = 300.0
_STEP_SECONDS = 60.0
_SETTLED_AFTER = 0.25
_MOST_GROWTH = 0.05


@dataclass(frozen=True, slots=True)
class Usage:
    """What the trading process holds, and had sent until then. `resident` in MiB."""

    hours: float
    resident: float
    threads: int
    sockets: int
    files: int
    orders: int


@click.command()
@click.option("--symbols", default=20, show_default=True)
@click.option("--hours", default=8, show_default=True, help="Of market time.")
@click.option("--seed", default=1, show_default=True)
def soak(symbols: int, hours: int, seed: int) -> None:
    """Print the process's use of memory over time; exits with 1 if it grows."""
    names = tuple(f"{name}USDT" for name in NAMES[:symbols])
    with tempfile.TemporaryDirectory() as scratch:
        began = time.monotonic()
        found = run(Path(scratch), MarketPlan(names, START, seed), hours)
        for line in table(found):
            click.echo(line)
        click.echo(f"{symbols} symbols, {hours} h of market in {time.monotonic() - began:.0f} s.")
    complaints = leaks(found)
    if complaints:
        raise click.ClickException(" ".join(complaints))


def run(folder: Path, plan: MarketPlan, hours: int) -> list[Usage]:
    """Follow so many hours of market; one reading an hour, the first when it begins."""
    exchange = ExchangeProcess(folder, plan)
    environment = trading_environment(folder, exchange.url, plan.symbols, KEY, SECRET)
    migrate(environment["DATABASE_URL"])
    journal = JournalWatch(folder / "trading.db")
    trader = TraderProcess(environment)
    try:
        exchange.start()
        trader.start()
        _wait(lambda: journal.running(0) is not None, _START_SECONDS)
        found = [usage(trader.pid, 0.0, journal)]
        for hour in range(1, hours + 1):
            for _ in range(STEPS_PER_HOUR):
                reach(journal, exchange.step().market_time)
            found.append(usage(trader.pid, float(hour), journal))
            if not trader.alive or journal.running(1) is not None:
                raise click.ClickException("the trading process ended or began anew")
        return found
    finally:
        trader.kill()
        exchange.kill()
        journal.close()


def reach(journal: JournalWatch, target: int) -> None:
    """Wait until the candle that closed at `target` (UTC ms) was traded on."""
    _wait(lambda: journal.reached >= target, _STEP_SECONDS)


def usage(pid: int, hours: float, journal: JournalWatch) -> Usage:
    """As the kernel counts it."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    targets = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            targets.append(os.readlink(entry))
        except FileNotFoundError:
            continue
    return Usage(
        hours=hours,
        resident=int(status["VmRSS"].split()[0]) / 1024,
        threads=int(status["Threads"]),
        sockets=sum(target.startswith("socket:") for target in targets),
        files=len(targets),
        orders=journal.number("SELECT count(*) FROM orders"),
    )


def leaks(found: list[Usage]) -> list[str]:
    """Sentences on what grew from the settled beginning to the end; none if nothing did."""
    first = max(1, int(len(found) * _SETTLED_AFTER))
    rest = found[first:]
    part = max(1, len(rest) // 3)
    early = statistics.median(use.resident for use in rest[:part])
    late = statistics.median(use.resident for use in rest[-part:])
    sentences = []
    if late > early * (1 + _MOST_GROWTH):
        sentences.append(f"Memory grew from {early:.1f} to {late:.1f} MiB.")
    for name in ("threads", "sockets"):
        before = max(getattr(use, name) for use in rest[:part])
        after = min(getattr(use, name) for use in rest[-part:])
        if after > before:
            sentences.append(f"There were {before} {name} and are now {after}.")
    return sentences


def table(found: list[Usage]) -> list[str]:
    """Start, quarters and end."""
    lines = [
        "| Market hour | RSS, MiB | Threads | Sockets | Open files | Orders |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    last = len(found) - 1
    for index in sorted({round(last * share / 8) for share in range(9)}):
        use = found[index]
        counts = f"{use.threads} | {use.sockets} | {use.files} | {use.orders}"
        lines.append(f"| {use.hours:.0f} | {use.resident:.1f} | {counts} |")
    return lines


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise click.ClickException("the trading process does not follow the market")
        time.sleep(0.001)


if __name__ == "__main__":
    soak()
