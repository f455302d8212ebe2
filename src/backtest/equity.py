"""The account's value over time, from what happened to the money and the candles' closes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from src.backtest.account import Ledger
from src.backtest.proposals import NEVER
from src.backtest.result import EquityArrays
from src.domain.candle import DAY_MS
from src.domain.trade import Trade
from src.strategy.candle_arrays import CandleArrays


def equity_arrays(
    ledger: Ledger,
    open_trades: Sequence[Trade],
    candles: Mapping[str, CandleArrays],
    step: int,
    begins_at: int,
    ends_at: int,
    initial_balance: float,
) -> EquityArrays:
    """Equity where trading begins and ends, after every UTC day and every closed trade.

    `step` is the candle length, times are UTC ms. A trade counts from the close at which it was
    booked until that at which it was over, valued at the last close of its symbol.
    """
    days = np.arange(begins_at - begins_at % DAY_MS + DAY_MS, ends_at, DAY_MS)
    times = np.unique(
        np.concatenate(([begins_at, ends_at], days, list(ledger.closed_at.values()))).astype(
            np.int64
        )
    )
    moments = np.array([begins_at, *(moment for moment, _ in ledger.wallet)], np.int64)
    wallets = np.array([initial_balance, *(float(wallet) for _, wallet in ledger.wallet)])
    wallet = wallets[np.searchsorted(moments, times, side="right") - 1]
    equity = wallet.copy()
    for trade in (*ledger.trades, *open_trades):
        opened = ledger.opened_at[trade.order_link_id]
        closed = ledger.closed_at.get(trade.order_link_id, NEVER)
        first, last = np.searchsorted(times, (opened, closed))
        if first < last:
            prices = _closes(candles[trade.symbol], times[first:last] - step)
            move = (prices - float(trade.entry_price)) * int(trade.direction)
            equity[first:last] += move * float(trade.quantity)
    return EquityArrays(times, wallet, equity)


def _closes(candles: CandleArrays, opened: NDArray[np.int64]) -> NDArray[np.float64]:
    """The closing price of the newest candle that opened at or before each time (UTC ms)."""
    return candles.close[np.searchsorted(candles.time, opened, side="right") - 1]
