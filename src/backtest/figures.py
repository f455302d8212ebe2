"""A result in the terms of src/analytics."""

from collections.abc import Mapping

from src.analytics.closed_trades import as_columns
from src.analytics.excursions import Excursion, excursion
from src.analytics.figure import Figure
from src.analytics.performance import EquityCurve, measure
from src.backtest.result import BacktestResult


def equity_curve(result: BacktestResult) -> EquityCurve:
    """The equity of a result; a point at midnight belongs to the day that ends there."""
    points = result.equity
    return EquityCurve(
        opening=float(points.equity[0]),
        start=result.begins_at,
        times=points.time[1:] - 1,
        equity=points.equity[1:],
    )


def excursions(result: BacktestResult) -> list[Excursion]:
    """How far prices went against and for each trade, of those that can be told."""
    found = (excursion(trade, result.candles[trade.symbol]) for trade in result.trades)
    return [one for one in found if one is not None]


def figures(result: BacktestResult) -> Mapping[str, Figure]:
    """Every figure of the result, by name."""
    trades = as_columns(result.trades)
    return measure(trades, equity_curve(result), excursions(result)).as_mapping()
