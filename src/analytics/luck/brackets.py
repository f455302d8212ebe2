"""What an entry with a stop and a target would have given at any bar, by plain scanning.

The rules are those of the paper venue for a position: on the bar of the entry only the stop
counts, a stop fires on touch, a target needs trade-through, a bar that opens beyond a level
fills at its open, and with both inside one bar the stop is assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.analytics.price_history import PriceHistory
from src.domain.trade import Trade

Numbers = NDArray[np.float64]
Bars = NDArray[np.int64]

VOLATILITY_BARS = 96
LONGEST_BARS = 5_000
"""A position this many bars old is closed at the close: few live that long."""


@dataclass(frozen=True, slots=True)
class Brackets:
    """Trades of one symbol by what they risked. Columns of one length.

    `bar` is the candle of the entry, `direction` +1 or -1. `stop` and `target` are distances
    from the entry, `extra_risk` what the planned risk held beyond the stop (fees, slippage) and
    `cost` what was paid; all four in fractions of the entry price. `result_in_r` is what the
    trade really made.
    """

    bar: Bars
    direction: Bars
    stop: Numbers
    target: Numbers
    extra_risk: Numbers
    cost: Numbers
    result_in_r: Numbers

    def __len__(self) -> int:
        return len(self.bar)


def brackets_of(trades: Sequence[Trade], prices: PriceHistory) -> Brackets:
    """The closed trades of one symbol that have a stop, as brackets on its candles."""
    used = [
        trade
        for trade in trades
        if trade.result_in_r is not None
        and trade.stop_loss != trade.entry_price
        and trade.entry_time >= int(prices.time[0])
    ]
    entry = np.array([float(trade.entry_price) for trade in used])
    value = np.array([float(trade.quantity * trade.entry_price) for trade in used])
    stop = np.abs(np.array([float(trade.stop_loss) for trade in used]) - entry) / entry
    target = np.abs(np.array([float(trade.take_profit) for trade in used]) - entry) / entry
    risk = np.array([float(trade.risk_amount) for trade in used]) / value
    paid = np.array([float(trade.gross_pnl - trade.realized_pnl) for trade in used]) / value
    times = np.array([trade.entry_time for trade in used], dtype=np.int64)
    return Brackets(
        bar=np.searchsorted(prices.time, times, side="right").astype(np.int64) - 1,
        direction=np.array([int(trade.direction) for trade in used], dtype=np.int64),
        stop=stop,
        target=target,
        extra_risk=risk - stop,
        cost=paid,
        result_in_r=np.array([float(trade.result_in_r or 0) for trade in used]),
    )


def volatility(prices: PriceHistory) -> Numbers:
    """For each bar, the mean range (high - low over close) of the 96 bars before it, above zero.

    The first bars, with nothing before them, have the mean of the whole history.
    """
    ranges = (prices.high - prices.low) / prices.close
    sums = np.concatenate(([0.0], np.cumsum(ranges)))
    last = np.arange(len(ranges))
    first = np.maximum(last - VOLATILITY_BARS, 0)
    mean = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    whole = max(float(ranges.mean()), np.finfo(np.float64).tiny)
    return np.where(mean > 0, mean, whole)


def moves(
    prices: PriceHistory, bar: Bars, direction: Bars, stop: Numbers, target: Numbers
) -> Numbers:
    """Gross result of entering at the open of each bar, as a fraction of that open.

    `stop` and `target` are distances in fractions of it. A position still open at the last
    candle is closed there.
    """
    entry = prices.open[bar]
    results = np.zeros(len(bar))
    waiting = np.arange(len(bar))
    last = len(prices.time) - 1
    for age in range(LONGEST_BARS):
        if not len(waiting):
            break
        now, base, side = bar[waiting] + age, entry[waiting], direction[waiting]
        opened = side * (prices.open[now] / base - 1.0)
        up, down = prices.high[now] / base - 1.0, prices.low[now] / base - 1.0
        worst, best = np.where(side > 0, down, -up), np.where(side > 0, up, -down)
        stopped = worst <= -stop[waiting]
        gapped = opened > target[waiting]
        reached = (best > target[waiting]) & (age > 0)
        results[waiting] = np.where(
            stopped & ~(gapped & (age > 0)),
            np.minimum(opened, -stop[waiting]),
            np.where(
                reached,
                np.maximum(opened, target[waiting]),
                side * (prices.close[now] / base - 1.0),
            ),
        )
        waiting = waiting[~stopped & ~reached & (now < last)]
    return results


def in_r(move: Numbers, stop: Numbers, extra_risk: Numbers, cost: Numbers) -> Numbers:
    """Gross moves less costs over the risk, all fractions of the entry price."""
    result: Numbers = (move - cost) / (stop + extra_risk)
    return result
