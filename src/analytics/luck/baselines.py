"""The same trades with the insight taken out: random entries and shuffled directions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.analytics.luck.brackets import Brackets, Numbers, in_r, moves, volatility
from src.analytics.price_history import PriceHistory

DRAWS = 2_000
ALTERNATIVES = 100
"""Random entries that stand by for each trade; every draw takes one of them."""

HOUR_MS = 3_600_000
HOURS = 24

Book = tuple[Brackets, PriceHistory]
"""The trades of one symbol and its candles."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How `observed`, the mean R of `n` trades, stands among `draws` without the insight.

    `mean`, `low` and `high` are the mean and the middle 95 % of those; `p_value` is the share
    of them at least as good as the observed one, itself counted in. None where undefined.
    """

    observed: float | None
    mean: float | None
    low: float | None
    high: float | None
    p_value: float | None
    n: int
    draws: int


def random_entries(books: Sequence[Book], seed: int, draws: int = DRAWS) -> Baseline:
    """Each trade replaced by entries at random bars of the same symbol and hour of the day.

    Direction, costs, and stop and target in multiples of the volatility of the moment stay. So
    what is left of the result is owed to the market and the form of the trades, not to when
    they were entered.
    """
    generator = np.random.default_rng(seed)
    banks = [_alternatives(trades, prices, generator) for trades, prices in books if len(trades)]
    if not banks:
        return _undefined(0)
    bank = np.concatenate(banks)
    observed = float(np.concatenate([trades.result_in_r for trades, _ in books]).mean())
    totals = np.zeros(draws)
    for row in bank:
        totals += row[generator.integers(0, ALTERNATIVES, draws)]
    return _compare(observed, totals / len(bank), len(bank))


def shuffled_directions(books: Sequence[Book], seed: int, draws: int = DRAWS) -> Baseline:
    """The directions dealt anew among the entries of each symbol, as many longs as before.

    Both directions of every entry are followed from the open of the bar after it, so that only
    the label differs; the observed value follows the true labels by the same rules. Undefined
    when all trades of every symbol point one way. Source of the p-value: B. Phipson and G.
    Smyth, Permutation P-values Should Never Be Zero, 2010.
    """
    generator = np.random.default_rng(seed)
    observed, totals, count, mixed = 0.0, np.zeros(draws), 0, False
    for trades, prices in books:
        long = trades.direction > 0
        mixed = mixed or (bool(long.any()) and not bool(long.all()))
        as_long, as_short = (_followed(trades, prices, side) for side in (1, -1))
        observed += float(np.where(long, as_long, as_short).sum())
        count += len(trades)
        for draw in range(draws):
            dealt = generator.permutation(long)
            totals[draw] += float(np.where(dealt, as_long, as_short).sum())
    if not mixed:
        return _undefined(count)
    return _compare(observed / count, totals / count, count)


def _alternatives(
    trades: Brackets, prices: PriceHistory, generator: np.random.Generator
) -> Numbers:
    """Results in R of random entries for each trade, shape (trades, ALTERNATIVES)."""
    hours = prices.time // HOUR_MS % HOURS
    by_hour = [np.flatnonzero(hours == hour) for hour in range(HOURS)]
    chosen = np.stack(
        [generator.choice(by_hour[int(hours[bar])], ALTERNATIVES) for bar in trades.bar]
    )
    level = volatility(prices)
    scale = level[chosen] / level[trades.bar][:, None]
    shape = chosen.shape

    def spread(column: NDArray[np.float64] | NDArray[np.int64]) -> Numbers:
        return np.broadcast_to(column[:, None], shape).astype(np.float64).ravel()

    stop, target = (spread(one) * scale.ravel() for one in (trades.stop, trades.target))
    sides = spread(trades.direction).astype(np.int64)
    move = moves(prices, chosen.ravel(), sides, stop, target)
    return in_r(move, stop, spread(trades.extra_risk), spread(trades.cost)).reshape(shape)


def _followed(trades: Brackets, prices: PriceHistory, side: int) -> Numbers:
    after = np.minimum(trades.bar + 1, len(prices.time) - 1)
    sides = np.full(len(trades), side, dtype=np.int64)
    move = moves(prices, after, sides, trades.stop, trades.target)
    return in_r(move, trades.stop, trades.extra_risk, trades.cost)


def _compare(observed: float, means: Numbers, count: int) -> Baseline:
    low, high = np.quantile(means, [0.025, 0.975])
    # A draw that deals the trades as they were may differ by the order of summation.
    as_good = int((means >= observed - 1e-12).sum())
    return Baseline(
        observed=observed,
        mean=float(means.mean()),
        low=float(low),
        high=float(high),
        p_value=(1 + as_good) / (1 + len(means)),
        n=count,
        draws=len(means),
    )


def _undefined(count: int) -> Baseline:
    return Baseline(None, None, None, None, None, count, 0)
