"""A whole result: every figure with its n, undefined ones None."""

from dataclasses import replace

import numpy as np
import pytest

from src.analytics.excursions import Excursion
from src.analytics.figure import Figure
from src.analytics.performance import EquityCurve, Performance, measure
from src.domain.candle import DAY_MS
from tests.unit.analytics.trades_of import HOUR, columns


def curve(*equity: float, start: int = 0) -> EquityCurve:
    """One point at the end of every day after an opening equity of 100."""
    times = start + (np.arange(len(equity), dtype=np.int64) + 1) * DAY_MS - 1
    return EquityCurve(100.0, start, times, np.array(equity))


def test_a_result_with_trades() -> None:
    result = measure(
        columns([10.0, -5.0, 6.0, -1.0]), curve(110.0, 104.5, 110.0), [Excursion(0.5, 2.0)]
    )
    assert result.net == Figure(10.0, 4)
    assert result.profit_factor.value == pytest.approx(16 / 6)
    assert result.profit_factor.n == 4
    assert result.win_rate == Figure(0.5, 4)
    assert result.win_rate_long == Figure(1.0, 2)
    assert result.win_rate_short == Figure(0.0, 2)
    assert result.average_win == Figure(8.0, 2)
    assert result.longest_winning_streak == Figure(1, 4)
    assert result.max_drawdown.value == pytest.approx(0.05)
    assert result.max_drawdown.n == 4
    assert result.drawdown_length_ms.value == 2 * DAY_MS
    assert result.sharpe.n == result.omega.n == result.annual_growth.n == 3
    assert result.average_holding_ms == Figure(HOUR, 4)
    assert result.adverse_excursion_in_r == Figure(0.5, 1)


def test_a_trade_that_broke_even_is_neither_won_nor_lost() -> None:
    result = measure(columns([1.0, 1.0, 0.0, 1.0, -1.0, 0.0, -1.0]), curve(101.0))
    assert result.longest_winning_streak.value == 2
    assert result.longest_losing_streak.value == 1
    assert result.win_rate == Figure(3 / 7, 7)
    assert result.average_win == Figure(1.0, 3)
    assert result.average_loss == Figure(-1.0, 2)


def test_funding_that_was_paid_takes_its_share_of_the_winnings() -> None:
    trades = replace(columns([10.0, -5.0]), funding=np.array([-1.5, 0.5]))
    result = measure(trades, curve(105.0))
    assert result.funding.value == -1.0
    assert result.funding_share.value == pytest.approx(0.1)


def test_nothing_traded_leaves_nothing_invented() -> None:
    result = measure(columns([]), curve())
    defined = {name for name, figure in result.as_mapping().items() if figure.value is not None}
    assert defined == {
        *("net", "fees", "funding", "max_drawdown", "turnover"),
        *("longest_winning_streak", "longest_losing_streak"),
    }
    assert all(figure.n in (0, 1) for figure in result.as_mapping().values())


def test_days_before_the_first_point_earned_nothing() -> None:
    late = EquityCurve(100.0, 0, np.array([3 * DAY_MS], dtype=np.int64), np.array([110.0]))
    assert late.returns() == pytest.approx([0.0, 0.0, 0.0, 0.1])
    # An account opened at noon is as old as that day.
    noon = 20_000 * DAY_MS + DAY_MS // 2
    opened = EquityCurve(100.0, noon, np.array([noon + DAY_MS], dtype=np.int64), np.array([110.0]))
    assert opened.returns() == pytest.approx([0.0, 0.1])
    same = EquityCurve(100.0, noon, np.array([noon + 1], dtype=np.int64), np.array([110.0]))
    assert same.returns() == pytest.approx([0.1])


def test_the_report_names_every_figure_once() -> None:
    names = list(measure(columns([1.0]), curve(101.0)).as_mapping())
    assert len(names) == len(set(names)) == len(Performance.__dataclass_fields__)
