"""Quality, streaks, time in the market and costs of closed trades."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.analytics.trade_measures import (
    average_holding,
    longest_streak,
    share_of_gross_profit,
    system_quality_number,
    time_in_market,
    turnover,
    win_rate,
)
from tests.unit.analytics.trades_of import HOUR, columns

spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 20)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=20,
)


def test_the_system_quality_number_counts_at_most_a_hundred_trades() -> None:
    assert system_quality_number([1.0, 2.0, 3.0]) == pytest.approx(2 * 3**0.5)
    many = [1.0, 2.0, 3.0, 2.0] * 100
    expected = 2.0 / np.std(many, ddof=1) * 10
    assert system_quality_number(many) == pytest.approx(expected)


def test_the_system_quality_number_needs_a_spread() -> None:
    assert system_quality_number([1.0, 3.0]) == pytest.approx(2.0)
    assert system_quality_number([1.0]) is None
    assert system_quality_number([0.5, 0.5]) is None


def test_the_longest_streak_may_stand_anywhere() -> None:
    assert longest_streak([True, True, False, True]) == 2
    assert longest_streak([False, True, True, True]) == 3
    assert longest_streak([False]) == 0
    assert longest_streak([]) == 0


@given(spans)
def test_time_in_market_counts_every_instant_once(times: list[tuple[int, int]]) -> None:
    busy = {instant for begin, end in times for instant in range(begin, end)}
    trades = columns([1.0] * len(times), times)
    assert time_in_market(trades, 0, 70) == pytest.approx(len(busy) / 70)
    within = [instant for instant in busy if 20 <= instant < 45]
    assert time_in_market(trades, 20, 45) == pytest.approx(len(within) / 25)


def test_time_in_market_needs_time() -> None:
    assert time_in_market(columns([1.0]), 5, 5) is None


def test_holding_turnover_and_costs() -> None:
    trades = columns([1.0, -1.0], [(0, HOUR), (HOUR, 4 * HOUR)])
    assert average_holding(trades) == 2 * HOUR
    assert turnover(trades, 100.0) == pytest.approx(4.0)
    assert turnover(trades, 0.0) is None
    assert share_of_gross_profit([2.0, 1.0], [12.0, -5.0]) == pytest.approx(0.25)
    assert share_of_gross_profit([0.2, 0.1], [0.6, -5.0]) == pytest.approx(0.5)
    assert share_of_gross_profit([2.0], [-1.0]) is None
    assert average_holding(columns([])) is None


def test_win_rate_of_nothing_is_undefined() -> None:
    assert win_rate([]) is None
    assert win_rate([1.0, 0.0, -1.0, 2.0]) == 0.5
