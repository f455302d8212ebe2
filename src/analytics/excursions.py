"""How far prices went against a trade and for it while it was open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from src.analytics.price_history import PriceHistory
from src.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class Excursion:
    """Largest move against the trade and for it, both >= 0, in units of its risk per unit (R)."""

    adverse: float
    favourable: float


def excursion(trade: Trade, prices: PriceHistory) -> Excursion | None:
    """MAE and MFE of a closed trade, from the candles it was open in.

    Nothing is credited that may have happened before the entry or after the exit: of the
    entry's candle only the adverse extreme and the close count, of the exit's candle only the
    exit price. R here is the distance from entry to stop. None while the trade is open, when
    no candle covers its entry, or when it has no distance to its stop. Source: J. Sweeney,
    Maximum Adverse Excursion, 1997.
    """
    if trade.exit_price is None or trade.exit_time is None:
        return None
    entry, sign = float(trade.entry_price), int(trade.direction)
    risk = abs(entry - float(trade.stop_loss))
    first = int(np.searchsorted(prices.time, trade.entry_time, side="right")) - 1
    last = int(np.searchsorted(prices.time, trade.exit_time, side="right")) - 1
    if first < 0 or risk == 0:
        return None
    against, along = (prices.low, prices.high) if sign > 0 else (prices.high, prices.low)
    whole = slice(first + 1, last)
    worst = [np.array([float(trade.exit_price)]), against[whole]]
    best = [np.array([float(trade.exit_price)]), along[whole]]
    if last > first:
        worst.append(against[first : first + 1])
        best.append(prices.close[first : first + 1])
    return Excursion(
        adverse=_reach(worst, entry, -sign) / risk, favourable=_reach(best, entry, sign) / risk
    )


def _reach(prices: list[NDArray[np.float64]], entry: float, sign: int) -> float:
    moves: ArrayLike = (np.concatenate(prices) - entry) * sign
    return float(np.max(moves, initial=0.0))
