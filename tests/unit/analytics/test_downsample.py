"""Downsampling keeps what a chart must not lose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.analytics.downsample import SMALLEST_EXACT, keep_extremes
from src.analytics.equity import drawdowns

curves = st.lists(st.floats(1.0, 1e6), min_size=1, max_size=300)
sizes = st.integers(2, 60)


@given(curves, sizes)
def test_the_result_is_short_in_order_and_keeps_both_ends(curve: list[float], size: int) -> None:
    kept = keep_extremes(curve, drawdowns(curve), size)
    assert len(kept) <= max(size, 1)
    assert list(kept) == sorted(set(kept))
    assert kept[0] == 0
    assert kept[-1] == len(curve) - 1


@given(curves, st.integers(SMALLEST_EXACT, 60))
def test_extremes_and_the_max_drawdown_stay_exact(curve: list[float], size: int) -> None:
    depths = drawdowns(curve)
    kept = keep_extremes(curve, depths, size)
    values = np.array(curve)[kept]
    assert values.min() == min(curve)
    assert values.max() == max(curve)
    assert depths[kept].min() == depths.min()


def test_most_of_the_room_is_used() -> None:
    curve = 100 + np.random.default_rng(1).standard_normal(1_000).cumsum()
    assert len(keep_extremes(curve, drawdowns(curve), 62)) > 31
    assert len(keep_extremes(curve[:62], drawdowns(curve[:62]), 62)) == 62


@given(curves)
def test_a_curve_that_fits_is_left_alone(curve: list[float]) -> None:
    assert list(keep_extremes(curve, drawdowns(curve), 300)) == list(range(len(curve)))


def test_the_deepest_drawdown_stays_although_it_is_no_extreme_of_its_bucket() -> None:
    """100 → 50 loses half; 200 → 90 loses more, yet 90 is neither lowest nor highest."""
    curve = [100.0, 100.0, 50.0, 200.0, 90.0, 150.0, 160.0]
    kept = keep_extremes(curve, drawdowns(curve), 5)
    assert 4 in kept


@pytest.mark.parametrize(("size", "kept"), [(2, [0, 6]), (3, [0, 4, 6]), (4, [0, 4, 6])])
def test_very_few_points_are_the_ends_and_the_deepest_drawdown(size: int, kept: list[int]) -> None:
    curve = [100.0, 100.0, 50.0, 200.0, 90.0, 150.0, 160.0]
    assert list(keep_extremes(curve, drawdowns(curve), size)) == kept
