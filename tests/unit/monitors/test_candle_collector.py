"""The collector gives every instant once, in order, with all symbols together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle
from src.monitors.candle_collector import CandleCollector, Gap

STEP = Timeframe.M5.milliseconds


def candle(symbol: str, index: int, close: float = 100.0) -> Candle:
    return Candle(symbol, Timeframe.M5, index * STEP, 100.0, 200.0, 50.0, close, 1.0)


def collector() -> CandleCollector:
    newest = {symbol: candle(symbol, 0) for symbol in ("BTC", "ETH")}
    return CandleCollector(("BTC", "ETH"), Timeframe.M5, newest)


def test_a_batch_waits_for_every_symbol_and_comes_in_the_configured_order() -> None:
    collected = collector()
    collected.offer(candle("ETH", 1))
    assert collected.take() == []
    collected.offer(candle("BTC", 1))
    assert [c.symbol for c in collected.take()] == ["BTC", "ETH"]
    assert collected.newest_close == 2 * STEP


def test_an_incomplete_batch_is_given_only_when_asked_for() -> None:
    collected = collector()
    collected.offer(candle("ETH", 1))
    assert [c.symbol for c in collected.take(incomplete=True)] == ["ETH"]


def test_a_repeated_candle_is_ignored_whether_waiting_or_processed() -> None:
    collected = collector()
    assert collected.offer(candle("BTC", 1))
    assert not collected.offer(candle("BTC", 1))
    assert not collected.offer(candle("ETH", 0))


def test_a_candle_that_changed_after_the_fact_is_refused() -> None:
    collected = collector()
    collected.offer(candle("BTC", 1))
    with pytest.raises(InvalidCandle, match="changed a closed candle"):
        collected.offer(candle("BTC", 1, close=101.0))


def test_a_hole_before_a_waiting_candle_is_a_gap() -> None:
    collected = collector()
    collected.offer(candle("BTC", 3))
    assert collected.gaps() == [Gap("BTC", STEP, 3 * STEP)]


def test_laggards_are_the_symbols_that_owe_candles_up_to_an_instant() -> None:
    collected = collector()
    collected.offer(candle("BTC", 1))
    assert collected.laggards(2 * STEP) == [Gap("ETH", STEP, 2 * STEP)]
    assert collected.laggards(STEP) == []


@given(st.permutations([(s, i) for s in ("BTC", "ETH") for i in range(1, 6)]), st.data())
def test_any_order_and_any_repetition_gives_the_same_batches(
    arrivals: list[tuple[str, int]], data: st.DataObject
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(arrivals), max_size=5))
    collected = collector()
    for symbol, index in [*arrivals, *repeated]:
        collected.offer(candle(symbol, index))
    batches = []
    while batch := collected.take():
        batches.append([(c.symbol, c.open_time // STEP) for c in batch])
    assert batches == [[("BTC", i), ("ETH", i)] for i in range(1, 6)]
