"""How far prices went against trades and for them while they were open."""

from dataclasses import dataclass

import numpy as np

from src.analytics.closed_trades import Numbers, Times
from src.analytics.price_history import PriceHistory
from src.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class Excursion:
    """Largest move against the trade and for it, both >= 0, in units of its risk per unit (R)."""

    adverse: float
    favourable: float


@dataclass(frozen=True, slots=True)
class Trips:
    """Closed trades of one symbol as columns: +1 or -1, UTC ms, and prices."""

    direction: Times
    entry_time: Times
    exit_time: Times
    entry_price: Numbers
    exit_price: Numbers
    stop: Numbers


def excursion(trade: Trade, prices: PriceHistory) -> Excursion | None:
    """MAE and MFE of a trade as `excursions`; None while it is open, too."""
    if trade.exit_price is None or trade.exit_time is None:
        return None
    times = (int(trade.direction), trade.entry_time, trade.exit_time)
    levels = (float(trade.entry_price), float(trade.exit_price), float(trade.stop_loss))
    trip = Trips(*(np.array([one]) for one in times), *(np.array([one]) for one in levels))
    return excursions(trip, prices)[0]


def excursions(trips: Trips, prices: PriceHistory) -> list[Excursion | None]:
    """MAE and MFE of each trade, from the candles it was open in.

    Nothing is credited that may have happened before the entry or after the exit: of the
    entry's candle only the adverse extreme and the close count, of the exit's candle only the
    exit price. R here is the distance from entry to stop. None when no candle covers the entry,
    or when it has no distance to its stop. Source: J. Sweeney, Maximum Adverse Excursion, 1997.
    """
    first = np.searchsorted(prices.time, trips.entry_time, side="right") - 1
    last = np.searchsorted(prices.time, trips.exit_time, side="right") - 1
    risk = np.abs(trips.entry_price - trips.stop)
    told = (first >= 0) & (risk > 0)
    reaches = np.zeros((2, len(told)))
    for sign in (1, -1):
        (own,) = np.nonzero(told & (trips.direction == sign))
        moves = _moves(sign, prices, first[own], last[own], trips.exit_price[own])
        entry = trips.entry_price[own]
        reaches[:, own] = np.maximum((moves - entry) * ((-sign,), (sign,)), 0.0) / risk[own]
    found = zip(told.tolist(), *reaches.tolist(), strict=True)
    return [Excursion(worst, best) if known else None for known, worst, best in found]


def _moves(
    sign: int, prices: PriceHistory, first: Times, last: Times, exit_price: Numbers
) -> Numbers:
    """The worst price, then the best one, of trades of one side from candle `first` to `last`."""
    low: tuple[np.ufunc, Numbers] = (np.minimum, prices.low)
    high: tuple[np.ufunc, Numbers] = (np.maximum, prices.high)
    against, along = (low, high) if sign > 0 else (high, low)
    # In a candle left in, nothing but the exit is known to be the trade's own.
    entered = np.where(first < last, prices.close[first], exit_price)
    worst = _extreme(*against, first, last, exit_price)
    best = along[0](_extreme(*along, first + 1, last, exit_price), entered)
    return np.stack((worst, best))


def _extreme(
    extreme: np.ufunc, column: Numbers, first: Times, last: Times, beside: Numbers
) -> Numbers:
    """The extreme of the candles [first, last) of each trade and of one price beside them."""
    found = beside.copy()
    (some,) = np.nonzero(first < last)
    if len(some):
        borders = np.stack((first[some], last[some]), axis=1).ravel()
        begin, end = int(borders.min()), int(borders.max()) + 1
        # Every second stretch lies between two trades.
        within = extreme.reduceat(column[begin:end], borders - begin)[::2]
        found[some] = extreme(within, found[some])
    return found
