"""A fold that had to grow says what one says that had room from the beginning."""

import numpy as np

from src.strategy.candle_arrays import CandleArrays
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.state import (
    State,
    with_larger_pools,
    with_larger_retracements,
    with_larger_zones,
)
from tests.unit.strategy.walks import M5, START

EAGER = StrategyParameters(internal_degree=2, external_degree=6, confluence_threshold=20)
PLENTY = 8192


def rise_and_fall(seed: int, length: int) -> CandleArrays:
    """A long rise that leaves hundreds of zones, pools and legs behind, and the fall through them.

    Both are walks with a drift, on a grid of 0.5.
    """
    rng = np.random.default_rng(seed)
    drift = np.where(np.arange(length) < 0.7 * length, 5, -11)
    closes = 20_000 + np.cumsum(np.rint(rng.normal(drift, 12)).astype(np.int64))
    opens = np.concatenate(([closes[0]], closes[:-1]))
    highs = np.maximum(opens, closes) + rng.integers(0, 6, length)
    lows = np.minimum(opens, closes) - rng.integers(0, 6, length)
    times = START + M5.milliseconds * np.arange(length, dtype=np.int64)
    return CandleArrays(
        times, *(np.asarray(0.5 * x, np.float64) for x in (opens, highs, lows, closes))
    )


def roomy(state: State) -> State:
    return with_larger_retracements(
        with_larger_pools(with_larger_zones(state, PLENTY), PLENTY), PLENTY
    )


def test_growing_tables_lose_nothing_and_change_nothing() -> None:
    rows = rise_and_fall(1, 6_000).rows()
    grown, large = (Fold(EAGER, M5.milliseconds, 0.5, record_events=True) for _ in range(2))
    large.state = roomy(large.state)
    ours, theirs = grown.feed(rows), large.feed(rows)
    tables = grown.state.tables
    assert 256 < len(tables.zones) < PLENTY
    assert 256 < len(tables.pools) < PLENTY
    assert 32 < tables.retracements.shape[2] < PLENTY
    assert ours.events.tobytes() == theirs.events.tobytes()
    assert ours.setups.tobytes() == theirs.setups.tobytes()
    assert len(ours.setups) > 100
