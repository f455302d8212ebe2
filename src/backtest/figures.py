"""A result in the terms of src/analytics."""

from collections.abc import Mapping

from src.analytics.figure import Figure
from src.analytics.performance import EquityCurve, measure
from src.backtest.account_columns import closed_trades, excursions
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


def figures(result: BacktestResult) -> Mapping[str, Figure]:
    """Every figure of the result, by name."""
    reaches = excursions(result.account, result.candles)
    return measure(closed_trades(result.account), equity_curve(result), reaches).as_mapping()
