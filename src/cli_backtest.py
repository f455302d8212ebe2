"""`flask backtest`: the live strategy and engine over history, printed."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from src.cli_candles import (
    DATE,
    history_of,
    market_option,
    milliseconds,
    timeframe_option,
)
from src.cli_settings import read_settings
from src.cli_strategy import announce_compilation
from src.domain.candle import Timeframe
from src.domain.errors import TradingSystemError

if TYPE_CHECKING:
    from src.backtest.request import BacktestRequest
    from src.backtest.result import BacktestResult
    from src.backtest.runner import Progress as BacktestProgress
    from src.config import Settings

OUTPUT = click.File("w", encoding="utf-8", lazy=True)


@click.command()
@click.argument("symbols", nargs=-1)
@click.option("--candles", multiple=True, metavar="[SYMBOL=]FILE", help="Files, not the database.")
@click.option("--from", "start", type=DATE, help="When trading begins, UTC.")
@click.option("--to", "end", type=DATE, help="When it ends, UTC.")
@click.option("--seed", default=0, show_default=True, help="For everything drawn at random.")
@click.option("--out", type=OUTPUT, help="Also write the report as JSON.")
@timeframe_option
@market_option
def backtest(
    symbols: tuple[str, ...], candles: tuple[str, ...], out: TextIO | None, **options: Any
) -> None:
    """Trade SYMBOLS over the stored history, or over --candles files, with the costs and risk of
    this installation's settings.

    Candles before --from warm the strategy up.
    """
    if bool(symbols) == bool(candles):
        raise click.UsageError("Name SYMBOLS of the stored history, or give --candles files.")
    announce_compilation()
    from src.backtest.report import print_report, report_document

    try:
        result = _run(symbols, candles, options)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
    print_report(result, Console())
    if out is not None:
        json.dump(report_document(result), out, indent=2, allow_nan=False)


def _run(
    symbols: tuple[str, ...], candles: tuple[str, ...], options: dict[str, Any]
) -> "BacktestResult":
    from src.backtest.history import market_of_files, stored_market, symbol_of_file
    from src.backtest.runner import run_backtest

    settings, files = read_settings(), dict(symbol_of_file(word) for word in candles)
    request = request_from(
        settings,
        symbols or tuple(files),
        Timeframe(options["timeframe"]),
        options["start"],
        options["end"],
        options["seed"],
    )
    market = (
        market_of_files(files, request.timeframe)
        if files
        else stored_market(request, history_of(settings, options["market"])[0])
    )
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        transient=True,
        console=Console(stderr=True),
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def report(told: "BacktestProgress") -> None:
            if told.stage not in tasks:
                tasks[told.stage] = bar.add_task(told.stage)
            bar.update(tasks[told.stage], completed=told.done, total=told.total)

        return run_backtest(request, market.candles, market.instruments, report)


def request_from(
    settings: "Settings",
    symbols: tuple[str, ...],
    timeframe: Timeframe,
    start: datetime | None,
    end: datetime | None,
    seed: int,
) -> "BacktestRequest":
    """A request with this installation's account, costs and strategy."""
    from decimal import Decimal

    from src.backtest.request import BacktestRequest
    from src.engine import GuardSettings, RiskSettings
    from src.exchange.paper import TradingCosts
    from src.strategy.parameters import StrategyParameters

    return BacktestRequest(
        symbols=symbols,
        timeframe=timeframe,
        start=None if start is None else milliseconds(start),
        end=None if end is None else milliseconds(end),
        parameters=StrategyParameters(confluence_threshold=settings.confluence_threshold),
        risk=RiskSettings(
            risk_per_trade=settings.risk_per_trade,
            max_positions=settings.max_positions,
            max_leverage=Decimal(settings.max_leverage),
            taker_fee_rate=settings.taker_fee_rate,
            maker_fee_rate=settings.maker_fee_rate,
            slippage_rate=settings.slippage_rate,
        ),
        costs=TradingCosts(
            taker_fee_rate=settings.taker_fee_rate,
            maker_fee_rate=settings.maker_fee_rate,
            slippage_rate=settings.slippage_rate,
        ),
        guards=GuardSettings(**settings.guard_limits),
        smt_pairs=tuple(
            (symbol, peer)
            for symbol, peer in settings.smt_peers.items()
            if symbol in symbols and peer in symbols
        ),
        initial_balance=settings.initial_balance,
        seed=seed,
    )
