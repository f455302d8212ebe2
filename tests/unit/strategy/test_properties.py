"""Properties every output must have: causality, streaming equal to batch, mirror and scale."""

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.compiled import Records
from src.strategy.export import Event, merge_rows
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from src.strategy.snapshot import load_snapshot, take_snapshot
from src.strategy.state import new_state
from src.strategy.whole_fold import WholeRows
from tests.unit.strategy.walks import M5, part, walk, walks

# A low threshold and small degrees, so that short walks arm many setups too.
PARAMETERS = StrategyParameters(internal_degree=2, external_degree=5, confluence_threshold=25)


def fold(parameters: StrategyParameters = PARAMETERS) -> Fold:
    return Fold(parameters, M5.milliseconds, 0.0, record_events=True)


def feed(folded: Fold, candles: CandleArrays, times: Any) -> list[Event]:
    """The events of the next candles, given the times of all candles so far and to come."""
    found = folded.feed(candles.rows())
    return list(merge_rows(WholeRows(found.events, found.setups), times, PARAMETERS, 0.0))


def batch(candles: CandleArrays) -> list[Event]:
    return feed(fold(), candles, candles.time)


@given(walks(longest=150))
@settings(max_examples=10, deadline=None)
def test_no_later_bar_changes_what_an_earlier_one_said(candles: CandleArrays) -> None:
    """Prefix invariance for every length."""
    everything = batch(candles)
    for length in range(len(candles) + 1):
        expected = [event for event in everything if event["t"] < length]
        assert batch(part(candles, 0, length)) == expected


@given(walks(), st.lists(st.integers(1, 60), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_any_chunking_gives_the_same_events_and_the_same_memory(
    candles: CandleArrays, sizes: list[int]
) -> None:
    whole, chunked = fold(), fold()
    expected = feed(whole, candles, candles.time)
    found: list[Event] = []
    first, turn = 0, 0
    while first < len(candles):
        last = first + sizes[turn % len(sizes)]
        found += feed(chunked, part(candles, first, last), candles.time)
        first, turn = last, turn + 1
    assert found == expected
    assert snapshot(chunked) == snapshot(whole)


def snapshot(folded: Fold) -> bytes:
    return take_snapshot(folded.state, "BTCUSDT", "5m", PARAMETERS, 0.0)


@given(walks(), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_restored_snapshot_continues_byte_for_byte(candles: CandleArrays, share: float) -> None:
    cut = int(share * len(candles))
    before, after = part(candles, 0, cut), part(candles, cut)
    uninterrupted = fold()
    feed(uninterrupted, before, candles.time)
    restored = fold()
    restored.state = load_snapshot(
        snapshot(uninterrupted), new_state(M5.milliseconds), "BTCUSDT", "5m", PARAMETERS, 0.0
    )
    assert snapshot(restored) == snapshot(uninterrupted)
    assert feed(restored, after, candles.time) == feed(uninterrupted, after, candles.time)
    assert snapshot(restored) == snapshot(uninterrupted)


def anonymous_events(rows: Records, flip: bool) -> Counter[tuple[Any, ...]]:
    """Event rows without ids, optionally seen in the mirror."""
    sign = -1.0 if flip else 1.0
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        one, two, three, four = (sign * row[f"price_{i}"] for i in (1, 2, 3, 4))
        # Zones are reported with the higher bound first; a pool's third number is its strength.
        pair = (one, two) if row["kind"] in (0, 1, 8) else (max(one, two), min(one, two))
        rest = (sign * three,) if row["kind"] == 8 else (three, four)
        flags = row["flags"] if row["kind"] not in (0,) else 0
        key = (row["t"], row["step"], row["kind"], row["event"], int(sign) * row["dir"], flags)
        found[(*(int(x) for x in key), *(float(x) + 0.0 for x in (*pair, *rest)))] += 1
    return found


SETUP_FACTS = ("event_t", "t", "model", "event", "cancel_reason", "refusals", "entry", "stop",
               "target", "score", "reward")  # fmt: skip


def anonymous_setups(rows: Records, flip: bool) -> Counter[tuple[Any, ...]]:
    """Setup rows by what they are; prices are in the side's own coordinates already."""
    return Counter(
        (int(row["side"]) ^ int(flip), *(float(row[name]) for name in SETUP_FACTS)) for row in rows
    )


@given(walks())
@settings(max_examples=40, deadline=None)
def test_a_mirrored_market_gives_mirrored_events(candles: CandleArrays) -> None:
    """Bears follow the bulls' rules on the negated bars."""
    mirrored = CandleArrays(
        candles.time, -candles.open, -candles.low, -candles.high, -candles.close
    )
    plain, flipped = fold().feed(candles.rows()), fold().feed(mirrored.rows())
    assert anonymous_events(plain.events, False) == anonymous_events(flipped.events, True)
    assert anonymous_setups(plain.setups, False) == anonymous_setups(flipped.setups, True)


@given(walks(), st.sampled_from([-3, 5]))
@settings(max_examples=30, deadline=None)
def test_prices_scaled_by_a_power_of_two_scale_every_output(
    candles: CandleArrays, power: int
) -> None:
    factor = 2.0**power
    scaled = CandleArrays(
        candles.time,
        *(x * factor for x in (candles.open, candles.high, candles.low, candles.close)),
    )
    plain, larger = fold().feed(candles.rows()), fold().feed(scaled.rows())
    assert len(plain.events) == len(larger.events)
    for name in plain.events.dtype.names or ():
        if not name.startswith("price"):
            assert np.array_equal(plain.events[name], larger.events[name])
    pools = plain.events["kind"] == 8
    for name in ("price_1", "price_2", "price_3", "price_4"):
        expected = plain.events[name] * factor
        if name == "price_3":
            expected[pools] = plain.events[name][pools]
        assert np.array_equal(expected, larger.events[name])
    for name in ("entry", "stop", "target"):
        assert np.array_equal(plain.setups[name] * factor, larger.setups[name])
    assert np.array_equal(plain.setups["score"], larger.setups["score"])


def test_memory_grows_only_with_what_is_alive() -> None:
    """Rows of ended objects are used again: fifty thousand candles fit in small tables."""
    folded = Fold(StrategyParameters(), M5.milliseconds, 0.0, record_events=False)
    candles = walk(7, 50_000)
    folded.feed(candles.rows())
    tables = folded.state.tables
    alive = int(folded.state.memory["zone_counts"][0, :2].sum())
    assert len(tables.zones) <= max(256, 4 * (alive + 64))
    assert len(tables.zones) - int(folded.state.memory["free_zones"][0]) == alive


def test_an_hourly_fold_has_no_windows_above_one_hour() -> None:
    """Timeframes above one hour are not flagged and have no session pools."""
    candles = walk(3, 400, timeframe=Timeframe.H2)
    folded = Fold(PARAMETERS, Timeframe.H2.milliseconds, 0.0, record_events=True)
    found = folded.feed(candles.rows())
    pools = found.events[found.events["kind"] == 8]
    assert not (pools["degree"] == 7).any()
    assert int(folded.state.memory["windows"][0]) == 0
