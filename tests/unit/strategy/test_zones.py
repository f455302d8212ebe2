"""Gaps, balanced ranges, order blocks and OTE legs on hand-written bars; the ATR is 1."""

from typing import Any

import pytest

from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, QUIET, Bar, after_quiet, arrays, part

SMALL = StrategyParameters(internal_degree=2, external_degree=50)
RISE: list[Bar] = [(100, 100.5, 99.5, 100), (100, 103, 100, 103), (103, 104, 102.5, 103.5)]


def found(
    candles: CandleArrays, *kinds: str, parameters: StrategyParameters = SMALL
) -> list[dict[str, Any]]:
    return [event for event in analyse(candles, M5, parameters) if event["kind"] in kinds]


def names(events: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(event["t"], event["kind"], event["event"]) for event in events]


def test_a_gap_lies_between_the_first_high_and_the_third_low() -> None:
    (gap,) = found(after_quiet(RISE), "fvg")
    assert (gap["t"], gap["t_origin"], gap["dir"]) == (22, 21, 1)
    assert (gap["bottom"], gap["top"]) == (100.5, 102.5)


def test_a_gap_smaller_than_a_tenth_of_the_atr_is_none() -> None:
    bars: list[Bar] = [QUIET, (100, 101, 100, 101), (101, 101.5, 100.59, 101)]
    assert found(after_quiet(bars), "fvg") == []


def test_a_gap_of_exactly_the_smallest_size_is_one() -> None:
    bars: list[Bar] = [QUIET, (100, 101, 100, 101), (101, 101.5, 100.625, 101)]
    eighth = StrategyParameters(fvg_atr_fraction=0.125)
    assert len(found(after_quiet(bars), "fvg", parameters=eighth)) == 1


def test_no_gap_is_found_before_the_atr_is_known() -> None:
    assert found(after_quiet(RISE, quiet=10), "fvg") == []


@pytest.mark.parametrize("after_a_hole", [21, 22])
def test_no_gap_spans_missing_bars(after_a_hole: int) -> None:
    candles = after_quiet(RISE)
    candles.time[after_a_hole:] += M5.milliseconds
    assert found(candles, "fvg") == []


def test_a_gap_is_touched_halved_filled_and_inverted_in_that_order() -> None:
    bars: list[Bar] = [
        *RISE,
        (103.5, 104, 102.5, 103),  # touches the top
        (103, 103, 101.4, 102),  # passes the middle at 101.5
        (102, 102, 100.5, 101),  # reaches the bottom
        (101, 101, 100, 100.4),  # closes under it
        (100.4, 100.6, 100, 100.2),  # comes back to the gap from below
    ]
    events = [e for e in found(after_quiet(bars), "fvg", "ifvg") if e["id"] == 0]
    assert names(events) == [
        (22, "fvg", "created"),
        (23, "fvg", "touched"),
        (24, "fvg", "ce"),
        (25, "fvg", "filled"),
        (26, "fvg", "inverted"),
        (26, "ifvg", "created"),
        (27, "ifvg", "touched"),
    ]


def test_a_gap_does_not_change_on_the_bar_that_creates_it() -> None:
    assert names(found(after_quiet(RISE), "fvg")) == [(22, "fvg", "created")]


def test_gaps_of_consecutive_bars_share_a_group() -> None:
    higher: list[Bar] = [(103.5, 108, 103.5, 108), (108, 109, 107, 108.5)]
    pause: list[Bar] = [(108.5, 109, 107.5, 108)] * 2
    again: list[Bar] = [(108, 112, 108, 112), (112, 113, 111, 112.5)]
    gaps = found(after_quiet([*RISE, *higher, *pause, *again]), "fvg")
    created = [(event["t"], event["group_id"]) for event in gaps if event["event"] == "created"]
    assert created == [(22, 0), (23, 0), (24, 0), (28, 3)]


def test_an_old_gap_expires_when_asked_to() -> None:
    bars = [*RISE, *[(103.5, 104, 103, 103.5)] * 4]
    short_lived = StrategyParameters(internal_degree=2, fvg_max_age=3)
    events = names(found(after_quiet(bars), "fvg", parameters=short_lived))
    assert events == [(22, "fvg", "created"), (26, "fvg", "expired")]


def test_opposite_gaps_that_overlap_are_a_balanced_range() -> None:
    bars: list[Bar] = [
        *RISE,
        (103.5, 103.6, 103, 103.2),
        (103.2, 103.2, 100, 100.2),
        (100.2, 101.5, 99.8, 101),
    ]
    ranges = found(after_quiet(bars), "bpr")
    assert [(r["t"], r["dir"], r["event"]) for r in ranges] == [(25, -1, "created")]
    assert (ranges[0]["bottom"], ranges[0]["top"]) == (101.5, 102.5)


def order_block_bars() -> list[Bar]:
    """A swing high at 102, a dip whose last down candle is bar 25, then a strong break."""
    return [
        (100, 101, 99.8, 100.8),
        (100.8, 102, 100.5, 101),
        (101, 101.5, 100.2, 100.4),
        (100.4, 100.8, 99.6, 100),
        (100, 100.2, 99, 99.2),
        (99.2, 99.4, 98.6, 98.8),
        (98.8, 102.6, 98.7, 102.5),
    ]


def test_the_last_down_candle_before_the_displacement_is_the_order_block() -> None:
    block = found(after_quiet(order_block_bars()), "ob")[0]
    assert (block["t"], block["t_origin"], block["dir"]) == (26, 25, 1)
    assert (block["top"], block["bottom"], block["open"]) == (99.4, 98.6, 99.2)
    assert block["mt"] == (99.2 + 98.8) / 2
    assert not block["has_fvg"]


@pytest.mark.parametrize(("pause", "expected"), [(9, [25]), (10, [])])
def test_an_order_block_is_at_most_ten_bars_older_than_the_displacement(
    pause: int, expected: list[int]
) -> None:
    """Small up candles between the last down candle, bar 25, and the break."""
    lifts: list[Bar] = [
        (98.8 + 0.1 * i, 99 + 0.1 * i, 98.7 + 0.1 * i, 98.9 + 0.1 * i) for i in range(pause)
    ]
    bars = [*order_block_bars()[:-1], *lifts, (99.8, 102.6, 99.7, 102.5)]
    blocks = found(after_quiet(bars), "ob")
    assert [block["t_origin"] for block in blocks] == expected
    assert names(found(after_quiet(bars), "structure"))[-1][0] == 26 + pause


def test_a_candle_gives_one_order_block_though_two_breaks_of_a_degree_lead_to_it() -> None:
    """Bar 24 sweeps the first high and falls; the rise after it breaks that high and its own."""
    bars: list[Bar] = [
        *order_block_bars()[:4],
        (100, 105, 98.6, 98.8),
        (98.8, 103, 98.7, 102.8),
        (102.8, 103.5, 102, 103),
        (103, 106, 102.9, 105.5),
    ]
    breaks = found(after_quiet(bars), "structure")
    assert [(b["t"], b["level"], b["leg_start"]) for b in breaks] == [
        (25, 102.0, 24),
        (27, 105.0, 24),
    ]
    blocks = [event for event in found(after_quiet(bars), "ob") if event["event"] == "created"]
    assert [(block["t"], block["t_origin"]) for block in blocks] == [(25, 24)]


def test_a_failed_order_block_becomes_a_breaker() -> None:
    bars = [*order_block_bars(), (102.5, 102.6, 99, 99.1), (99.1, 99.2, 98, 98.2)]
    events = names(found(after_quiet(bars), "ob", "breaker"))
    assert events[1:] == [
        (27, "ob", "touched"),
        (27, "ob", "mt_hit"),
        (28, "ob", "invalidated"),
        (28, "breaker", "created"),
    ]


@pytest.mark.parametrize(("low", "ended"), [(98.6, False), (98.5, True)])
def test_a_wick_ends_an_order_block_below_its_bottom_and_not_at_it(low: float, ended: bool) -> None:
    bars: list[Bar] = [*order_block_bars(), (102.5, 102.6, low, 99.1)]
    wick = StrategyParameters(internal_degree=2, external_degree=50, block_end="wick")
    events = names(found(after_quiet(bars), "ob", "breaker", parameters=wick))
    assert ((27, "ob", "invalidated") in events) == ended
    assert ((27, "breaker", "created") in events) == ended
    assert (27, "ob", "mt_hit") in events


def test_an_ote_leg_moves_with_its_high_until_a_deep_retracement_locks_it() -> None:
    bars = [
        *order_block_bars(),
        (102.5, 104.6, 102, 104.5),  # the leg's high becomes 104.6
        (104.5, 104.5, 100.5, 101),  # 62 % of 98.6..104.6 is 100.88
    ]
    created, touched = found(after_quiet(bars), "ote")
    assert (created["t"], created["anchor"]) == (26, 98.6)
    assert touched["t"] == 28
    span = 104.6 - 98.6
    assert touched["top"] == 104.6 - 0.62 * span
    assert touched["bottom"] == 104.6 - 0.79 * span


def test_an_ote_leg_ends_when_its_low_breaks() -> None:
    bars = [*order_block_bars(), (102.5, 103, 98.5, 99)]
    events = found(after_quiet(bars), "ote")
    assert [event["event"] for event in events] == ["created", "touched", "invalidated"]
    assert {event["t"] for event in events[1:]} == {27}


def test_a_later_candle_never_changes_a_zone_of_the_past() -> None:
    candles = after_quiet([*order_block_bars(), (102.5, 104.6, 102, 104.5)])
    whole = found(candles, "fvg", "ob", "ote")
    cut = found(part(candles, 0, 27), "fvg", "ob", "ote")
    assert whole[: len(cut)] == cut


def test_flat_candles_find_nothing() -> None:
    flat = arrays([(100.0, 100.0, 100.0, 100.0)] * 60)
    assert [e for e in analyse(flat, M5, SMALL) if e["kind"] not in ("pool",)] == []
