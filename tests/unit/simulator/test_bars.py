"""Aggregation of base candles."""

import numpy as np

from src.simulator.bars import DAY_MS, INTERVALS, MINUTE_MS, Bars, aggregate, empty_bars, join
from src.simulator.synthetic import SyntheticFeed

ORIGIN = 1_767_225_600_000


def some_bars(minutes: int = 2880) -> Bars:
    return SyntheticFeed(["BTCUSDT"], 3, ORIGIN).bars(
        "BTCUSDT", ORIGIN, ORIGIN + minutes * MINUTE_MS
    )


def test_every_interval_holds_exactly_what_its_base_candles_hold() -> None:
    base = some_bars()
    for length in INTERVALS.values():
        whole = aggregate(base, length)
        assert whole.size == 2 * DAY_MS // length
        for index in range(0, whole.size, max(1, whole.size // 7)):
            start = int(whole.time[index])
            inside = base.between(start, start + length)
            assert whole.open[index] == inside.open[0]
            assert whole.high[index] == inside.high.max()
            assert whole.low[index] == inside.low.min()
            assert whole.close[index] == inside.close[-1]
            assert np.isclose(whole.volume[index], inside.volume.sum())


def test_a_bucket_without_trades_is_absent() -> None:
    base = some_bars(60)
    holed = join([base.part(0, 10), base.part(30, 60)])
    assert [int(time - base.time[0]) // MINUTE_MS for time in aggregate(holed, 600_000).time] == [
        0,
        30,
        40,
        50,
    ]


def test_nothing_aggregates_to_nothing() -> None:
    assert aggregate(empty_bars(), INTERVALS["5"]).size == 0
    assert join([]).size == 0
