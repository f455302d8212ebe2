"""Risk-adjusted return from daily closing equity. Crypto trades every day: 365 to the year."""

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise

DAYS_PER_YEAR = 365


def daily_returns(opening: float, closes: Sequence[float]) -> list[float]:
    """Fractional change per day. `opening` is the equity before the first of `closes`."""
    return [close / before - 1.0 for before, close in pairwise([opening, *closes])]


def sharpe_ratio(returns: Sequence[float]) -> float | None:
    """Annualised mean over sample standard deviation, risk-free rate zero.

    None where it is not defined: fewer than two returns, or returns that do not vary.
    """
    if len(returns) < 2:
        return None
    return _annualised(statistics.fmean(returns), statistics.stdev(returns))


def sortino_ratio(returns: Sequence[float]) -> float | None:
    """Annualised mean over downside deviation: the root mean square of what fell below zero.

    None where it is not defined: fewer than two returns, or none below zero.
    """
    if len(returns) < 2:
        return None
    downside = math.sqrt(statistics.fmean(min(change, 0.0) ** 2 for change in returns))
    return _annualised(statistics.fmean(returns), downside)


def _annualised(mean: float, deviation: float) -> float | None:
    if deviation < 1e-15:
        return None
    return mean / deviation * math.sqrt(DAYS_PER_YEAR)
