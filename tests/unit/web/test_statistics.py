"""Key figures: percent as people write it, and nothing invented."""

from dataclasses import replace

import pytest

from src.analytics.trades import TradeSummary
from src.database.equity_reader import EquityDay
from src.web.statistics import Account, key_statistics

ACCOUNT = Account(
    initial_balance=1000.0,
    equity=1234.5,
    max_drawdown=0.052,
    open_trades=2,
    open_risk=24.69,
    result_in_r_today=1.5,
)


def test_the_figures_of_the_readme() -> None:
    trades = TradeSummary(
        trades=40, wins=25, losses=15, gross_profit=307.5, gross_loss=127.5, result_in_r=12.5
    )
    days = [
        EquityDay(1, 1000.0, 1010.0),
        EquityDay(2, 1010.0, 1000.0),
        EquityDay(4, 1000.0, 1020.0),
    ]
    figures = key_statistics(trades, days, ACCOUNT)
    assert figures["totalTrades"] == 40
    assert figures["winRate"] == 62.5
    assert figures["totalPnL"] == 180.0
    assert figures["totalPnLPercent"] == 18.0
    assert figures["avgWin"] == 12.3
    assert figures["avgLoss"] == -8.5
    assert figures["maxDrawdown"] == 5.2
    assert figures["activeTrades"] == 2
    assert figures["openRisk"] == 24.69
    assert figures["openRiskPercent"] == pytest.approx(2.0)
    assert figures["dailyReturns"] == 4
    assert figures["equity"] == 1234.5


def test_without_a_loss_there_is_no_profit_factor_and_no_average_loss() -> None:
    won = TradeSummary(1, wins=1, losses=0, gross_profit=5.0, gross_loss=0.0, result_in_r=1.0)
    figures = key_statistics(won, [], ACCOUNT)
    assert figures["winRate"] == 100.0
    assert figures["profitFactor"] is None
    assert figures["avgLoss"] is None
    assert figures["sharpe"] is None
    assert figures["sortino"] is None
    assert figures["calmar"] is None
    assert figures["omega"] is None
    assert figures["annualGrowth"] is None


def test_growth_and_what_it_cost_come_from_the_functions_of_the_backtest() -> None:
    days = [EquityDay(1, 1000.0, 1030.0), EquityDay(2, 1030.0, 1234.5)]
    days.append(EquityDay(3, 1234.5, 1111.05))
    ended = replace(ACCOUNT, equity=1111.05, max_drawdown=0.1)
    figures = key_statistics(TradeSummary(0, 0, 0, 0.0, 0.0, 0.0), days, ended)
    growth = 1.11105 ** (365 / 3) - 1
    assert figures["annualGrowth"] == pytest.approx(100 * growth)
    assert figures["calmar"] == pytest.approx(growth / 0.1)
    assert figures["omega"] == pytest.approx((0.03 + 204.5 / 1030) / 0.1)


def test_today_begins_where_the_day_before_ended() -> None:
    days = [EquityDay(1, 1000.0, 1010.0), EquityDay(2, 1010.0, 1234.5)]
    figures = key_statistics(TradeSummary(0, 0, 0, 0.0, 0.0, 0.0), days, ACCOUNT)
    assert figures["todayPnL"] == 224.5
    assert figures["todayPnLPercent"] == 100 * 224.5 / 1010.0
    assert figures["todayR"] == 1.5


def test_a_deposit_is_neither_growth_nor_a_result_of_today() -> None:
    without = [EquityDay(1, 1000.0, 1010.0), EquityDay(2, 1010.0, 999.9)]
    doubled = EquityDay(2, 1010.0, 1999.8, transferred=1010.0, scale=2.0)
    nothing = TradeSummary(0, 0, 0, 0.0, 0.0, 0.0)
    plain = key_statistics(nothing, without, replace(ACCOUNT, equity=999.9))
    figures = key_statistics(nothing, [without[0], doubled], replace(ACCOUNT, equity=1999.8))
    for name in ("sharpe", "sortino", "omega", "calmar", "annualGrowth"):
        assert figures[name] == pytest.approx(plain[name]), name
    assert figures["todayPnL"] == pytest.approx(-20.2)
    assert figures["todayPnLPercent"] == pytest.approx(-1.0)


def test_an_emptied_account_has_lost_nothing() -> None:
    days = [
        EquityDay(1, 1000.0, 1010.0),
        EquityDay(2, 1010.0, 0.0, transferred=-1010.0, scale=None),
    ]
    figures = key_statistics(
        TradeSummary(0, 0, 0, 0.0, 0.0, 0.0), days, replace(ACCOUNT, equity=0.0)
    )
    assert figures["todayPnL"] == figures["todayPnLPercent"] == 0.0
    assert figures["annualGrowth"] == pytest.approx(100 * (1.01 ** (365 / 2) - 1))


def test_the_first_day_begins_with_the_first_equity() -> None:
    days = [EquityDay(1, 1000.0, 1234.5)]
    figures = key_statistics(TradeSummary(0, 0, 0, 0.0, 0.0, 0.0), days, ACCOUNT)
    assert figures["todayPnL"] == 234.5
