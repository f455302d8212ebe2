"""`flask optimise | walk-forward | ablate | trials`: searches that admit what luck can do."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from src.cli_backtest import (
    FILES,
    new_study,
    open_market,
    seed_option,
    set_option,
    trial_ledger,
)
from src.cli_candles import DATE, market_option, moment, timeframe_option
from src.cli_progress import trial_progress
from src.cli_settings import read_settings
from src.cli_strategy import announce_compilation
from src.clock import SystemClock
from src.database.trial_ledger import ALTERED
from src.domain.candle import DAY_MS
from src.domain.errors import TradingSystemError

if TYPE_CHECKING:
    from src.backtest.history import Market
    from src.backtest.sealed import Seal
    from src.backtest.trial import Outcome, Trial
    from src.backtest.trial_records import TrialRecords
    from src.backtest.workers import Workers

SEALED = 0.2


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """A number; ranges let `nan` pass."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number.")
    return value


def _some_processes(_context: click.Context, _option: click.Parameter, value: int) -> int:
    """-1, or at least one."""
    if value == 0:
        raise click.BadParameter("0 processes run nothing; write -1 for one on every core.")
    return value


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Where a scheduler listens; Dask would take any other word for the name of a machine."""
    if value is not None and not re.fullmatch(r"\w+://\S+", value):
        raise click.BadParameter(f"{value!r} is no address: write tcp://HOST:PORT.")
    return value


def _market_options(function: Any) -> Any:
    """What every search may be told about its market and its workers."""
    for option in (
        click.argument("symbols", nargs=-1),
        click.option("--candles", multiple=True, metavar="[SYMBOL=]FILE", help=FILES),
        click.option("--from", "start", type=DATE, help="When trading begins, UTC."),
        click.option("--to", "end", type=DATE, help="When it ends, UTC."),
        seed_option,
        set_option,
        click.option(
            "--processes",
            type=click.IntRange(-1),
            callback=_some_processes,
            default=-1,
            show_default=True,
            help="-1: one for every core.",
        ),
        click.option(
            "--scheduler",
            callback=_address,
            metavar="tcp://…",
            help="Run trials on this Dask cluster.",
        ),
        click.option(
            "--sealed",
            type=click.FloatRange(0.0, 0.9),
            callback=_finite,
            default=SEALED,
            show_default=True,
            help="Last share of the time, kept from the search.",
        ),
        timeframe_option,
        market_option,
    ):
        function = option(function)
    return function


def _search_options(function: Any) -> Any:
    parameters = click.option(
        "--parameter",
        "parameters",
        multiple=True,
        metavar="NAME[=V,V,…]",
        help="What to search, over its declared values or these.",
    )
    trials = click.option("--trials", default=50, show_default=True, help="How many to run.")
    return parameters(trials(function))


@click.command()
@_search_options
@click.option("--open-sealed", is_flag=True, help="Run the best on the sealed segment, once.")
@_market_options
def optimise(parameters: tuple[str, ...], trials: int, open_sealed: bool, **options: Any) -> None:
    """Search parameters on SYMBOLS, then examine the best as the best of so many."""
    with _laboratory(options) as lab:
        if open_sealed:
            lab.seal.refuse_opened()
        from src.backtest.examination import examine
        from src.backtest.examination_report import (
            print_examination,
            print_variants,
            print_verdict,
        )
        from src.backtest.optimiser import Search
        from src.backtest.optimiser import optimise as run_search
        from src.backtest.search_space import search_space
        from src.backtest.stress import parameter_neighbours
        from src.backtest.trial import run_trial

        space = search_space(parameters, options["changes"])
        search = Search(space, trials, options["seed"])
        with trial_progress(lab.workers, "search", trials) as workers:
            found = run_search(lab.trial, search, workers, lab.keep("optimise"))
        if found.best is None:
            raise click.ClickException(
                "No trial closed 30 trades: take a longer time or a lower threshold."
            )
        best = found.best.trial
        result = run_trial(best, lab.market.candles, lab.market.instruments)
        tried = lab.records.tried(best.request)
        examination = examine(best, result, lab.workers, tried, found.outcomes)
        near = parameter_neighbours(best, space)
        neighbours = list(zip(near, lab.workers.run([one.trial for one in near]), strict=True))
        lab.keep(ALTERED)([outcome for _, outcome in (*examination.variants, *neighbours)])
        print_verdict(examination, lab.console)
        chosen = ", ".join(
            f"{one.name} {getattr(best.request.parameters, one.name)}" for one in space
        )
        different = len({one.trial.identity() for one in found.outcomes})
        lab.console.print(f"Best of {different} different trials: {chosen}.", soft_wrap=True)
        print_examination(examination, lab.market.source, lab.console)
        print_variants(neighbours, options["seed"], lab.console)
        if open_sealed:
            lab.open_sealed(best)


@click.command("walk-forward")
@_search_options
@click.option("--folds", default=4, show_default=True, help="How often to test.")
@click.option(
    "--embargo-days",
    default=1.0,
    callback=_finite,
    show_default=True,
    help="Left out before each test.",
)
@click.option("--anchored", is_flag=True, help="Train on everything before, not the part before.")
@_market_options
def walk_forward(
    parameters: tuple[str, ...],
    trials: int,
    folds: int,
    embargo_days: float,
    anchored: bool,
    **options: Any,
) -> None:
    """Search on one part of the time and trade the best of it on the next, again and again."""
    with _laboratory(options) as lab:
        from src.analytics.luck.bootstrap import interval, means
        from src.analytics.luck.verdict import Evidence, verdict
        from src.backtest.examination_report import print_folds
        from src.backtest.optimiser import Search
        from src.backtest.search_space import search_space
        from src.backtest.walk_forward import make_folds
        from src.backtest.walk_forward import walk_forward as walk

        cut = make_folds(lab.begins_at, lab.ends_at, folds, round(embargo_days * DAY_MS), anchored)
        space = search_space(parameters, options["changes"])
        search = Search(space, trials, options["seed"])
        with trial_progress(lab.workers, "walk-forward", folds * (trials + 1)) as workers:
            walked = walk(lab.trial, cut, search, workers, lab.keep("walk_forward"))
        outside = interval(walked.results_in_r, means, options["seed"])
        lab.console.print(
            f"Outside the training: {verdict(Evidence(outside)).sentence}", soft_wrap=True
        )
        print_folds(walked, lab.console)
        lab.print_what_was_read()


@click.command()
@_market_options
def ablate(**options: Any) -> None:
    """Run SYMBOLS with one component of the confluence score after the other missing."""
    with _laboratory(options) as lab:
        from src.backtest.examination_report import print_variants
        from src.backtest.stress import Variant, ablations

        variants = [Variant("everything", lab.trial), *ablations(lab.trial)]
        with trial_progress(lab.workers, "ablation", len(variants)) as workers:
            outcomes = workers.run([variant.trial for variant in variants])
        lab.keep("backtest")(outcomes[:1])
        lab.keep(ALTERED)(outcomes[1:])
        found = list(zip(variants, outcomes, strict=True))
        print_variants(found, options["seed"], lab.console)
        lab.print_what_was_read()


@click.command()
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many, newest first.",
)
def trials(limit: int) -> None:
    """List the newest trials in the ledger; nothing ever leaves it."""
    from src.backtest.examination_report import print_trials

    print_trials(trial_ledger(read_settings()).latest(limit), Console())


@dataclass(frozen=True, slots=True)
class _Laboratory:
    """What a search works with. `trial` ends where the sealed segment begins."""

    trial: "Trial"
    market: "Market"
    workers: "Workers"
    records: "TrialRecords"
    seal: "Seal"
    console: Console

    @property
    def begins_at(self) -> int:
        """When trading may begin, UTC ms."""
        from src.backtest.sealed import span

        return span(self.trial.request, self.market.candles)[0]

    @property
    def ends_at(self) -> int:
        """Where the sealed segment begins, UTC ms."""
        return self.seal.segment.begins_at

    def keep(self, purpose: str) -> "Callable[[Sequence[Outcome]], None]":
        """Writes outcomes into the ledger."""
        return lambda outcomes: self.records.keep(purpose, outcomes)

    def print_what_was_read(self) -> None:
        """Whose candles, and up to where."""
        from src.backtest.source_words import candles_of

        kept = "" if self.seal.is_empty else f"; from {moment(self.ends_at)} UTC on they are sealed"
        self.console.print(f"Read were {candles_of(self.market.source)}{kept}.", soft_wrap=True)

    def open_sealed(self, best: "Trial") -> None:
        """Trade the sealed segment once, write that down, and only then show it."""
        from src.backtest.examination_report import print_variants
        from src.backtest.source_words import candles_of
        from src.backtest.stress import Variant

        opened = self.seal.open(best, self.workers)
        self.console.print(
            f"Sealed segment of {candles_of(self.market.source)} from {moment(self.ends_at)} UTC, "
            f"opened once; {opened.earlier_readers} earlier "
            f"trial{'' if opened.earlier_readers == 1 else 's'} of other commands may have read "
            "some of it:",
            soft_wrap=True,
        )
        found = [(Variant("sealed segment", opened.outcome.trial), opened.outcome)]
        print_variants(found, best.request.seed, self.console)


@contextmanager
def _laboratory(options: dict[str, Any]) -> Iterator[_Laboratory]:
    """Candles, workers and the ledger of one command; errors become its last sentence."""
    announce_compilation()
    try:
        from src.backtest.sealed import seal
        from src.backtest.trial import Trial
        from src.backtest.trial_records import TrialRecords
        from src.backtest.workers import open_workers

        settings, console = read_settings(), Console()
        request, market = open_market(settings, options["symbols"], options["candles"], options)
        ledger = trial_ledger(settings)
        records = TrialRecords(ledger, new_study(), market, SystemClock().now)
        kept = seal(request, market.candles, options["sealed"], records)
        trial = Trial(replace(request, end=kept.segment.begins_at))
        with open_workers(
            market.candles, market.instruments, options["processes"], options["scheduler"]
        ) as workers:
            yield _Laboratory(trial, market, workers, records, kept, console)
    except TradingSystemError as wrong:
        raise click.ClickException(str(wrong)) from None
