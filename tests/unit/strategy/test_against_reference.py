"""The compiled fold equals, event by event, a brute-force reading of the specification.

The reading in `reference` was written from the specification alone: for each object it looks at
every later bar. Floats are compared exactly, events in the order of the export.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays, read_candles
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.reference.analysis import Rules, expected_events
from tests.unit.strategy.reference.bars import Bars
from tests.unit.strategy.reference.random_bars import Walk, random_bars

COMPARED = {
    "swing",
    "structure",
    "fvg",
    "ifvg",
    "bpr",
    "ob",
    "breaker",
    "mitigation",
    "pool",
    "ote",
}
DEFAULT_DEGREES = (5, 20)
# 00:00 UTC on the days before a turn of the year and before New York's clock changes.
NEW_YEAR = 1_735_516_800_000
SPRING_2026 = 1_772_841_600_000
AUTUMN_2025 = 1_761_955_200_000


def check(bars: Bars, degrees: tuple[int, int] = DEFAULT_DEGREES, tick: float = 0.0) -> None:
    """The first differing pair of events is shown by the assertion."""
    columns = (
        np.array(column, np.float64) for column in (bars.open, bars.high, bars.low, bars.close)
    )
    candles = CandleArrays(np.array(bars.time, np.int64), *columns)
    timeframe = next(name for name in Timeframe if name.milliseconds == bars.step)
    parameters = StrategyParameters(internal_degree=degrees[0], external_degree=degrees[1])
    rules = Rules({"internal": degrees[0], "external": degrees[1]}, tick=tick)
    found = [e for e in analyse(candles, timeframe, parameters, tick) if e["kind"] in COMPARED]
    expected = [event for event in expected_events(bars, rules) if event["kind"] in COMPARED]
    for ours, reference in zip(found, expected, strict=False):
        assert ours == reference
    assert len(found) == len(expected)


@st.composite
def walks(draw: st.DrawFn) -> Bars:
    """From tie-heavy to wild, from one minute to a day a bar, with and without missing bars."""
    step = draw(st.sampled_from(list(Timeframe))).milliseconds
    start = draw(st.integers(1_500_000_000_000 // step, 1_800_000_000_000 // step)) * step
    return random_bars(
        Walk(
            seed=draw(st.integers(0, 2**32 - 1)),
            length=draw(st.integers(1, 400)),
            start=start,
            step=step,
            tick=draw(st.sampled_from((0.01, 0.1, 0.5, 0.37))),
            amplitude=draw(st.sampled_from((1, 2, 5, 40))),
            missing=draw(st.sampled_from((0.0, 0.0, 0.01, 0.1))),
        )
    )


@given(
    walks(),
    st.sampled_from((DEFAULT_DEGREES, (2, 6), (1, 3), (3, 3), (6, 2))),
    st.sampled_from((0.0, 0.5)),
)
@settings(max_examples=100, deadline=None)
def test_random_walks_give_the_events_of_the_specification(
    bars: Bars, degrees: tuple[int, int], tick: float
) -> None:
    check(bars, degrees, tick)


@pytest.mark.parametrize(
    "walk",
    [
        pytest.param(Walk(1, 5_000, NEW_YEAR), id="over the turn of the year"),
        pytest.param(Walk(2, 5_000, SPRING_2026, amplitude=30), id="New York springs forward"),
        pytest.param(Walk(3, 5_000, AUTUMN_2025, amplitude=2), id="New York falls back"),
        pytest.param(Walk(4, 4_000, AUTUMN_2025, tick=0.5, amplitude=1), id="prices mostly tied"),
        pytest.param(Walk(5, 4_000, SPRING_2026, missing=0.01), id="candles missing"),
        pytest.param(Walk(6, 4_000, NEW_YEAR, step=3_600_000), id="half a year of hours"),
        pytest.param(Walk(7, 2_000, NEW_YEAR, step=86_400_000), id="five years of days"),
    ],
)
def test_long_walks_across_days_weeks_months_and_clock_changes_agree(walk: Walk) -> None:
    check(random_bars(walk))


@pytest.mark.parametrize(
    ("recording", "timeframe", "start"),
    [
        ("bybit_linear_BTCUSDT_5m", Timeframe.M5, "2025-10-05"),
        ("bybit_linear_ETHUSDT_5m", Timeframe.M5, "2025-10-05"),
        ("bybit_linear_BTCUSDT_5m", Timeframe.M5, "2025-10-28"),
        ("bybit_linear_ETHUSDT_5m", Timeframe.M5, "2026-03-04"),
        ("binance_usdm_BTCUSDT_1m", Timeframe.M1, "2025-05-31"),
    ],
)
def test_recorded_candles_agree(recording: str, timeframe: Timeframe, start: str) -> None:
    """Three thousand candles: the fall of 10 October 2025, both clock changes, a month's end."""
    folder = os.environ.get("CANDLE_DATA_DIR")
    if not folder:
        pytest.skip("CANDLE_DATA_DIR is not set: there are no recorded candles to read")
    candles = read_candles(next(Path(folder).glob(f"{recording}_*.csv")), timeframe)
    first = int(np.searchsorted(candles.time, np.datetime64(start, "ms").astype(np.int64)))
    part = slice(first, first + 3_000)
    assert len(candles.time[part]) == 3_000
    columns = (candles.open, candles.high, candles.low, candles.close)
    times = candles.time[part].tolist()
    check(Bars(1, timeframe.milliseconds, times, *(column[part].tolist() for column in columns)))
