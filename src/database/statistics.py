"""The dashboard's key figures, put together from what is kept counted."""

from decimal import Decimal

from src.analytics.equity import daily_returns, sharpe_ratio, sortino_ratio
from src.database.engines import Database
from src.database.equity_reader import EquityReader
from src.database.readers import TradeReader
from src.database.views import View


class StatisticsReader:
    """The key figures of one environment."""

    def __init__(self, database: Database, environment: str, initial_balance: Decimal) -> None:
        self._trades = TradeReader(database, environment)
        self._equity = EquityReader(database, environment)
        self._initial_balance = initial_balance

    def view(self) -> View:
        """The statistics as the wire spells them: rates in percent, undefined figures null.

        Trade figures are of closed trades, net of fees and funding. `maxDrawdown`, `sharpe` and
        `sortino` are of the mark-to-market equity, the latter two of its daily returns, the
        day that is not over included.
        """
        trades = self._trades.totals()
        latest = self._equity.latest()
        days = self._equity.daily()
        returns = daily_returns(
            days[0].opening if days else 0.0,
            [day.day for day in days],
            [day.closing for day in days],
        )
        return {
            "totalTrades": trades.trades,
            "winRate": _percent(trades.win_rate),
            "totalPnL": trades.net,
            "activeTrades": self._trades.active_count(),
            "avgWin": trades.average_win,
            "avgLoss": trades.average_loss,
            "profitFactor": trades.profit_factor,
            "maxDrawdown": _percent(self._equity.max_drawdown()),
            "sharpe": sharpe_ratio(returns),
            "sortino": sortino_ratio(returns),
            "expectancyR": trades.expectancy_in_r,
            "equity": float(self._initial_balance if latest is None else latest.equity),
            "initialBalance": float(self._initial_balance),
        }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100.0
