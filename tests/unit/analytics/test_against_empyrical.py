"""The ratios are those of empyrical, wherever both define them."""

import math
from collections.abc import Callable

import empyrical
import numpy as np
import pytest
from numpy.typing import NDArray

from src.analytics.equity import max_drawdown, sharpe_ratio, sortino_ratio
from src.analytics.growth import calmar_ratio, compound_annual_growth, omega_ratio

Returns = NDArray[np.float64]
Measure = Callable[[Returns], float | None]

DAYS = 365


def growth(returns: Returns) -> float | None:
    return compound_annual_growth(1.0, float(np.prod(1 + returns)), len(returns))


def depth(returns: Returns) -> float | None:
    return max_drawdown(np.cumprod(np.concatenate(([1.0], 1 + returns))))


def theirs(name: str) -> Callable[[Returns], float]:
    measure = getattr(empyrical, name)
    if name == "max_drawdown":
        return lambda returns: -float(measure(returns))
    if name == "omega_ratio":
        return lambda returns: float(measure(returns))
    return lambda returns: float(measure(returns, annualization=DAYS))


PAIRS: dict[str, Measure] = {
    "sharpe_ratio": sharpe_ratio,
    "sortino_ratio": sortino_ratio,
    "cagr": growth,
    "max_drawdown": depth,
    "omega_ratio": omega_ratio,
    "calmar_ratio": lambda returns: calmar_ratio(growth(returns), depth(returns)),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("seed", range(20))
def test_on_random_series(name: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    returns = generator.standard_t(4, size=int(generator.integers(2, 900))) * 0.01
    expected = theirs(name)(returns)
    actual = PAIRS[name](returns)
    if actual is None:
        assert math.isnan(expected)
    else:
        assert actual == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(
    "returns",
    [
        [0.01, -0.02],
        [-0.01] * 5 + [0.03],
        [0.5, -0.5, 0.5, -0.5],
        [0.0, 0.0, -0.001],
        [1e-9, -1e-9, 2e-9],
    ],
)
def test_on_edges_that_both_define(name: str, returns: list[float]) -> None:
    series = np.array(returns)
    assert PAIRS[name](series) == pytest.approx(theirs(name)(series), rel=1e-6)


@pytest.mark.parametrize("returns", [[], [0.01], [0.01, 0.01, 0.01], [0.01, 0.02]])
def test_what_nothing_can_be_said_of_is_none_and_never_infinite(returns: list[float]) -> None:
    """empyrical answers NaN or infinity where there is no loss, no spread or no second day."""
    series = np.array(returns)
    for name in ("sortino_ratio", "omega_ratio", "calmar_ratio"):
        assert PAIRS[name](series) is None
