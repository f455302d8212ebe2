"""What the trades say beyond their sum: quality, streaks, time in the market, costs."""

import numpy as np
from numpy.typing import ArrayLike

from src.analytics.closed_trades import ClosedTrades

SQN_TRADES = 100
"""More trades than this do not make the system quality number any larger."""


def system_quality_number(result_in_r: ArrayLike) -> float | None:
    """Mean of R over its standard deviation (n - 1), times the root of the trades (at most 100).

    None below two trades or when all results are equal. Source: V. Tharp, Definitive Guide to
    Position Sizing, 2008; the cap keeps a long test from looking good by its length alone.
    """
    results = np.asarray(result_in_r, dtype=np.float64)
    if len(results) < 2 or np.ptp(results) == 0:
        return None
    quality = results.mean() / results.std(ddof=1) * np.sqrt(min(len(results), SQN_TRADES))
    return float(quality)


def longest_streak(hits: ArrayLike) -> int:
    """The most trades in a row for which `hits` (booleans, in order) is true."""
    marks = np.concatenate(([False], np.asarray(hits, dtype=bool), [False]))
    edges = np.flatnonzero(marks[1:] != marks[:-1])
    return int((edges[1::2] - edges[::2]).max(initial=0))


def time_in_market(trades: ClosedTrades, start: int, end: int) -> float | None:
    """Share (0 to 1) of the time from `start` to `end` (UTC ms) with at least one trade open.

    Trades that overlap count once. None when no time passes.
    """
    if end <= start:
        return None
    order = np.argsort(trades.entry_time, kind="stable")
    opened = np.clip(trades.entry_time[order], start, end)
    closed = np.maximum.accumulate(np.clip(trades.exit_time[order], start, end))
    # What a trade adds begins where everything before it has ended.
    begins = np.maximum(opened, np.concatenate(([start], closed[:-1])))
    return float(np.maximum(closed - begins, 0).sum() / (end - start))


def average_holding(trades: ClosedTrades) -> float | None:
    """Mean time from entry to exit in ms; None without trades."""
    return float((trades.exit_time - trades.entry_time).mean()) if len(trades) else None


def turnover(trades: ClosedTrades, average_equity: float) -> float | None:
    """Value bought plus value sold, in multiples of the average equity; None without equity."""
    return float(trades.traded.sum()) / average_equity if average_equity > 0 else None


def share_of_gross_profit(amounts: ArrayLike, gross: ArrayLike) -> float | None:
    """The sum of `amounts` over what the winning trades earned before costs.

    Of fees: how much of the winnings the exchange takes. None without a winning trade.
    """
    results = np.asarray(gross, dtype=np.float64)
    earned = float(results[results > 0].sum())
    return float(np.asarray(amounts, dtype=np.float64).sum()) / earned if earned > 0 else None


def win_rate(net: ArrayLike) -> float | None:
    """Share (0 to 1) of results above zero; None without any."""
    results = np.asarray(net, dtype=np.float64)
    return float((results > 0).mean()) if len(results) else None
