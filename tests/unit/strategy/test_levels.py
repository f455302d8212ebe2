"""The ordered levels of zones: what scans for gaps and blocks rely on, after every stretch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.strategy.codes import BREAKER, FVG, IFVG, NOTHING, ORDER_BLOCK
from src.strategy.compiled import Records
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.state import CLOSE
from tests.unit.strategy.walks import M5, walk

EAGER = StrategyParameters(internal_degree=2, external_degree=6, confluence_threshold=20)
FILLED = 3


def zone_levels(fold: Fold, side: int) -> tuple[Records, Records]:
    """Live levels of a side and the zones they belong to."""
    tables, counts = fold.state.tables, fold.state.memory[0]["zone_counts"]
    levels = tables.zone_levels[CLOSE + side, : counts[CLOSE + side]]
    return levels, tables.zones[levels["slot"]]


def highest_so_far(levels: Records, kinds: tuple[int, int]) -> np.ndarray:
    tops = np.where(np.isin(levels["kind"], kinds), levels["top"], -np.inf)
    return np.asarray(np.maximum.accumulate(tops))


@pytest.mark.parametrize("max_age", [0, 40])
@pytest.mark.parametrize("block_end", ["close", "wick"])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_reaches_are_the_highest_tops_up_to_each_level(
    seed: int, max_age: int, block_end: str
) -> None:
    parameters = StrategyParameters(
        internal_degree=2, external_degree=6, confluence_threshold=20, fvg_max_age=max_age,
        block_end=block_end,
    )  # fmt: skip
    fold = Fold(parameters, M5.milliseconds, 0.5, record_events=False)
    for rows in walk(seed, 600).stretches(97):
        fold.feed(rows)
        for side in range(2):
            levels, zones = zone_levels(fold, side)
            assert np.all(np.diff(levels["price"]) >= 0)
            assert np.array_equal(levels["top"], zones["top"])
            assert np.array_equal(levels["gap_reach"], highest_so_far(levels, (FVG, IFVG)))
            assert np.array_equal(
                levels["block_reach"], highest_so_far(levels, (ORDER_BLOCK, BREAKER))
            )


def test_only_filled_gaps_are_forgotten_by_scans() -> None:
    fold, forgotten = Fold(EAGER, M5.milliseconds, 0.5, record_events=False), 0
    for rows in walk(3, 4_000).stretches(97):
        fold.feed(rows)
        for side in range(2):
            levels, zones = zone_levels(fold, side)
            known = levels["kind"] == zones["kind"]
            assert np.all(levels["kind"][~known] == NOTHING)
            assert np.all(np.isin(zones["kind"][~known], (FVG, IFVG)))
            assert np.all(zones["stage"][~known] >= FILLED)
            forgotten += int(np.sum(~known))
    assert forgotten > 0
