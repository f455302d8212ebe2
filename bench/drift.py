"""Paper beside Demo on the same candles: the same trades, and how far their prices lie apart.

.venv/bin/python -m bench.drift --days 10
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import click

from bench.crash.exchange import KEY, SECRET, ExchangeProcess, MarketPlan
from bench.crash.journal import JournalWatch
from bench.crash.trader import TraderProcess, trading_environment
from src.database import migrate
from src.domain.candle import DAY_MS

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
STEP_MS = 300_000
_SECONDS = 120.0
_TRADES = "SELECT * FROM paper_trades WHERE status = 'closed' ORDER BY entry_ms, symbol"
_SIGN = {"long": 1, "short": -1}


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One result. `setup` is the signal's name without its environment, the same everywhere."""

    setup: str
    symbol: str
    direction: int
    quantity: Decimal
    entry: Decimal
    exit: Decimal
    reason: str
    fees: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Drift:
    """What Demo got beside paper, basis points of the price; positive is better on Demo."""

    setup: str
    entry: Decimal
    exit: Decimal
    same_end: bool

    @property
    def total(self) -> Decimal:
        """Both ends."""
        return self.entry + self.exit


@click.command()
@click.option("--days", default=10, show_default=True)
@click.option("--symbols", default="BTCUSDT,ETHUSDT,SOLUSDT", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--threshold", default=60.0, show_default=True, help="CONFLUENCE_THRESHOLD of both.")
def drift(days: int, symbols: str, seed: int, threshold: float) -> None:
    """Print each trade's drift, and the trades that only one of the two made."""
    plan = MarketPlan(tuple(symbols.split(",")), START, seed)
    with tempfile.TemporaryDirectory() as scratch:
        paper = traded(Path(scratch) / "paper", plan, "paper", days * DAY_MS, threshold)
        demo = traded(Path(scratch) / "demo", plan, "demo", days * DAY_MS, threshold)
    for line in report(paper, demo):
        click.echo(line)


def traded(
    folder: Path, plan: MarketPlan, mode: str, length: int, threshold: float
) -> dict[str, ClosedTrade]:
    """Every trade that `mode` closed in so many milliseconds of the market, by setup."""
    folder.mkdir(parents=True)
    exchange = ExchangeProcess(folder, plan)
    environment = trading_environment(folder, exchange.url, plan.symbols, KEY, SECRET) | {
        "TRADING_MODE": mode,
        "CONFLUENCE_THRESHOLD": str(threshold),
        "INITIAL_BALANCE": "50000",
    }
    migrate(environment["DATABASE_URL"])
    journal = JournalWatch(folder / "trading.db")
    trader = TraderProcess(environment)
    try:
        exchange.start()
        trader.start()
        _wait(lambda: journal.running(0) is not None)
        for _ in range(length // STEP_MS):
            _traded_on(journal, exchange.step().market_time)
        return {trade.setup: trade for trade in map(_trade, journal.rows(_TRADES))}
    finally:
        trader.kill()
        exchange.kill()
        journal.close()


def _traded_on(journal: JournalWatch, target: int) -> None:
    """Wait until the candle that closed at `target` was traded on and its orders were answered."""
    _wait(lambda: journal.reached >= target and not journal.unsettled)


def compared(paper: Mapping[str, ClosedTrade], demo: Mapping[str, ClosedTrade]) -> list[Drift]:
    """The trades both made."""
    return [
        Drift(
            setup=setup,
            entry=_points(ours.entry, demo[setup].entry) * -ours.direction,
            exit=_points(ours.exit, demo[setup].exit) * ours.direction,
            same_end=ours.reason == demo[setup].reason,
        )
        for setup, ours in paper.items()
        if setup in demo
    ]


def report(paper: Mapping[str, ClosedTrade], demo: Mapping[str, ClosedTrade]) -> list[str]:
    """A line a trade, then what only one made, then the sums."""
    drifts = compared(paper, demo)
    lines = ["| Trade | Entry, bps | Exit, bps | Both, bps | Ended by |", "|---|--:|--:|--:|---|"]
    for each in drifts:
        ours, theirs = paper[each.setup].reason, demo[each.setup].reason
        ended = ours if each.same_end else f"{ours}, on Demo {theirs}"
        lines.append(
            f"| {each.setup} | {each.entry:+z.2f} | {each.exit:+z.2f} | {each.total:+z.2f} "
            f"| {ended} |"
        )
    for name, one, other in (("paper", paper, demo), ("Demo", demo, paper)):
        lines += [f"Only {name} made {setup}." for setup in one.keys() - other.keys()]
    totals = [each.total for each in drifts] or [Decimal(0)]
    nets = [sum((t.net for t in some.values()), Decimal(0)) for some in (paper, demo)]
    fees = [sum((t.fees for t in some.values()), Decimal(0)) for some in (paper, demo)]
    lines.append(
        f"{len(paper)} trades on paper, {len(demo)} on Demo, {len(drifts)} the same; drift a trade "
        f"median {statistics.median(totals):+z.2f}, mean {statistics.mean(totals):+z.2f}, worst "
        f"{min(totals):+z.2f} bps; net {nets[0]:.2f} on paper, {nets[1]:.2f} on Demo; "
        f"fees {fees[0]:.2f} on paper, {fees[1]:.2f} on Demo."
    )
    return lines


def _trade(row: Mapping[str, object]) -> ClosedTrade:
    symbol = str(row["symbol"])
    setup = str(row["signal_id"])
    return ClosedTrade(
        setup=setup[setup.index(symbol) :],
        symbol=symbol,
        direction=_SIGN[str(row["direction"])],
        quantity=Decimal(str(row["quantity_exact"])),
        entry=Decimal(str(row["entry_price_exact"])),
        exit=Decimal(str(row["exit_price_exact"])),
        reason=str(row["exit_reason"]),
        fees=Decimal(str(row["fees"])),
        net=Decimal(str(row["net_pnl"])),
    )


def _points(ours: Decimal, theirs: Decimal) -> Decimal:
    return (theirs - ours) / ours * 10_000


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise click.ClickException("the trading process does not follow the market")
        time.sleep(0.0005)


if __name__ == "__main__":
    drift()
