"""The account's value over time, from what happened to the money and the candles' closes."""

from collections.abc import Mapping

import numpy as np

from src.backtest import account_rows as rows
from src.backtest.account_record import AccountRecord
from src.backtest.proposals import NEVER
from src.backtest.result import EquityArrays
from src.domain.candle import DAY_MS
from src.strategy.candle_arrays import CandleArrays
from src.strategy.compiled import Floats, Integers


def equity_arrays(
    record: AccountRecord,
    candles: Mapping[str, CandleArrays],
    step: int,
    begins_at: int,
    ends_at: int,
) -> EquityArrays:
    """Equity where trading begins and ends, after every UTC day and every closed trade.

    `step` is the candle length, times are UTC ms. A trade counts from the close at which it was
    booked until that at which it was over, valued at the last close of its symbol.
    """
    traded = record.traded
    closed = np.where(traded[:, rows.OUTCOME] == rows.TRADED, traded[:, rows.CLOSED_AT], NEVER)
    days = np.arange(begins_at - begins_at % DAY_MS + DAY_MS, ends_at, DAY_MS)
    ended = closed[closed < NEVER]
    times = np.unique(np.concatenate(([begins_at, ends_at], days, ended)).astype(np.int64))
    moments = np.concatenate(([begins_at], record.wallets[:, 0])).astype(np.int64)
    opening = float(record.counting.request.initial_balance)
    scale = 10**record.counting.money_decimals
    wallets = np.concatenate(([opening], (record.wallets[:, 1] / scale).astype(np.float64)))
    wallet = wallets[np.searchsorted(moments, times, side="right") - 1]
    equity = wallet.copy()
    first = np.searchsorted(times, traded[:, rows.OPENED_AT].astype(np.int64))
    last = np.searchsorted(times, closed.astype(np.int64))
    for symbol, series in enumerate(candles.values()):
        (own,) = np.nonzero(traded[:, rows.SYMBOL] == symbol)
        prices = series.close[np.searchsorted(series.time, times - step, side="right") - 1]
        _value(equity, prices, first[own], last[own], record.positions(symbol, traded[own]))
    return EquityArrays(times, wallet, equity)


def _value(
    equity: Floats, prices: Floats, first: Integers, last: Integers, positions: Floats
) -> None:
    """Add what positions would earn at `prices`, each at its points [first, last) of the equity;
    `positions` are (entry price, signed quantity)."""
    counts = np.maximum(last - first, 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    begins = np.cumsum(counts) - counts
    point = np.arange(len(owner)) - begins[owner] + first[owner]
    np.add.at(equity, point, (prices[point] - positions[owner, 0]) * positions[owner, 1])
