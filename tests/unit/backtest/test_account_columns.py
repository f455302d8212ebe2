"""Columns made from the rows of an account say what its trades say as objects, to the last bit."""

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest

from src.analytics.closed_trades import ClosedTrades
from src.analytics.excursions import excursion
from src.backtest.account_columns import closed_trades, excursions
from src.backtest.request import BacktestRequest
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.domain.trade import Trade
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market

SYMBOLS = ("BTCUSDT", "ETHUSDT")
HUGE = {name: replace(one, max_quantity=Decimal(10**12)) for name, one in INSTRUMENTS.items()}


def traded(balance: str = "1000", together: bool = False) -> BacktestResult:
    """Two symbols; when `together`, both move alike and trade at the same instants."""
    candles = market(SYMBOLS, days=12)
    if together:
        candles = dict.fromkeys(SYMBOLS, candles["ETHUSDT"])
    asked = BacktestRequest(SYMBOLS, TIMEFRAME, initial_balance=Decimal(balance))
    return run_backtest(asked, candles, HUGE)


def by_exit(trade: Trade) -> tuple[int, int, str]:
    return trade.exit_time or 0, trade.entry_time, trade.order_link_id


def nearest(numbers: list[Decimal | None]) -> list[float]:
    return [float(str(number)) for number in numbers]


@pytest.fixture(
    params=[("1000", False), ("1000", True), ("12345678901234.56789", False)],
    ids=["small", "same instants", "beyond 64 bits"],
)
def result(request: pytest.FixtureRequest) -> BacktestResult:
    found = traded(*request.param)
    assert len(found.trades) > 20
    return found


def test_every_column_is_that_of_the_trades(result: BacktestResult) -> None:
    trades = sorted(result.trades, key=by_exit)
    expected = ClosedTrades(
        direction=np.array([int(one.direction) for one in trades]),
        entry_time=np.array([one.entry_time for one in trades]),
        exit_time=np.array([one.exit_time for one in trades]),
        net=np.array(nearest([one.realized_pnl for one in trades])),
        gross=np.array(nearest([one.gross_pnl for one in trades])),
        fees=np.array(nearest([one.fees for one in trades])),
        funding=np.array(nearest([one.funding for one in trades])),
        result_in_r=np.array(nearest([one.result_in_r for one in trades])),
        traded=np.array(
            nearest([(one.entry_price + (one.exit_price or 0)) * one.quantity for one in trades])
        ),
    )
    found = closed_trades(result.account)
    for field in fields(ClosedTrades):
        assert getattr(found, field.name).tolist() == getattr(expected, field.name).tolist()


def test_results_and_excursions_follow_the_exits(result: BacktestResult) -> None:
    assert list(result.account.results_in_r) == nearest([one.result_in_r for one in result.trades])
    reaches = [excursion(one, result.candles[one.symbol]) for one in result.trades]
    assert excursions(result.account, result.candles) == reaches


def test_what_was_counted_on_rows_is_what_the_trades_say(result: BacktestResult) -> None:
    assert result.ambiguous == sum(trade.ambiguous for trade in result.trades)
    assert len(result.account.held) == len(result.open_trades)


def test_no_trade_makes_empty_columns() -> None:
    """Half a unit of money buys nothing that the exchange accepts."""
    found = traded(balance="0.5")
    assert found.trades == () == found.account.results_in_r
    assert len(closed_trades(found.account)) == 0
    assert excursions(found.account, found.candles) == []


def test_trades_at_the_same_instants_are_there() -> None:
    times = [by_exit(trade)[:2] for trade in traded(together=True).trades]
    assert len(set(times)) < len(times)
