"""Commands that read a file of candles and need neither settings nor a database."""

import os
from pathlib import Path
from typing import TextIO

import click

from src.domain.errors import TradingSystemError

CANDLES = click.argument("candles", type=click.Path(path_type=Path))
TIMEFRAME = click.option("--timeframe", default="5m", show_default=True, help="Candle length.")
SMT = click.option(
    "--smt",
    type=click.Path(path_type=Path),
    metavar="OTHER.csv",
    help="Candles of a second symbol, for SMT divergence.",
)
TICK = click.option(
    "--tick", type=click.FloatRange(min=0), default=0.0, help="Smallest price step (0: unknown)."
)
ADDED = click.option(
    "--with",
    "added",
    multiple=True,
    metavar="NAME",
    help="Also run this added detector or entry model; may be repeated.",
)
# Opened at the first write, so that wrong candles leave no file behind.
OUTPUT = click.File("w", encoding="utf-8", lazy=True)


@click.command()
@CANDLES
@TIMEFRAME
@SMT
@TICK
@ADDED
@click.option("--out", type=OUTPUT, default="-", help="Where the events go (default: printed).")
@click.option("--bars", type=OUTPUT, help="Also write the state at every close, as CSV.")
def analyze(
    candles: Path,
    timeframe: str,
    smt: Path | None,
    tick: float,
    added: tuple[str, ...],
    out: TextIO,
    bars: TextIO | None,
) -> None:
    """Write every event the strategy finds in CANDLES.csv, one JSON object a line.

    The file begins with the line timestamp,open,high,low,close,volume; a timestamp is the open
    time in UTC milliseconds.
    """
    from src.strategy.analyze import Analysis, write_bars, write_events
    from src.strategy.parameters import with_additions

    analysis = Analysis(candles, timeframe, smt, tick)
    announce_compilation()
    try:
        events = write_events(analysis, out, with_additions(added))
        rows = write_bars(analysis, bars) if bars else None
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{events:,} events{'' if rows is None else f', {rows:,} bars'}", err=True)


@click.command()
@CANDLES
@TIMEFRAME
@SMT
@TICK
@click.option("--bars", type=click.IntRange(min=1), help="Only the first N candles.")
def certify(candles: Path, timeframe: str, smt: Path | None, tick: float, bars: int | None) -> None:
    """Replay CANDLES.csv in several ways and count the readings that a later bar rewrote.

    Every registered detector and entry model takes part. Where smartmoneyconcepts is installed, a
    stretch of the same candles shows how much that library rewrites. Ends with exit code 1 unless
    this strategy rewrote nothing.
    """
    from src.strategy import smart_money_concepts
    from src.strategy.additions import DETECTORS, ENTRY_MODELS
    from src.strategy.analyze import timeframe_named
    from src.strategy.candle_arrays import read_candles
    from src.strategy.certificate import certificate_lines
    from src.strategy.certificate import certify as certify_candles
    from src.strategy.parameters import with_additions

    try:
        length = timeframe_named(timeframe)
        series = read_candles(candles, length).first(bars)
        peer = read_candles(smt, length) if smt else None
        announce_compilation()
        parameters = with_additions((*DETECTORS, *ENTRY_MODELS))
        certificate = certify_candles(series, length, parameters, tick, peer)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    for line in certificate_lines(certificate):
        click.echo(line)
    if smart_money_concepts.is_installed():
        # It advertises itself when it is imported, unless told not to.
        os.environ["SMC_CREDIT"] = "0"
        click.echo("")
        compared = smart_money_concepts.compare(series, length, parameters, tick)
        for line in smart_money_concepts.comparison_lines(compared):
            click.echo(line)
    if certificate.rewritten:
        raise SystemExit(1)


def announce_compilation() -> None:
    """Say why nothing happens for a while, when no compiled strategy of this version is on disk."""
    if not Path(os.environ["NUMBA_CACHE_DIR"]).is_dir():
        click.echo("Compiling the strategy, once per version; this takes minutes.", err=True)
