"""Drawdown and risk-adjusted return of an equity curve."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAYS_PER_YEAR = 365
"""Crypto trades every day."""


def drawdowns(equity: ArrayLike) -> NDArray[np.float64]:
    """For each point, the fraction (<= 0) it lies below the highest equity up to it.

    -0.25 is a quarter below the peak; an account that goes below zero gives less than -1. Where
    the peak itself is not above zero there is nothing to lose, and the drawdown is 0.
    """
    values = np.asarray(equity, dtype=np.float64)
    peaks = np.maximum.accumulate(values)
    result = np.zeros_like(values)
    np.divide(values - peaks, peaks, out=result, where=peaks > 0)
    return result


def max_drawdown(equity: ArrayLike) -> float | None:
    """Depth of the deepest drawdown as a fraction (>= 0); None for an empty curve."""
    values = np.asarray(equity, dtype=np.float64)
    return float(-drawdowns(values).min()) + 0.0 if len(values) else None


def daily_returns(
    opening: float, days: Sequence[int], closings: Sequence[float]
) -> NDArray[np.float64]:
    """Return of each UTC day from the mark-to-market equity at its end.

    `days` are day numbers (UTC ms // 86,400,000), rising, and `closings` the last equity known
    on each. The first day is measured from `opening`, the first equity ever known. A day
    without a point keeps the equity of the day before and returns 0. The series ends where the
    equity is no longer above zero: from nothing there is no return.
    """
    if not days:
        return np.empty(0)
    number = np.asarray(days, dtype=np.int64)
    every_day = np.arange(number[0], number[-1] + 1)
    known = np.searchsorted(number, every_day, side="right") - 1
    curve = np.concatenate(([opening], np.asarray(closings, dtype=np.float64)[known]))
    ruined = np.flatnonzero(curve <= 0)
    if len(ruined):
        curve = curve[: ruined[0] + 1]
    result: NDArray[np.float64] = curve[1:] / curve[:-1] - 1.0
    return result


def without_transfers(
    opening: float, closings: Sequence[float], scales: Sequence[float | None]
) -> list[float]:
    """The curve as it would have run without deposits and withdrawals.

    `scales` says for each of the `closings` what transfers since the one before multiplied the
    account with (1.0 without any), None where nothing was there before or nothing stayed: such a
    stretch earned nothing, and the curve goes on with the next money there is. Returns of the
    result are time-weighted returns. Source: C. Bacon, Practical Portfolio Performance
    Measurement, chapter 2.
    """
    curve: list[float] = []
    last, scale, anew = opening, 1.0, False
    for closing, change in zip(closings, scales, strict=True):
        anew = anew or change is None
        if anew and closing > 0 and last > 0:
            scale, anew = closing / last, False
        elif not anew:
            scale *= 1.0 if change is None else change
            last = closing / scale
        curve.append(last)
    return curve


def sharpe_ratio(returns: ArrayLike, periods_per_year: int = DAYS_PER_YEAR) -> float | None:
    """Mean return over its standard deviation (n - 1), times the root of the periods in a year.

    The risk-free rate is taken as zero. None with fewer than two returns or when all are equal.
    """
    values = np.asarray(returns, dtype=np.float64)
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    return _ratio(float(values.mean()), float(values.std(ddof=1)), periods_per_year)


def sortino_ratio(returns: ArrayLike, periods_per_year: int = DAYS_PER_YEAR) -> float | None:
    """Mean return over its downside deviation, times the root of the periods in a year.

    The downside deviation is the root of the mean over *all* returns of min(return, 0) squared,
    so the target is zero. None with fewer than two returns or when none is below zero.
    """
    values = np.asarray(returns, dtype=np.float64)
    if len(values) < 2:
        return None
    downside = np.minimum(values, 0.0)
    return _ratio(
        float(values.mean()), math.sqrt(float(np.square(downside).mean())), periods_per_year
    )


def _ratio(mean: float, deviation: float, periods_per_year: int) -> float | None:
    """The annualised quotient; None where the deviation is too small to be told from zero."""
    if deviation == 0:
        return None
    return mean / deviation * math.sqrt(periods_per_year)
