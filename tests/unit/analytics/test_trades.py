"""Trade summaries: examples worked out by hand, and what must hold for any trades."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.analytics.trades import summarise_trades

results = st.lists(st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6), max_size=60)


def test_a_hand_worked_example() -> None:
    """Wins of 30 and 10, a loss of 20 and a scratch, at 10 at risk each."""
    summary = summarise_trades([30.0, -20.0, 0.0, 10.0], [3.0, -2.0, 0.0, 1.0])
    assert (summary.trades, summary.wins, summary.losses) == (4, 2, 1)
    assert summary.win_rate == 0.5
    assert summary.profit_factor == 2.0
    assert summary.average_win == 20.0
    assert summary.average_loss == -20.0
    assert summary.net == 20.0
    assert summary.expectancy_in_r == 0.5


def test_without_trades_nothing_is_defined() -> None:
    summary = summarise_trades([], [])
    assert summary.trades == 0
    assert summary.win_rate is None
    assert summary.profit_factor is None
    assert summary.average_win is None
    assert summary.average_loss is None
    assert summary.expectancy_in_r is None
    assert summary.net == 0.0


def test_without_a_loss_there_is_no_profit_factor_and_no_average_loss() -> None:
    summary = summarise_trades([5.0], [1.0])
    assert summary.profit_factor is None
    assert summary.average_loss is None
    assert summary.win_rate == 1.0


def test_a_scratch_is_a_trade_but_neither_won_nor_lost() -> None:
    summary = summarise_trades([0.0], [0.0])
    assert (summary.win_rate, summary.wins, summary.losses) == (0.0, 0, 0)


@given(results)
def test_counts_and_signs_are_bounded(net: list[float]) -> None:
    summary = summarise_trades(net, net)
    assert summary.wins + summary.losses <= summary.trades == len(net)
    assert summary.win_rate is None or 0.0 <= summary.win_rate <= 1.0
    assert summary.profit_factor is None or summary.profit_factor >= 0.0
    assert summary.average_win is None or summary.average_win > 0.0
    assert summary.average_loss is None or summary.average_loss < 0.0
    assert summary.net == pytest.approx(math.fsum(net), abs=1e-6)


@given(results)
def test_the_order_of_trades_does_not_matter(net: list[float]) -> None:
    shuffled = sorted(net)
    first, second = summarise_trades(net, net), summarise_trades(shuffled, shuffled)
    assert (first.wins, first.losses) == (second.wins, second.losses)
    assert first.gross_profit == pytest.approx(second.gross_profit)
    assert first.gross_loss == pytest.approx(second.gross_loss)


@given(results)
def test_the_profit_factor_exceeds_one_exactly_when_money_was_made(net: list[float]) -> None:
    summary = summarise_trades(net, net)
    if summary.profit_factor is not None:
        assert (summary.profit_factor > 1.0) == (summary.gross_profit > summary.gross_loss)


@given(results, st.sampled_from([0.5, 2.0, 4.0]))
def test_ratios_do_not_depend_on_the_currency(net: list[float], rate: float) -> None:
    here, there = summarise_trades(net, net), summarise_trades([x * rate for x in net], net)
    assert here.win_rate == there.win_rate
    assert here.profit_factor == there.profit_factor
