"""Every figure of a result in one place, each with the observations it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from src.analytics.closed_trades import ClosedTrades
from src.analytics.equity import daily_returns, max_drawdown, sharpe_ratio, sortino_ratio
from src.analytics.excursions import Excursion
from src.analytics.figure import Figure
from src.analytics.growth import (
    calmar_ratio,
    compound_annual_growth,
    daily_closings,
    deepest_drawdown,
    omega_ratio,
)
from src.analytics.trade_measures import (
    average_holding,
    longest_streak,
    share_of_gross_profit,
    system_quality_number,
    time_in_market,
    turnover,
    win_rate,
)
from src.analytics.trades import summarise_trades
from src.domain.candle import DAY_MS


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """Mark-to-market equity. `times` are UTC ms, rising; `opening` is the equity before them.

    `start` is when the account began, UTC ms.
    """

    opening: float
    start: int
    times: NDArray[np.int64]
    equity: NDArray[np.float64]

    def returns(self) -> NDArray[np.float64]:
        """Return of each UTC day, from the equity at its end."""
        days, closings = daily_closings(self.times, self.equity)
        if len(days) and days[0] > self.start // DAY_MS:
            days = np.concatenate(([self.start // DAY_MS], days))
            closings = np.concatenate(([self.opening], closings))
        return daily_returns(self.opening, days.tolist(), closings.tolist())


@dataclass(frozen=True, slots=True)
class Performance:
    """The figures of one result. Shares and ratios are fractions, durations ms, money quote
    currency; a drawdown is >= 0. docs/statistics.md explains each.

    `n` is trades for what is made of trades, days for what is made of daily returns, points of
    equity for the drawdown.
    """

    net: Figure
    annual_growth: Figure
    sharpe: Figure
    sortino: Figure
    calmar: Figure
    omega: Figure
    max_drawdown: Figure
    drawdown_length_ms: Figure
    drawdown_recovery_ms: Figure
    profit_factor: Figure
    expectancy_in_r: Figure
    system_quality: Figure
    win_rate: Figure
    win_rate_long: Figure
    win_rate_short: Figure
    average_win: Figure
    average_loss: Figure
    longest_winning_streak: Figure
    longest_losing_streak: Figure
    exposure: Figure
    average_holding_ms: Figure
    turnover: Figure
    fees: Figure
    funding: Figure
    fee_share: Figure
    funding_share: Figure
    adverse_excursion_in_r: Figure
    favourable_excursion_in_r: Figure

    def as_mapping(self) -> Mapping[str, Figure]:
        """The figures by name, in the order of a report."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def measure(
    trades: ClosedTrades, curve: EquityCurve, excursions: Sequence[Excursion] = ()
) -> Performance:
    """All figures of the closed trades and the equity they made.

    `excursions` are those of the trades for which candles were at hand.
    """
    return Performance(
        **_of_equity(trades, curve),
        **_of_trades(trades),
        **_of_time_and_cost(trades, curve),
        **_of_excursions(excursions),
    )


def _of_equity(trades: ClosedTrades, curve: EquityCurve) -> dict[str, Figure]:
    returns = curve.returns()
    points = np.concatenate(([curve.opening], curve.equity))
    times = np.concatenate(([curve.start], curve.times))
    days, depth = len(returns), max_drawdown(points)
    growth = compound_annual_growth(curve.opening, float(points[-1]), days)
    fall = deepest_drawdown(times, points)
    return {
        "net": Figure(float(trades.net.sum()), len(trades)),
        "annual_growth": Figure(growth, days),
        "sharpe": Figure(sharpe_ratio(returns), days),
        "sortino": Figure(sortino_ratio(returns), days),
        "calmar": Figure(calmar_ratio(growth, depth), days),
        "omega": Figure(omega_ratio(returns), days),
        "max_drawdown": Figure(depth, len(points)),
        "drawdown_length_ms": Figure(fall.length_ms if fall else None, len(points)),
        "drawdown_recovery_ms": Figure(fall.recovery_ms if fall else None, len(points)),
    }


def _of_trades(trades: ClosedTrades) -> dict[str, Figure]:
    summary = summarise_trades(trades.net, trades.result_in_r)
    count = len(trades)
    long, short = trades.net[trades.direction > 0], trades.net[trades.direction < 0]
    return {
        "profit_factor": Figure(summary.profit_factor, count),
        "expectancy_in_r": Figure(summary.expectancy_in_r, count),
        "system_quality": Figure(system_quality_number(trades.result_in_r), count),
        "win_rate": Figure(summary.win_rate, count),
        "win_rate_long": Figure(win_rate(long), len(long)),
        "win_rate_short": Figure(win_rate(short), len(short)),
        "average_win": Figure(summary.average_win, summary.wins),
        "average_loss": Figure(summary.average_loss, summary.losses),
        "longest_winning_streak": Figure(longest_streak(trades.net > 0), count),
        "longest_losing_streak": Figure(longest_streak(trades.net < 0), count),
    }


def _of_time_and_cost(trades: ClosedTrades, curve: EquityCurve) -> dict[str, Figure]:
    count = len(trades)
    end = int(curve.times[-1]) if len(curve.times) else curve.start
    average = float(curve.equity.mean()) if len(curve.equity) else curve.opening
    return {
        "exposure": Figure(time_in_market(trades, curve.start, end), count),
        "average_holding_ms": Figure(average_holding(trades), count),
        "turnover": Figure(turnover(trades, average), count),
        "fees": Figure(float(trades.fees.sum()), count),
        "funding": Figure(float(trades.funding.sum()), count),
        "fee_share": Figure(share_of_gross_profit(trades.fees, trades.gross), count),
        "funding_share": Figure(share_of_gross_profit(-trades.funding, trades.gross), count),
    }


def _of_excursions(excursions: Sequence[Excursion]) -> dict[str, Figure]:
    return {
        "adverse_excursion_in_r": _mean([one.adverse for one in excursions]),
        "favourable_excursion_in_r": _mean([one.favourable for one in excursions]),
    }


def _mean(values: ArrayLike) -> Figure:
    numbers = np.asarray(values, dtype=np.float64)
    return Figure(float(numbers.mean()) if len(numbers) else None, len(numbers))
