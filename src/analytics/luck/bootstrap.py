"""Resampling in blocks: what else the same market could have given.

Results follow each other in moods, so single ones must not be shuffled: whole blocks are drawn,
and what lies beside each other stays beside each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from src.analytics.equity import DAYS_PER_YEAR
from src.analytics.figure import Figure

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Statistic = Callable[[Numbers], Numbers]
"""Samples of shape (draws, n) in, one number a draw out; NaN where it is undefined."""

DRAWS = 2_000
CONFIDENCE = 0.95
CELLS_AT_ONCE = 1_000_000
LARGEST_SHARE = 3
"""A block holds at most a third of the series."""


@dataclass(frozen=True, slots=True)
class Interval:
    """`low` to `high` holds the true value with `confidence`; all None where undefined.

    `n` observations were resampled `draws` times in blocks of `block` on average.
    """

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    n: int
    draws: int
    block: float


def optimal_block(values: ArrayLike) -> float:
    """Mean length of the blocks for the stationary bootstrap of the mean, from the data.

    At least 1 (no dependence), at most a third of the series. Source: D. Politis and H. White,
    Automatic Block-Length Selection for the Dependent Bootstrap, Econometric Reviews 23(1),
    2004, with the correction of A. Patton, D. Politis and H. White, 28(4), 2009.
    """
    series = np.asarray(values, dtype=np.float64)
    n = len(series)
    if n < 4 or np.ptp(series) == 0:
        return 1.0
    centred = series - series.mean()
    insignificant = max(5, int(np.ceil(np.sqrt(np.log10(n)))))
    longest = min(int(np.ceil(np.sqrt(n))) + insignificant, n - 1)
    covariances = np.array([centred[lag:] @ centred[: n - lag] / n for lag in range(longest + 1)])
    significant = np.abs(covariances[1:] / covariances[0]) >= 2 * np.sqrt(np.log10(n) / n)
    bandwidth = min(2 * _lags_that_matter(significant, insignificant), longest)
    if bandwidth == 0:
        return 1.0
    lags = np.arange(1, bandwidth + 1)
    weights = np.minimum(1.0, 2.0 * (1.0 - lags / bandwidth))
    spectrum = covariances[0] + 2.0 * float(weights @ covariances[1 : bandwidth + 1])
    slope = 2.0 * float((weights * lags) @ covariances[1 : bandwidth + 1])
    if spectrum <= 0:
        return 1.0
    best = float(np.cbrt((slope / spectrum) ** 2 * n))
    return float(np.clip(best, 1.0, max(1.0, n / LARGEST_SHARE)))


def _lags_that_matter(significant: NDArray[np.bool_], run: int) -> int:
    """The lag after which `run` lags in a row are insignificant; all of them if there is none."""
    quiet = 0
    for lag, matters in enumerate(significant, start=1):
        quiet = 0 if matters else quiet + 1
        if quiet == run:
            return lag - run
    return len(significant) - quiet


def stationary_indices(n: int, block: float, draws: int, generator: np.random.Generator) -> Indices:
    """Resampled positions, shape (draws, n): blocks of geometric length with mean `block`.

    The series is closed to a ring, so every position is as likely as any other. Source:
    D. Politis and J. Romano, The Stationary Bootstrap, JASA 89(428), 1994.
    """
    fresh = generator.random((draws, n)) < 1.0 / block
    fresh[:, 0] = True
    starts = generator.integers(0, n, (draws, n))
    steps = np.arange(n)
    begun = np.maximum.accumulate(np.where(fresh, steps, 0), axis=1)
    positions: Indices = (np.take_along_axis(starts, begun, axis=1) + steps - begun) % n
    return positions


def resampled(
    values: ArrayLike, statistic: Statistic, seed: int, draws: int = DRAWS
) -> tuple[Numbers, float]:
    """The statistic of `draws` stationary resamples of at least one value, and the mean block."""
    series = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    block = optimal_block(series)
    rows = max(1, CELLS_AT_ONCE // len(series))
    results = []
    for done in range(0, draws, rows):
        positions = stationary_indices(len(series), block, min(rows, draws - done), generator)
        results.append(statistic(series[positions]))
    return np.concatenate(results), block


def interval(
    values: ArrayLike,
    statistic: Statistic,
    seed: int,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Percentile interval of a statistic under the stationary bootstrap.

    Undefined below two values or when the statistic is undefined for them. Source: B. Efron and
    R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    series = np.asarray(values, dtype=np.float64)
    if len(series) < 2:
        return Interval(None, None, None, confidence, len(series), 0, 1.0)
    estimate = float(statistic(series[None, :])[0])
    if not np.isfinite(estimate):
        return Interval(None, None, None, confidence, len(series), 0, 1.0)
    results, block = resampled(series, statistic, seed, draws)
    tail = (1.0 - confidence) / 2.0
    low, high = np.nanquantile(results, [tail, 1.0 - tail])
    return Interval(estimate, float(low), float(high), confidence, len(series), draws, block)


def means(samples: Numbers) -> Numbers:
    """Mean of each sample: of results in R, the expectancy."""
    result: Numbers = samples.mean(axis=1)
    return result


def sharpes(samples: Numbers) -> Numbers:
    """Sharpe ratio a year of each sample of daily returns; NaN where nothing moves."""
    spread = samples.std(axis=1, ddof=1)
    moved = np.ptp(samples, axis=1) > 0
    ratio = np.divide(samples.mean(axis=1), spread, out=np.full(len(samples), np.nan), where=moved)
    result: Numbers = ratio * np.sqrt(DAYS_PER_YEAR)
    return result


def paths(samples: Numbers) -> Numbers:
    """Growth of 1 over each sample of returns, the 1 at the beginning included.

    A return of -1 or less left nothing to grow: the path stays at 0.
    """
    grown = np.cumprod(np.maximum(1.0 + samples, 0.0), axis=1)
    return np.concatenate((np.ones((len(samples), 1)), grown), axis=1)


def deepest_falls(samples: Numbers) -> Numbers:
    """Maximum drawdown (fraction >= 0) of each sample of returns."""
    curves = paths(samples)
    result: Numbers = (1.0 - curves / np.maximum.accumulate(curves, axis=1)).max(axis=1)
    return result


@dataclass(frozen=True, slots=True)
class Fan:
    """Quantiles of resampled equity, shape (probabilities, points), as multiples of the start.

    `days` are the days after the start that the points stand for; `depths` the quantiles of
    the maximum drawdown at the same probabilities, each with the n of daily returns.
    """

    probabilities: tuple[float, ...]
    days: tuple[int, ...]
    curves: Numbers
    depths: tuple[Figure, ...]


FAN = (0.05, 0.25, 0.5, 0.75, 0.95)
FAN_POINTS = 120


def equity_fan(returns: ArrayLike, seed: int, draws: int = DRAWS) -> Fan | None:
    """Where the account could have gone with the same days in other order; None without two."""
    series = np.asarray(returns, dtype=np.float64)
    if len(series) < 2:
        return None
    days = np.unique(np.linspace(0, len(series), FAN_POINTS).round().astype(np.int64))
    levels = []

    def keep(samples: Numbers) -> Numbers:
        levels.append(paths(samples)[:, days])
        return deepest_falls(samples)

    falls, _ = resampled(series, keep, seed, draws)
    depths = np.quantile(falls, FAN)
    return Fan(
        probabilities=FAN,
        days=tuple(days.tolist()),
        curves=np.quantile(np.concatenate(levels), FAN, axis=0),
        depths=tuple(Figure(float(depth), len(series)) for depth in depths),
    )
