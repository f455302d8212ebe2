"""Everything that can be held against a result, gathered for the verdict."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from src.analytics.luck.baselines import Book, random_entries, shuffled_directions
from src.analytics.luck.bootstrap import Interval, interval, means
from src.analytics.luck.brackets import brackets_of
from src.analytics.luck.overfitting import BLOCKS, Overfitting, overfitting
from src.analytics.luck.sharpe import DeflatedSharpe, deflated_sharpe
from src.analytics.luck.verdict import Evidence, Stressed
from src.backtest.result import BacktestResult
from src.backtest.stress import Variant
from src.backtest.trial import Outcome
from src.database.trial_ledger import Tried

FEWEST_DAYS_A_BLOCK = 2
SMALLEST_BLOCKS = 4


def expectancy(outcome: Outcome, seed: int) -> Interval:
    """Mean R a trade with its interval."""
    return interval(outcome.results_in_r, means, seed)


def gather(
    outcome: Outcome,
    result: BacktestResult,
    seed: int,
    tried: Tried | None = None,
    alternatives: Sequence[Outcome] = (),
    stressed: Sequence[tuple[Variant, Outcome]] = (),
) -> Evidence:
    """The evidence for and against `outcome`, whose whole result is `result`.

    `tried` is what the ledger knows of this market, `alternatives` the trials the outcome was
    chosen from, `stressed` its variants. What is not given is not examined, and the verdict
    says so.
    """
    books = books_of(result)
    return Evidence(
        expectancy=expectancy(outcome, seed),
        deflated=None if tried is None else deflated(outcome, tried),
        overfitting=overfit(alternatives),
        chosen_among=max(1, len(_different(alternatives))),
        random_entries=random_entries(books, seed),
        shuffled_directions=shuffled_directions(books, seed),
        stressed=tuple(
            Stressed(variant.name, expectancy(found, seed)) for variant, found in stressed
        ),
    )


def books_of(result: BacktestResult) -> list[Book]:
    """The trades of every symbol with the candles they could have been entered on.

    The candles that warmed the strategy up are left out: no trade could be entered there, and a
    market that went another way then would pass for skill now.
    """
    books: list[Book] = []
    for symbol, candles in result.candles.items():
        first = int(np.searchsorted(candles.time, result.begins_at))
        lived = candles.part(first, len(candles))
        trades = [trade for trade in result.trades if trade.symbol == symbol]
        if trades:
            books.append((brackets_of(trades, lived), lived))
    return books


def deflated(outcome: Outcome, tried: Tried) -> DeflatedSharpe:
    """The Sharpe ratio of an outcome against everything ever tried on its market."""
    return deflated_sharpe(outcome.daily_returns, tried.sharpes, tried.count)


def overfit(alternatives: Sequence[Outcome]) -> Overfitting | None:
    """The probability that choosing among the trials chose luck; None below two that differ.

    Trials must cover the same days; one that was ruined returned nothing on the days after. The
    blocks are sixteen, fewer when there are few days.
    """
    different = _different(alternatives)
    if len(different) < 2:
        return None
    returns = [outcome.daily_returns for outcome in different]
    matrix = np.array(list(zip_longest(*returns, fillvalue=0.0)))
    blocks = min(BLOCKS, len(matrix) // FEWEST_DAYS_A_BLOCK // 2 * 2)
    return overfitting(matrix, blocks) if blocks >= SMALLEST_BLOCKS else None


def _different(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """One outcome of every different trial."""
    return list({outcome.trial.identity(): outcome for outcome in outcomes}.values())
