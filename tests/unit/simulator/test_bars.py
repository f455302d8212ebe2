"""Aggregation of base candles."""

import numpy as np
import pytest

from src.simulator.bars import (
    DAY_MS,
    INTERVALS,
    MINUTE_MS,
    MONTH_MS,
    WEEK_MS,
    Bars,
    aggregate,
    empty_bars,
    following,
    join,
    opening,
)  # fmt: skip
from src.simulator.synthetic import SyntheticFeed

ORIGIN = 1_767_225_600_000


def some_bars(minutes: int = 2880) -> Bars:
    return SyntheticFeed(["BTCUSDT"], 3, ORIGIN).bars(
        "BTCUSDT", ORIGIN, ORIGIN + minutes * MINUTE_MS
    )


def test_every_interval_holds_exactly_what_its_base_candles_hold() -> None:
    base = some_bars()
    for length in (length for length in INTERVALS.values() if length <= DAY_MS):
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


@pytest.mark.parametrize(
    ("length", "moment", "opens", "next_opens"),
    [
        (WEEK_MS, "2026-03-05T12:00", "2026-03-02", "2026-03-09"),
        (WEEK_MS, "2026-03-02T00:00", "2026-03-02", "2026-03-09"),
        (MONTH_MS, "2026-02-28T23:59", "2026-02-01", "2026-03-01"),
        (MONTH_MS, "2026-12-31T00:00", "2026-12-01", "2027-01-01"),
        (DAY_MS, "2026-12-31T05:00", "2026-12-31", "2027-01-01"),
    ],
)
def test_weeks_open_on_monday_and_months_on_the_first(
    length: int, moment: str, opens: str, next_opens: str
) -> None:
    time = utc(moment)
    assert (opening(time, length), following(time, length)) == (utc(opens), utc(next_opens))


def utc(text: str) -> int:
    return int(np.datetime64(text, "ms").astype(np.int64))


def test_a_month_is_made_of_its_own_days() -> None:
    days = aggregate(some_bars(), DAY_MS)
    moved = days._replace(time=np.array([utc("2026-01-31"), utc("2026-02-01")]))
    assert aggregate(moved, MONTH_MS).time.tolist() == [utc("2026-01-01"), utc("2026-02-01")]


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
