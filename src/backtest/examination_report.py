"""The examination for a person's terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from src.analytics.luck.baselines import Baseline
from src.analytics.luck.bootstrap import Interval
from src.analytics.luck.verdict import signed
from src.backtest.evidence import expectancy
from src.backtest.examination import Examination
from src.backtest.source_words import trials_counted
from src.backtest.stress import Variant
from src.backtest.trial import Outcome
from src.backtest.walk_forward import WalkForward
from src.database.trial_ledger import TrialEntry
from src.domain.candle import DAY_MS

Row = tuple[str, str, str]


def print_verdict(examination: Examination, console: Console) -> None:
    """The verdict, first and alone on its line."""
    console.print(examination.verdict.sentence, soft_wrap=True, highlight=False)


def print_examination(examination: Examination, source: str, console: Console) -> None:
    """What the verdict rests on, a row each with its n, and which trials count on `source`."""
    evidence = examination.evidence
    rows = [
        ("expectancy, R per trade", _interval(evidence.expectancy), f"{evidence.expectancy.n}"),
        ("Sharpe ratio a year", _interval(examination.sharpe), f"{examination.sharpe.n} days"),
        *_trial_rows(examination),
        *_baseline_row("random entries, R per trade", evidence.random_entries),
        *_baseline_row("shuffled directions, R per trade", evidence.shuffled_directions),
        *variant_rows(examination.variants, examination.seed),
    ]
    if examination.fan is not None:
        worst = examination.fan.depths[-1]
        rows.append(
            ("drawdown in the worst 5 % of resamples", f"{worst.value:.1%}", f"{worst.n} days")
        )
    console.print(_table(("Examined", "Found", "n"), rows))
    console.print(trials_counted(source), soft_wrap=True)


def variant_rows(variants: Iterable[tuple[Variant, Outcome]], seed: int) -> list[Row]:
    """The expectancy of altered runs."""
    rows = []
    for variant, outcome in variants:
        found = expectancy(outcome, seed)
        rows.append((f"{variant.name}, R per trade", _interval(found), str(found.n)))
    return rows


def print_variants(
    variants: Sequence[tuple[Variant, Outcome]], seed: int, console: Console
) -> None:
    """A table of altered runs."""
    console.print(_table(("Altered", "Found", "n"), variant_rows(variants, seed)))


def print_folds(walked: WalkForward, console: Console) -> None:
    """What each fold chose and what became of it."""
    table = Table(show_header=True)
    for heading in ("Tested, days", "Trained, R per trade", "Tested, R per trade", "n"):
        table.add_column(heading)
    for one in walked.folds:
        days = (one.fold.test_end - one.fold.test_start) / DAY_MS
        tested = one.tested
        table.add_row(
            f"{days:.1f}",
            _figure(one.trained),
            _figure(tested),
            "0" if tested is None else str(len(tested.results_in_r)),
        )
    console.print(table)
    shown = "undefined" if walked.efficiency is None else f"{walked.efficiency:.0%}"
    console.print(f"Walk-forward efficiency {shown} (n = {len(walked.folds)} folds).")


def print_trials(entries: Iterable[TrialEntry], console: Console) -> None:
    """What the ledger holds."""
    table = Table(show_header=True)
    for heading in ("Purpose", "Market", "Candles", "Study", "R per trade", "n", "Sharpe a day"):
        table.add_column(heading)
    for entry in entries:
        expected = entry.figures["expectancy_in_r"]["value"]
        table.add_row(
            entry.purpose,
            f"{entry.market.key} {entry.market.timeframe}",
            entry.market.source,
            entry.study[:8],
            "-" if expected is None else signed(expected),
            str(entry.trade_count),
            "-" if entry.daily_sharpe is None else signed(entry.daily_sharpe),
        )
    console.print(table)


def _figure(outcome: Outcome | None) -> str:
    value = None if outcome is None else outcome.expectancy_in_r
    return "-" if value is None else signed(value)


def _trial_rows(examination: Examination) -> list[Row]:
    deflated, overfit = examination.evidence.deflated, examination.evidence.overfitting
    rows = []
    if deflated is not None:
        shown = "-" if deflated.probability is None else f"{deflated.probability:.1%}"
        rows.append(("deflated Sharpe ratio", shown, f"{deflated.trials} trials"))
    if overfit is not None and overfit.probability is not None:
        shown = f"{overfit.probability:.1%}"
        rows.append(("probability of overfitting", shown, f"{overfit.trials} trials"))
    return rows


def _baseline_row(name: str, found: Baseline | None) -> list[Row]:
    if found is None or found.mean is None or found.low is None or found.high is None:
        return []
    between = f"{signed(found.mean)} ({signed(found.low)}…{signed(found.high)})"
    return [(name, f"{between}, p = {found.p_value:.3f}", f"{found.n}")]


def _interval(found: Interval) -> str:
    if found.estimate is None or found.low is None or found.high is None:
        return "-"
    return f"{signed(found.estimate)} ({signed(found.low)}…{signed(found.high)})"


def _table(headings: Sequence[str], rows: Iterable[Row]) -> Table:
    table = Table(show_header=True)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    return table
