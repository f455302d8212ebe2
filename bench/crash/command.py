"""`make crash`: kill the trading process at hundreds of chosen points and compare both books.

.venv/bin/python -m bench.crash --kills 300 --seed 1
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from bench.crash.campaign import Campaign, Kill
from bench.crash.exchange import MarketPlan
from bench.crash.points import names

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
SYMBOLS = "BTCUSDT,ETHUSDT,SOLUSDT,XRPUSDT"


@click.command()
@click.option("--kills", default=300, show_default=True)
@click.option("--seed", default=1, show_default=True, help="Of the market, the points, the faults.")
@click.option("--symbols", default=SYMBOLS, show_default=True)
@click.option("--start", default=START, show_default=True, help="Of the market, UTC ms.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the books here.")
def crash(kills: int, seed: int, symbols: str, start: int, folder: Path | None) -> None:
    """Print the table of points, kills and violations; exits with 1 on any violation."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        found = run(place, MarketPlan(tuple(symbols.split(",")), start, seed), kills)
        click.echo(table(found))
        click.echo(f"{len(found)} kills in {time.monotonic() - began:.0f} s, seed {seed}.")
    if any(kill.violations for kill in found):
        raise SystemExit(1)


def run(folder: Path, plan: MarketPlan, kills: int) -> list[Kill]:
    """So many kills on one account; stops at the first that leaves the books apart."""
    campaign = Campaign(folder, plan)
    found: list[Kill] = []
    try:
        campaign.begin()
        for number in range(1, kills + 1):
            kill = campaign.kill(number)
            found.append(kill)
            click.echo(f"{number:4} {kill.point:36} {kill.steps:4} steps {kill.seconds:6.2f} s")
            for sentence in kill.violations:
                click.echo(f"     VIOLATION {sentence}")
            sys.stdout.flush()
            if kill.violations:
                break
        click.echo(account_line(campaign))
    finally:
        campaign.end()
    return found


def account_line(campaign: Campaign) -> str:
    """How much was traded meanwhile."""
    journal = campaign.journal
    counts = {
        name: journal.number(f"SELECT count(*) FROM {name}")  # noqa: S608 - our own words
        for name in ("orders", "fills", "funding_payments", "paper_trades")
    }
    stored = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    deaths = ", ".join(f"{name} killed {count} times" for name, count in campaign.deaths.items())
    return f"{deaths}; stored meanwhile: {stored}."


def table(found: list[Kill]) -> str:
    """Points, kills, violations, and how long agreement took."""
    kills = Counter(kill.point for kill in found)
    wrong = Counter(kill.point for kill in found for _ in kill.violations)
    lines = [
        "| Point | Kills | Violations | Books agree after, median / longest |",
        "|---|--:|--:|--:|",
    ]
    for name in [*names(), "total"]:
        times = [k.seconds for k in found if name in (k.point, "total")]
        if not times:
            continue
        counted = kills.total() if name == "total" else kills[name]
        failed = wrong.total() if name == "total" else wrong[name]
        spread = f"{statistics.median(times):.2f} s / {max(times):.2f} s"
        lines.append(f"| {name} | {counted} | {failed} | {spread} |")
    return "\n".join(lines)
