"""The price-to-fill function alone: ict-spec section 14 on single bars."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.exchange.paper.matching import Bar, ExitMatch, Hit, match_exit, match_limit, match_stop

NONE, AT_OPEN, AT_LEVEL = Hit.NONE, Hit.AT_OPEN, Hit.AT_LEVEL

# Halves are exact in binary, so mirrored comparisons are too.
PRICES = st.integers(min_value=160, max_value=240).map(lambda halves: halves / 2)


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    opened, first, second = draw(PRICES), draw(PRICES), draw(PRICES)
    return Bar.of_last(opened, max(opened, first, second), min(opened, first, second))


def mirror(bar: Bar) -> Bar:
    return Bar.of_last(-bar.open, -bar.low, -bar.high)


@pytest.mark.parametrize(
    ("bar", "hit"),
    [
        pytest.param(Bar.of_last(102, 103, 101), NONE, id="price stays above"),
        pytest.param(Bar.of_last(102, 103, 100), NONE, id="a touch is not enough"),
        pytest.param(Bar.of_last(102, 103, 99.9), AT_LEVEL, id="traded through"),
        pytest.param(Bar.of_last(99, 103, 98), AT_OPEN, id="opened beyond"),
        pytest.param(Bar.of_last(100, 103, 100), NONE, id="opened exactly there"),
        pytest.param(Bar.of_last(100, 103, 99.9), AT_LEVEL, id="opened there, then through"),
    ],
)
def test_a_buy_limit_at_100_needs_trade_through(bar: Bar, hit: Hit) -> None:
    assert match_limit(1, 100, bar) is hit


@pytest.mark.parametrize(
    ("bar", "hit"),
    [
        pytest.param(Bar.of_last(100, 101, 95.1), NONE, id="price stays above"),
        pytest.param(Bar.of_last(100, 101, 95), AT_LEVEL, id="a touch is enough"),
        pytest.param(Bar.of_last(94, 101, 93), AT_OPEN, id="opened beyond"),
        pytest.param(Bar.of_last(95, 101, 95), AT_OPEN, id="opened exactly there"),
    ],
)
def test_the_stop_of_a_long_at_95_fires_on_touch(bar: Bar, hit: Hit) -> None:
    assert match_stop(1, 95, bar) is hit


@pytest.mark.parametrize(
    ("bar", "is_fill_bar", "match"),
    [
        pytest.param(Bar.of_last(100, 109, 96), False, (NONE, NONE, False), id="neither"),
        pytest.param(Bar.of_last(100, 110.5, 96), False, (NONE, AT_LEVEL, False), id="target"),
        pytest.param(Bar.of_last(100, 110, 96), False, (NONE, NONE, False), id="target touched"),
        pytest.param(Bar.of_last(100, 109, 95), False, (AT_LEVEL, NONE, False), id="stop"),
        pytest.param(Bar.of_last(100, 111, 94), False, (AT_LEVEL, NONE, True), id="both: stop"),
        pytest.param(Bar.of_last(94, 111, 93), False, (AT_OPEN, NONE, False), id="gap to stop"),
        pytest.param(Bar.of_last(112, 113, 94), False, (NONE, AT_OPEN, False), id="gap to target"),
        pytest.param(
            Bar.of_last(100, 111, 96), True, (NONE, NONE, False), id="fill bar: no target"
        ),
        pytest.param(Bar.of_last(112, 113, 96), True, (NONE, NONE, False), id="nor by a gap"),
        pytest.param(Bar.of_last(100, 111, 94), True, (AT_LEVEL, NONE, True), id="fill bar: both"),
        pytest.param(Bar.of_last(100, 101, 94), True, (AT_LEVEL, NONE, False), id="fill bar: stop"),
    ],
)
def test_exits_of_a_long_with_stop_95_and_target_110(
    bar: Bar, is_fill_bar: bool, match: tuple[Hit, Hit, bool]
) -> None:
    assert match_exit(1, 95, 110, bar, is_fill_bar) == ExitMatch(*match)


@settings(deadline=None)
@given(bars(), PRICES, PRICES, st.booleans())
def test_a_short_is_a_long_upside_down(
    bar: Bar, stop: float, target: float, is_fill_bar: bool
) -> None:
    long = match_exit(1, stop, target, bar, is_fill_bar)
    assert match_exit(-1, -stop, -target, mirror(bar), is_fill_bar) == long
    assert match_limit(-1, -stop, mirror(bar)) is match_limit(1, stop, bar)


@settings(deadline=None)
@given(bars(), PRICES, PRICES, st.booleans())
def test_a_position_leaves_at_most_once(
    bar: Bar, stop: float, target: float, is_fill_bar: bool
) -> None:
    match = match_exit(1, stop, target, bar, is_fill_bar)
    assert NONE in (match.stop, match.target)
    assert match.stop is not NONE or not match.ambiguous


def test_a_bar_without_stops_fires_none_but_reaches_targets() -> None:
    bar = Bar.without_stops(100, 111, 90)
    assert match_exit(1, 95, 110, bar, False) == ExitMatch(NONE, AT_LEVEL, False)
    assert math.isnan(bar.trigger_low)
