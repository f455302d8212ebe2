"""`flask backtest`: the live strategy and engine over history, printed."""

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO
from uuid import uuid4

import click
from rich.console import Console

from src.cli_candles import (
    DATE,
    history_of,
    market_option,
    milliseconds,
    timeframe_option,
)
from src.cli_progress import run_progress
from src.cli_settings import read_settings
from src.cli_strategy import announce_compilation
from src.clock import SystemClock
from src.database import TrialLedger, migrate, open_database
from src.database.trial_ledger import ALTERED
from src.domain.candle import Timeframe
from src.domain.errors import TradingSystemError

if TYPE_CHECKING:
    from src.backtest.examination import Examination
    from src.backtest.history import Market
    from src.backtest.request import BacktestRequest
    from src.backtest.result import BacktestResult
    from src.config import Settings

FILES = "Files, not the database; --market says whose candles they hold."
OUTPUT = click.File("w", encoding="utf-8", lazy=True)


LARGEST_SEED = 2**32 - 1


def seed_option(function: Any) -> Any:
    """`--seed 7`."""
    return click.option(
        "--seed",
        type=click.IntRange(0, LARGEST_SEED),
        default=0,
        show_default=True,
        help="For everything drawn at random.",
    )(function)


def set_option(function: Any) -> Any:
    """`--set minimum_reward=2.5`, as often as wanted."""
    return click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="NAME=VALUE",
        help="Another value of a parameter that `flask optimise` may search.",
    )(function)


@click.command()
@click.argument("symbols", nargs=-1)
@click.option("--candles", multiple=True, metavar="[SYMBOL=]FILE", help=FILES)
@click.option("--from", "start", type=DATE, help="When trading begins, UTC.")
@click.option("--to", "end", type=DATE, help="When it ends, UTC.")
@seed_option
@set_option
@click.option("--out", type=OUTPUT, help="Also write the report as JSON.")
@timeframe_option
@market_option
def backtest(
    symbols: tuple[str, ...],
    candles: tuple[str, ...],
    out: TextIO | None,
    **options: Any,
) -> None:
    """Trade SYMBOLS over the stored history, or over --candles files, with the costs and risk of
    this installation's settings.

    Candles before --from warm the strategy up.
    """
    announce_compilation()
    from src.backtest.examination import examination_document
    from src.backtest.examination_report import print_examination, print_verdict
    from src.backtest.report import print_report, report_document

    try:
        result, examination, source = _run(symbols, candles, options)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    console = Console()
    print_verdict(examination, console)
    print_report(result, source, console)
    print_examination(examination, source, console)
    if out is not None:
        document = {
            **report_document(result, source),
            "examination": examination_document(examination),
        }
        json.dump(document, out, indent=2, allow_nan=False)


def _run(
    symbols: tuple[str, ...],
    candles: tuple[str, ...],
    options: dict[str, Any],
) -> "tuple[BacktestResult, Examination, str]":
    """Run, write the trial into the ledger, then hold against it everything tried so far.

    Also tells whose candles were read.
    """
    from src.backtest.examination import examine
    from src.backtest.runner import run_backtest
    from src.backtest.trial import Trial, outcome_of
    from src.backtest.trial_records import TrialRecords
    from src.backtest.workers import open_workers

    settings = read_settings()
    request, market = open_market(settings, symbols, candles, options)
    with run_progress() as report:
        result = run_backtest(request, market.candles, market.instruments, report)
    trial, study = Trial(request), new_study()
    records = TrialRecords(trial_ledger(settings), study, market, SystemClock().now)
    records.keep("backtest", [outcome_of(trial, result)])
    with open_workers(market.candles, market.instruments, processes=1) as workers:
        examination = examine(trial, result, workers, records.tried(request))
    records.keep(ALTERED, [outcome for _, outcome in examination.variants])
    return result, examination, market.source


def trial_ledger(settings: "Settings") -> TrialLedger:
    """The ledger of this installation, its schema up to date."""
    migrate(settings.database_url)
    return TrialLedger(open_database(settings.database_url))


def new_study() -> str:
    """A name for the trials of one command."""
    return uuid4().hex


def open_market(
    settings: "Settings",
    symbols: tuple[str, ...],
    candles: tuple[str, ...],
    options: dict[str, Any],
) -> "tuple[BacktestRequest, Market]":
    """The request that a command's options make, and the candles and rules it needs."""
    from src.backtest.history import market_of_files, stored_market, symbol_of_file
    from src.backtest.search_space import with_assigned
    from src.database.trial_tables import UNKNOWN_SOURCE

    if bool(symbols) == bool(candles):
        raise click.UsageError("Name SYMBOLS of the stored history, or give --candles files.")
    files = dict(symbol_of_file(word) for word in candles)
    request = request_from(
        settings,
        symbols or tuple(files),
        Timeframe(options["timeframe"]),
        options["start"],
        options["end"],
        options["seed"],
    )
    request = replace(request, parameters=with_assigned(request.parameters, options["changes"]))
    market = (
        market_of_files(files, request.timeframe, options["market"] or UNKNOWN_SOURCE)
        if files
        else stored_market(request, history_of(settings, options["market"])[0])
    )
    return request, market


def request_from(
    settings: "Settings",
    symbols: tuple[str, ...],
    timeframe: Timeframe,
    start: datetime | None,
    end: datetime | None,
    seed: int,
) -> "BacktestRequest":
    """A request with this installation's account, costs and strategy."""
    from src import trading_rules
    from src.backtest.request import BacktestRequest

    return BacktestRequest(
        symbols=symbols,
        timeframe=timeframe,
        start=None if start is None else milliseconds(start),
        end=None if end is None else milliseconds(end),
        parameters=trading_rules.strategy_parameters(settings),
        risk=trading_rules.risk_settings(settings),
        costs=trading_rules.trading_costs(settings),
        guards=trading_rules.guard_settings(settings),
        smt_pairs=tuple(
            (symbol, peer)
            for symbol, peer in settings.smt_peers.items()
            if symbol in symbols and peer in symbols
        ),
        initial_balance=settings.initial_balance,
        seed=seed,
    )
