"""Pools of liquidity: sweeps, runs, reclaims, equal levels and finished periods."""

from typing import Any

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import START, Bar, after_quiet, arrays

SMALL = StrategyParameters(internal_degree=2, external_degree=50)
HOUR = Timeframe.H1
# A swing high at 103 on bar 22, known on bar 24.
PEAK: list[Bar] = [
    (100, 101, 100, 101),
    (101, 102, 100.8, 101.5),
    (101.5, 103, 101, 102),
    (102, 102.2, 101, 101.5),
    (101.5, 102, 100.8, 101),
]


def pools(candles: CandleArrays, timeframe: Timeframe = Timeframe.M5) -> list[dict[str, Any]]:
    return [e for e in analyse(candles, timeframe, SMALL) if e["kind"] == "pool"]


def after_peak(*bars: Bar) -> list[tuple[int, str, float]]:
    """What happens to the pool over the peak: bar, event and extreme."""
    events = pools(after_quiet([*PEAK, *bars]))
    identity = next(e["id"] for e in events if e["event"] == "created" and e["price"] == 103)
    return [
        (e["t"], e["event"], e["extreme"]) for e in events if e["id"] == identity and "extreme" in e
    ]


def test_trading_through_and_closing_back_is_a_sweep() -> None:
    assert after_peak((101, 103.5, 101, 102)) == [(25, "sweep", 103.5)]


def test_touching_the_level_takes_nothing() -> None:
    assert after_peak((101, 103, 101, 102)) == []


def test_a_close_beyond_is_a_run_and_a_close_back_within_two_bars_a_reclaim() -> None:
    run: Bar = (101, 103.5, 101, 103.4)
    higher: Bar = (103.4, 104, 103.1, 103.2)
    back: Bar = (103.2, 103.3, 102, 102.5)
    assert after_peak(run, higher, back) == [(25, "run", 103.5), (27, "reclaim", 104.0)]
    assert after_peak(run, higher, higher, back) == [(25, "run", 103.5)]


def test_a_pool_is_taken_once() -> None:
    sweep: Bar = (101, 103.5, 101, 102)
    assert after_peak(sweep, sweep) == [(25, "sweep", 103.5)]


def test_two_nearly_equal_highs_are_one_stronger_pool() -> None:
    again: list[Bar] = [
        (101, 102, 100.8, 101.5),
        (101.5, 102.95, 101, 102),
        (102, 102.2, 101, 101.5),
        (101.5, 102, 100.8, 101),
    ]
    events = pools(after_quiet([*PEAK, *again]))
    equal = [e for e in events if e.get("pool_kind") == "EQ_INT" and e["dir"] == 1]
    assert [(e["t"], e["price"], e["strength"], e["t_origin"]) for e in equal] == [
        (28, 103.0, 2, 22)
    ]


def test_a_finished_day_leaves_its_high_and_low_as_pools() -> None:
    """Stamped on the first bar of the next day, which may already take them."""
    day: list[Bar] = [(100, 101, 99, 100)] * 24
    day[5] = (100, 110, 99, 100)
    day[9] = (100, 101, 90, 100)
    next_day: Bar = (100, 111, 99, 100)
    events = pools(arrays([*day, next_day], START, HOUR), HOUR)
    daily = [e for e in events if e.get("pool_kind") == "PD"]
    assert [(e["t"], e["price"], e["t_origin"], e["dir"], e["partial"]) for e in daily] == [
        (24, 110.0, 5, 1, False),
        (24, 90.0, 9, -1, False),
    ]
    taken = {(e["id"], e["event"], e["t"]) for e in events if e["event"] == "sweep"}
    assert (daily[0]["id"], "sweep", 24) in taken


def test_a_newer_day_supersedes_the_levels_of_the_older_one() -> None:
    days: list[Bar] = [(100, 101, 99, 100)] * 49
    days[3] = (100, 120, 80, 100)
    events = pools(arrays(days, START, HOUR), HOUR)
    first = [e["id"] for e in events if e.get("pool_kind") == "PD" and e["t"] == 24]
    superseded = [e["id"] for e in events if e["event"] == "superseded" and e["t"] == 48]
    assert first == superseded


def test_a_day_cut_off_at_the_start_is_flagged_as_partial() -> None:
    """A history that begins at 13:00 has eleven of twenty-four hours of its first day."""
    start = START + 13 * HOUR.milliseconds
    events = pools(arrays([(100, 101, 99, 100)] * 12, start, HOUR), HOUR)
    assert {e["partial"] for e in events if e.get("pool_kind") == "PD"} == {True}
