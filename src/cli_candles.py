"""`flask candles`: the history that backtests run on."""

import re
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.market_choice import MARKETS, settled_market
from src.cli_settings import read_settings
from src.database import StoredSettings, migrate, open_database
from src.domain.candle import SYMBOL_PATTERN, Timeframe
from src.domain.errors import TradingSystemError

if TYPE_CHECKING:
    from src.config import Settings
    from src.database.candle_history import CandleHistory, Span
    from src.exchange.bybit import BybitMarketData

DATE = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
TIMEFRAMES = click.Choice([timeframe.value for timeframe in Timeframe])
GAPS_SHOWN = 10


def timeframe_option(function: Any) -> Any:
    """`--timeframe 5m`."""
    return click.option("--timeframe", type=TIMEFRAMES, default="5m", show_default=True)(function)


def market_option(function: Any) -> Any:
    """`--market bybit|simulator`; without it the market of this installation."""
    return click.option(
        "--market", type=click.Choice(MARKETS), help="Whose candles (default: the market in use)."
    )(function)


def symbol_name(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """A symbol as exchanges write it: under another name nobody could ask for its candles."""
    if not re.fullmatch(SYMBOL_PATTERN, value):
        raise click.BadParameter(
            f"{value!r} is no symbol: write capital letters and digits, as BTCUSDT."
        )
    return value


def milliseconds(moment: datetime) -> int:
    """A date given on the command line as UTC ms."""
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def moment(time: int) -> str:
    """UTC ms as people read it."""
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M}"


def history_of(settings: "Settings", market: str | None) -> "tuple[CandleHistory, str]":
    """The stored history of a market (default: the one in use), and that market's name."""
    from src.database.candle_history import CandleHistory

    migrate(settings.database_url)
    database = open_database(settings.database_url)
    name = market or settled_market(settings.market_data, StoredSettings(database))
    return CandleHistory(database, name), name


@click.group()
def candles() -> None:
    """History to backtest on: download, import, export, coverage."""


@candles.command()
@click.argument("symbols", nargs=-1, required=True)
@click.option("--from", "start", type=DATE, required=True, help="First day, UTC.")
@click.option("--to", "end", type=DATE, help="End, UTC, not included (default: now).")
@timeframe_option
@market_option
def download(
    symbols: tuple[str, ...],
    start: datetime,
    end: datetime | None,
    timeframe: str,
    market: str | None,
) -> None:
    """Fetch what is not stored yet; run again after an interruption, it goes on."""
    from src.backtest.download import download_candles

    settings = read_settings()
    until = milliseconds(end) if end else int(datetime.now(UTC).timestamp() * 1000)
    try:
        history, name = history_of(settings, market)
        with closing(_exchange(settings, name)) as exchange, _progress() as bar:
            for symbol in symbols:
                task = bar.add_task(f"{symbol} {timeframe}", total=None)
                found = download_candles(
                    exchange,
                    history,
                    symbol,
                    Timeframe(timeframe),
                    milliseconds(start),
                    until,
                    lambda told, task=task: bar.update(task, completed=told.done, total=told.total),  # type: ignore[misc]  # mypy does not infer a lambda with a default
                )
                bar.console.print(f"{symbol}: {found.added:,} candles added from {name}.")
                _print_gaps(bar.console, symbol, found.gaps)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None


@candles.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--symbol", callback=symbol_name, required=True, help="Whose candles the file holds.")
@timeframe_option
@market_option
def import_file(file: Path, symbol: str, timeframe: str, market: str | None) -> None:
    """Store the candles of a .csv or .parquet FILE."""
    from src.database.candle_files import read_candle_file

    length = Timeframe(timeframe)
    try:
        history, name = history_of(read_settings(), market)
        columns = read_candle_file(file, length)
        added = history.add(list(columns.candles(symbol, length)))
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{symbol}: {added:,} of {len(columns):,} candles added to the history of {name}.")


@candles.command("export")
@click.argument("symbol")
@click.argument("file", type=click.Path(path_type=Path))
@timeframe_option
@market_option
def export_file(symbol: str, file: Path, timeframe: str, market: str | None) -> None:
    """Write the stored candles of SYMBOL to a .csv or .parquet FILE."""
    from src.database.candle_files import write_candle_file

    try:
        history, name = history_of(read_settings(), market)
        columns = history.load(symbol, Timeframe(timeframe))
        if not len(columns):
            raise click.ClickException(
                f"No {timeframe} candles of {symbol} are stored for {name}: see "
                "`flask candles coverage`."
            )
        write_candle_file(file, columns)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{symbol}: {len(columns):,} candles of {name} written to {file}.")


@candles.command()
@market_option
def coverage(market: str | None) -> None:
    """Print what is stored, and what is missing in it."""
    try:
        history, name = history_of(read_settings(), market)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    table = Table(title=f"History of {name}")
    for heading in ("Symbol", "Candles", "From", "To", "Stored", "Missing"):
        table.add_column(heading, justify="right" if heading in ("Stored", "Missing") else "left")
    for series in history.series():
        table.add_row(
            series.symbol,
            series.timeframe.value,
            moment(series.first),
            moment(series.end),
            f"{series.count:,}",
            f"{series.missing:,}",
        )
    Console().print(table)


def _exchange(settings: "Settings", market: str) -> "BybitMarketData":
    from src.clock import SystemClock
    from src.exchange.bybit import LIVE, BybitMarketData, simulator_environment

    environment = LIVE if market == "bybit" else simulator_environment(settings.simulator_url)
    return BybitMarketData(environment, SystemClock())


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(),
    )


def _print_gaps(console: Console, symbol: str, gaps: "Iterable[Span]") -> None:
    found = list(gaps)
    for gap in found[:GAPS_SHOWN]:
        console.print(f"{symbol}: none from {moment(gap.start)} to {moment(gap.end)}.")
    if len(found) > GAPS_SHOWN:
        console.print(f"{symbol}: {len(found) - GAPS_SHOWN} more gaps.")
