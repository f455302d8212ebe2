"""What a curve of equity earned, against the time it took and the falls on the way."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from src.analytics.equity import DAYS_PER_YEAR, drawdowns
from src.domain.candle import DAY_MS

Daily = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Day numbers (UTC ms // 86,400,000), rising, and the last equity known on each."""


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall of a curve. `depth` is a fraction of the peak; durations are UTC ms.

    `fall_ms` leads from the peak to the lowest point and `recovery_ms` from there to the first
    equity as high as the peak, None while that has not been seen. `length_ms` is both together,
    or up to the end of the curve.
    """

    depth: float
    length_ms: int
    fall_ms: int
    recovery_ms: int | None


def compound_annual_growth(opening: float, closing: float, days: int) -> float | None:
    """(closing / opening) ** (365 / days) - 1, the constant yearly rate with the same result.

    An account that ends with nothing lost everything: -1. None without a day, without something
    to begin with, or where so short a time makes a rate beyond any float. Source: the usual
    definition, as in C. Bacon, Practical Portfolio Performance Measurement, chapter 2.
    """
    if days < 1 or opening <= 0:
        return None
    if closing <= 0:
        return -1.0
    try:
        return math.expm1(math.log(closing / opening) * DAYS_PER_YEAR / days)
    except OverflowError:
        return None


def calmar_ratio(annual_growth: float | None, max_drawdown: float | None) -> float | None:
    """Yearly growth over the deepest drawdown (both fractions); None without either.

    Source: T. Young, Calmar Ratio: A Smoother Tool, Futures magazine, October 1991; here over
    the whole curve instead of its last 36 months.
    """
    if annual_growth is None or not max_drawdown:
        return None
    return annual_growth / max_drawdown


def omega_ratio(returns: ArrayLike, threshold: float = 0.0) -> float | None:
    """Sum of what lies above the threshold over the sum of what lies below it.

    None with fewer than two returns or when none lies below. Source: C. Keating and
    W. Shadwick, A Universal Performance Measure, 2002, for an empirical distribution.
    """
    excess = np.asarray(returns, dtype=np.float64) - threshold
    below = float(-excess[excess < 0].sum())
    if len(excess) < 2 or below == 0:
        return None
    return float(excess[excess > 0].sum()) / below


def deepest_drawdown(times: ArrayLike, equity: ArrayLike) -> Drawdown | None:
    """The deepest fall from a peak, its length and recovery; None when the curve never fell.

    `times` are UTC ms, rising, of the points of `equity`. The peak is the last time the highest
    equity before the fall was seen.
    """
    moments = np.asarray(times, dtype=np.int64)
    values = np.asarray(equity, dtype=np.float64)
    depths = drawdowns(values)
    if not len(values) or depths.min() == 0:
        return None
    trough = int(depths.argmin())
    height = values[: trough + 1].max()
    peak = int(np.flatnonzero(values[: trough + 1] == height)[-1])
    recovered = np.flatnonzero(values[trough:] >= height)
    end = trough + int(recovered[0]) if len(recovered) else len(values) - 1
    return Drawdown(
        depth=float(-depths[trough]),
        length_ms=int(moments[end] - moments[peak]),
        fall_ms=int(moments[trough] - moments[peak]),
        recovery_ms=int(moments[end] - moments[trough]) if len(recovered) else None,
    )


def daily_closings(times: ArrayLike, equity: ArrayLike) -> Daily:
    """The last equity of every UTC day that has a point; `times` (UTC ms) are rising."""
    days = np.asarray(times, dtype=np.int64) // DAY_MS
    last = np.flatnonzero(np.append(days[1:] != days[:-1], True)) if len(days) else days
    return days[last], np.asarray(equity, dtype=np.float64)[last]


def monthly_returns(times: ArrayLike, equity: ArrayLike) -> dict[str, float | None]:
    """The growth of every UTC month (`2026-01`) that has a point, a fraction; None from nothing.

    `times` (UTC ms) are rising; the first point is the beginning, and a point at midnight belongs
    to the day that ends there. A month without a point is left out.
    """
    moments = np.asarray(times, dtype=np.int64).tolist()
    values = np.asarray(equity, dtype=np.float64).tolist()
    closings = {
        f"{datetime.fromtimestamp((time - 1) / 1000, UTC):%Y-%m}": value
        for time, value in zip(moments[1:], values[1:], strict=True)
    }
    befores = [*values[:1], *closings.values()]
    return {
        month: closing / before - 1 if before > 0 else None
        for (month, closing), before in zip(closings.items(), befores, strict=False)
    }
