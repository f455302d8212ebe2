"""The key figures of the dashboard, as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass

from src.analytics.equity import daily_returns, sharpe_ratio, sortino_ratio
from src.analytics.growth import calmar_ratio, compound_annual_growth, omega_ratio
from src.analytics.trades import TradeSummary
from src.database.equity_reader import EquityDay


@dataclass(frozen=True, slots=True)
class Account:
    """The account now: equity, what it began with, its deepest drawdown (fraction, >= 0).

    `result_in_r_today` adds the trades closed on the newest UTC day of the market.
    """

    initial_balance: float
    equity: float
    max_drawdown: float
    open_trades: int
    result_in_r_today: float


def key_statistics(
    trades: TradeSummary, days: Sequence[EquityDay], account: Account
) -> dict[str, object]:
    """The answer of /api/dashboard/stats. What is not defined is None, never a stand-in.

    Percent as 62.5, money in quote currency.
    """
    opening = days[0].opening if days else account.initial_balance
    returns = daily_returns(opening, [day.day for day in days], [day.closing for day in days])
    before_today = days[-2].closing if len(days) > 1 else opening
    today = account.equity - before_today
    growth = compound_annual_growth(opening, account.equity, len(returns))
    return {
        "totalTrades": trades.trades,
        "winRate": _percent(trades.win_rate),
        "totalPnL": trades.net,
        "totalPnLPercent": _percent(trades.net / account.initial_balance),
        "totalR": trades.result_in_r,
        "activeTrades": account.open_trades,
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
        "todayPnLPercent": _percent(today / before_today),
        "todayR": account.result_in_r_today,
        "dailyReturns": len(returns),
        "equity": account.equity,
        "initialBalance": account.initial_balance,
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
