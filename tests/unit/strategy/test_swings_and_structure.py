"""Swings, their labels, and the breaks they lead to, on bars small enough to draw."""

from typing import Any

from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import analyse
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, Bar, after_quiet, arrays

SMALL = StrategyParameters(internal_degree=2, external_degree=50)


def found(
    candles: CandleArrays, kind: str, parameters: StrategyParameters = SMALL
) -> list[dict[str, Any]]:
    return [event for event in analyse(candles, M5, parameters) if event["kind"] == kind]


def peaks(*highs: float) -> CandleArrays:
    """Bars of range 1 that close in their middle, with the given highs."""
    return arrays([(high - 0.5, high, high - 1, high - 0.5) for high in highs])


def test_a_swing_high_is_known_only_after_the_bars_to_its_right() -> None:
    swings = found(peaks(10, 11, 13, 12, 11), "swing")
    assert [(s["t"], s["t_origin"], s["dir"], s["price"]) for s in swings] == [(4, 2, 1, 13.0)]
    assert found(peaks(10, 11, 13, 12), "swing") == []


def test_the_first_bar_of_a_plateau_is_the_swing() -> None:
    swings = found(peaks(10, 11, 13, 13, 12, 11, 10), "swing")
    assert [s["t_origin"] for s in swings if s["dir"] == 1] == [2]


def test_an_equal_high_to_the_left_is_no_swing() -> None:
    assert [s["t_origin"] for s in found(peaks(13, 11, 13, 12, 11), "swing")] == []


def test_labels_compare_with_the_previous_swing_of_the_side() -> None:
    zigzag = peaks(5, 6, 9, 6, 5, 6, 10, 6, 5, 6, 10, 6, 4, 6, 8, 6, 5)
    labels = [(s["dir"], s["label"]) for s in found(zigzag, "swing")]
    highs = [label for direction, label in labels if direction == 1]
    lows = [label for direction, label in labels if direction == -1]
    assert highs == [None, "HH", "EH", "LH"]
    assert lows == [None, "EL", "LL"]


def test_the_first_break_is_an_initial_bos_and_only_a_close_breaks() -> None:
    up: list[Bar] = [
        (10, 11, 9, 10),
        (10, 12, 10, 11),
        (11, 14, 11, 12),
        (12, 13, 11, 12),
        (12, 12.5, 11, 12),
        (12, 15, 11.5, 13.9),  # pierces the swing at 14 and closes under it
        (13.9, 14.2, 13, 14.1),
    ]
    breaks = found(arrays(up), "structure")
    assert [(b["t"], b["event"], b["initial"], b["level"]) for b in breaks] == [
        (6, "bos", True, 14.0)
    ]
    assert breaks[0]["protected"] == 11.0
    assert breaks[0]["leg_start"] == 4, "the last of equal lows begins the leg"


def test_with_wick_breaks_piercing_is_enough() -> None:
    up: list[Bar] = [
        (10, 11, 9, 10),
        (10, 12, 10, 11),
        (11, 14, 11, 12),
        (12, 13, 11, 12),
        (12, 12.5, 11, 12),
        (12, 15, 11.5, 13.9),
    ]
    wick = StrategyParameters(internal_degree=2, external_degree=50, break_on="wick")
    assert [b["t"] for b in found(arrays(up), "structure", wick)] == [5]


def turn(last: Bar) -> CandleArrays:
    """A fall that breaks structure down, a swing high at 99, and a last bar."""
    return after_quiet(
        [
            (100, 100.2, 97, 97.2),
            (97.2, 98, 96, 96.4),
            (96.4, 98.4, 96.3, 98),
            (98, 98.5, 97, 97.2),
            (97.2, 97.3, 95, 95.2),  # closes under the swing low at 96
            (95.2, 97, 95.1, 96.8),
            (96.8, 99, 96.6, 97),
            (97, 97.5, 96.5, 96.6),
            (96.6, 97, 95.5, 96),
            last,
        ]
    )


def test_a_break_against_the_trend_is_a_choch_and_with_displacement_an_mss() -> None:
    slow = found(turn((98.9, 99.4, 96.1, 99.2)), "structure")
    quick = found(turn((96, 99.4, 95.9, 99.2)), "structure")
    assert slow[-1]["event"] == quick[-1]["event"] == "choch"
    assert not slow[-1]["mss"]
    assert quick[-1]["mss"]


def test_a_break_soon_after_a_sweep_says_so() -> None:
    last: Bar = (96, 99.4, 94.5, 99.2)  # takes the low at 95 and closes far above
    breaks = found(turn(last), "structure")
    pools = [e for e in found(turn(last), "pool") if e["event"] == "sweep"]
    assert breaks[-1]["after_sweep"] == bool(pools)
