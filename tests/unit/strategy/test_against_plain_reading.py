"""The compiled fold equals a slow, obvious reading of the specification, event by event."""

import os
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays, read_candles
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.plain_reading import plain_events
from tests.unit.strategy.walks import M5, part, walk, walks

COVERED = {
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


def check(candles: CandleArrays, degrees: tuple[int, int], tick: float = 0.0) -> None:
    parameters = StrategyParameters(internal_degree=degrees[0], external_degree=degrees[1])
    found = (event for event in analyse(candles, M5, parameters, tick) if event["kind"] in COVERED)
    expected = plain_events(candles, M5, degrees, tick)
    for ours, theirs in zip_longest(found, expected):
        assert ours == theirs


@given(walks(longest=300))
@settings(max_examples=40, deadline=None)
def test_random_walks_give_the_events_a_brute_force_reading_gives(candles: CandleArrays) -> None:
    check(candles, (2, 6))


@pytest.mark.parametrize("seed", range(3))
def test_the_default_degrees_agree_on_longer_walks(seed: int) -> None:
    check(walk(seed, 1200, amplitude=(1, 6, 40)[seed], missing=0.01), (5, 20), tick=0.5)


@pytest.mark.skipif("CANDLE_DATA_DIR" not in os.environ, reason="no recorded candles here")
@pytest.mark.parametrize(
    ("name", "timeframe", "first"),
    [
        ("bybit_linear_BTCUSDT_5m_2025-09_2026-07", M5, 10_500),
        ("bybit_linear_ETHUSDT_5m_2025-09_2026-07", M5, 47_500),
        ("binance_usdm_BTCUSDT_1m_2025-05_2025-06", Timeframe.M1, 0),
    ],
)
def test_recorded_candles_agree_across_a_clock_change(
    name: str, timeframe: Timeframe, first: int
) -> None:
    path = Path(os.environ["CANDLE_DATA_DIR"]) / f"{name}.csv"
    candles = part(read_candles(path, timeframe), first, first + 1500)
    found = [
        event
        for event in analyse(candles, timeframe, StrategyParameters(), 0.1)
        if event["kind"] in COVERED
    ]
    assert found == plain_events(candles, timeframe, tick=0.1)
