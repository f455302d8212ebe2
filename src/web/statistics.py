"""The key figures of the dashboard, as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass

from src.analytics.equity import (
    daily_returns,
    sharpe_ratio,
    sortino_ratio,
    without_transfers,
)
from src.analytics.growth import calmar_ratio, compound_annual_growth, omega_ratio
from src.analytics.trades import TradeSummary
from src.database.equity_reader import EquityDay


@dataclass(frozen=True, slots=True)
class Account:
    """The account now: equity, what it began with, its deepest drawdown (fraction, >= 0).

    `result_in_r_today` adds the trades closed on the newest UTC day of the market; `open_risk` is
    what the open trades would lose at their stops.
    """

    initial_balance: float
    equity: float
    max_drawdown: float
    open_trades: int
    open_risk: float
    result_in_r_today: float


def key_statistics(
    trades: TradeSummary, days: Sequence[EquityDay], account: Account
) -> dict[str, object]:
    """The answer of /api/dashboard/stats. What is not defined is None, never a stand-in.

    Percent as 62.5, money in quote currency. Deposits and withdrawals are no results: today's P&L
    leaves them out, and ratios and growth rest on time-weighted returns.
    """
    opening = days[0].opening if days else account.initial_balance
    curve = without_transfers(opening, [day.closing for day in days], [day.scale for day in days])
    returns = daily_returns(opening, [day.day for day in days], curve)
    before_today = days[-2].closing if len(days) > 1 else opening
    begun_with = before_today + (days[-1].transferred if days else 0.0)
    today = account.equity - begun_with
    earned = curve[-1] if curve else account.equity
    growth = compound_annual_growth(opening, earned, len(returns))
    return {
        "totalTrades": trades.trades,
        "winRate": _percent(trades.win_rate),
        "totalPnL": trades.net,
        "totalPnLPercent": _percent(trades.net / account.initial_balance),
        "totalR": trades.result_in_r,
        "activeTrades": account.open_trades,
        "openRisk": account.open_risk,
        "openRiskPercent": _percent(
            account.open_risk / account.equity if account.equity > 0 else None
        ),
        "avgWin": trades.average_win,
        "avgLoss": trades.average_loss,
        "profitFactor": trades.profit_factor,
        "maxDrawdown": _percent(account.max_drawdown),
        "sharpe": sharpe_ratio(returns),
        "sortino": sortino_ratio(returns),
        "calmar": calmar_ratio(growth, account.max_drawdown),
        "omega": omega_ratio(returns),
        "annualGrowth": _percent(growth),
        "todayPnL": today,
        "todayPnLPercent": _percent(today / begun_with if begun_with > 0 else 0.0),
        "todayR": account.result_in_r_today,
        "dailyReturns": len(returns),
        "equity": account.equity,
        "initialBalance": account.initial_balance,
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
