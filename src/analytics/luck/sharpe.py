"""How sure a Sharpe ratio is, given its sample and how many were tried before it was chosen."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

EULER_MASCHERONI = 0.5772156649015329
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class DeflatedSharpe:
    """`probability` (0 to 1) that the true Sharpe ratio exceeds what the best of `trials`
    worthless strategies would be expected to show, `benchmark`.

    `sharpe` and `benchmark` are per period, not annualised; `n` counts the returns.
    `probability` is None where it is undefined.
    """

    probability: float | None
    sharpe: float | None
    benchmark: float
    trials: int
    n: int


def probabilistic_sharpe(
    sharpe: float, benchmark: float, n: int, skewness: float, kurtosis: float
) -> float | None:
    """Probability that the true Sharpe ratio exceeds `benchmark`, both per period.

    `kurtosis` is 3 for a normal distribution. None below two returns, or where skew and Sharpe
    ratio leave the estimate no variance. Source: D. Bailey and M. López de Prado, The Sharpe
    Ratio Efficient Frontier, Journal of Risk 15(2), 2012, equation 11.
    """
    variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2
    if n < 2 or variance <= 0:
        return None
    return NORMAL.cdf((sharpe - benchmark) * math.sqrt(n - 1) / math.sqrt(variance))


def expected_best_sharpe(variance_of_sharpes: float, trials: int) -> float:
    """The largest Sharpe ratio to expect of `trials` independent strategies worth nothing.

    `variance_of_sharpes` is that of the ratios tried, in the period of the answer. One trial
    was not chosen among others: 0. Trials that resemble each other count in full, so the answer
    is on the strict side. Source: D. Bailey and M. López de Prado, The Deflated Sharpe Ratio,
    Journal of Portfolio Management 40(5), 2014, equation 1.
    """
    if trials < 2:
        return 0.0
    best = NORMAL.inv_cdf(1.0 - 1.0 / trials)
    next_best = NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    spread = math.sqrt(variance_of_sharpes)
    return spread * ((1.0 - EULER_MASCHERONI) * best + EULER_MASCHERONI * next_best)


def deflated_sharpe(
    returns: ArrayLike, trial_sharpes: ArrayLike, trials: int | None = None
) -> DeflatedSharpe:
    """The probabilistic Sharpe ratio of the chosen `returns` against the best of mere luck.

    `trial_sharpes` are the ratios per period of everything tried, the chosen one included;
    `trials` counts them when more were run than are given. Undefined ratios (NaN) count as
    trials. Source: as `expected_best_sharpe`, equation 2.
    """
    values = np.asarray(returns, dtype=np.float64)
    tried = np.asarray(trial_sharpes, dtype=np.float64)
    count = max(len(tried), trials or 0, 1)
    known = tried[np.isfinite(tried)]
    variance = float(known.var(ddof=1)) if len(known) > 1 else 0.0
    benchmark = expected_best_sharpe(variance, count)
    if len(values) < 2 or np.ptp(values) == 0:
        return DeflatedSharpe(None, None, benchmark, count, len(values))
    sharpe = float(values.mean() / values.std(ddof=1))
    normed = (values - values.mean()) / values.std()
    probability = probabilistic_sharpe(
        sharpe, benchmark, len(values), float((normed**3).mean()), float((normed**4).mean())
    )
    return DeflatedSharpe(probability, sharpe, benchmark, count, len(values))
