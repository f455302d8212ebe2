"""The path inside a candle agrees with the candle."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from src.simulator.bars import MINUTE_MS
from src.simulator.synthetic import SyntheticFeed
from src.simulator.tick_path import TickPaths

ORIGIN = 1_767_225_600_000


@given(minute=st.integers(0, 20_000), seed=st.integers(0, 5))
def test_the_path_starts_at_the_open_hits_both_extremes_and_ends_at_the_close(
    minute: int, seed: int
) -> None:
    feed = SyntheticFeed(["ETHUSDT"], seed, ORIGIN)
    opened = ORIGIN - minute * MINUTE_MS
    bar = feed.bars("ETHUSDT", opened, opened + MINUTE_MS)
    path = TickPaths(feed).of("ETHUSDT", opened)
    assert path is not None
    assert path.size == 60
    assert (path[0], path[-1]) == (bar.open[0], bar.close[0])
    assert (path.min(), path.max()) == (bar.low[0], bar.high[0])


def test_the_path_is_the_same_on_every_call_and_after_a_restart() -> None:
    paths = [
        TickPaths(SyntheticFeed(["BTCUSDT"], 3, ORIGIN)).of("BTCUSDT", ORIGIN) for _ in range(2)
    ]
    assert paths[0] is not None
    assert paths[1] is not None
    assert np.array_equal(paths[0], paths[1])


def test_there_is_no_path_where_there_is_no_candle() -> None:
    feed = SyntheticFeed(["BTCUSDT"], 3, ORIGIN)
    assert TickPaths(feed).of("BTCUSDT", feed.first_time - MINUTE_MS) is None
