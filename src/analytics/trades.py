"""What a set of closed trades amounts to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class TradeSummary:
    """Closed trades, counted and added up. Money is net of fees and funding.

    `wins` earned more than nothing, `losses` less; a trade that earned exactly nothing is
    neither but is one of `trades`. `gross_profit` is the sum over wins, `gross_loss` the
    positive sum over losses, `result_in_r` the sum of every trade's net result over its risk.
    What cannot be computed is None, never zero.
    """

    trades: int
    wins: int
    losses: int
    gross_profit: float
    gross_loss: float
    result_in_r: float

    @property
    def net(self) -> float:
        """Profit less loss."""
        return self.gross_profit - self.gross_loss

    @property
    def win_rate(self) -> float | None:
        """Share of trades that won, 0 to 1; None without trades."""
        return self.wins / self.trades if self.trades else None

    @property
    def profit_factor(self) -> float | None:
        """Gross profit over gross loss; None without a loss to divide by."""
        return self.gross_profit / self.gross_loss if self.gross_loss > 0 else None

    @property
    def average_win(self) -> float | None:
        """Mean of the wins; None without one."""
        return self.gross_profit / self.wins if self.wins else None

    @property
    def average_loss(self) -> float | None:
        """Mean of the losses, below zero; None without one."""
        return -self.gross_loss / self.losses if self.losses else None

    @property
    def expectancy_in_r(self) -> float | None:
        """Mean result in units of the risk taken (R); None without trades."""
        return self.result_in_r / self.trades if self.trades else None


def summarise_trades(net: ArrayLike, result_in_r: ArrayLike) -> TradeSummary:
    """Summary of trades given their net results and the same results in R, both 1-D."""
    money = np.asarray(net, dtype=np.float64)
    won, lost = money > 0, money < 0
    return TradeSummary(
        trades=len(money),
        wins=int(won.sum()),
        losses=int(lost.sum()),
        gross_profit=float(money[won].sum()),
        gross_loss=float(-money[lost].sum()),
        result_in_r=float(np.asarray(result_in_r, dtype=np.float64).sum()),
    )
