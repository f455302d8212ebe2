"""Closed trades as columns, for measures over thousands of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.domain.trade import Trade, TradeStatus

Numbers = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClosedTrades:
    """One entry of every column per closed trade, in the order of the exits.

    `direction` is +1 or -1; times are UTC ms; money is quote currency: `net` after costs,
    `gross` before them, `fees` paid (>= 0), `funding` received (negative when paid);
    `result_in_r` is net over the risk taken; `traded` is the value bought plus the value sold.
    """

    direction: Times
    entry_time: Times
    exit_time: Times
    net: Numbers
    gross: Numbers
    fees: Numbers
    funding: Numbers
    result_in_r: Numbers
    traded: Numbers

    def __len__(self) -> int:
        return len(self.net)


def as_columns(trades: Sequence[Trade]) -> ClosedTrades:
    """The closed ones among `trades` as columns, ordered by exit and then by entry time."""
    closed = sorted(
        (trade for trade in trades if trade.status is TradeStatus.CLOSED),
        key=lambda trade: (trade.exit_time or 0, trade.entry_time, trade.order_link_id),
    )

    def numbers(values: Sequence[object]) -> Numbers:
        return np.array([float(str(value)) for value in values], dtype=np.float64)

    return ClosedTrades(
        direction=np.array([int(trade.direction) for trade in closed], dtype=np.int64),
        entry_time=np.array([trade.entry_time for trade in closed], dtype=np.int64),
        exit_time=np.array([trade.exit_time for trade in closed], dtype=np.int64),
        net=numbers([trade.realized_pnl for trade in closed]),
        gross=numbers([trade.gross_pnl for trade in closed]),
        fees=numbers([trade.fees for trade in closed]),
        funding=numbers([trade.funding for trade in closed]),
        result_in_r=numbers([trade.result_in_r for trade in closed]),
        traded=numbers(
            [(trade.entry_price + (trade.exit_price or 0)) * trade.quantity for trade in closed]
        ),
    )
