"""Short-, intermediate- and long-term highs and lows (section 1, the ICT hierarchy).

A short-term high stands above the bar before it and not below the bar after it. An intermediate-
term high is a short-term high above both neighbouring short-term highs, a long-term high the same
among intermediate ones. Each rank is known when the neighbour on the right is.
"""

from typing import Any

import numpy as np

from src.strategy.added import Bars, Detector, Said, has_room, tell
from src.strategy.compiled import Record, Records, compiled

RANKS = ("short_term", "intermediate_term", "long_term")
RANK_COUNT = len(RANKS)
# A high and a low, each of every rank.
MOST_ROWS = 2 * RANK_COUNT
NO_REFERENCE = -1

_BAR = np.dtype([("high", np.float64)], align=True)
_SWING = np.dtype([("id", np.int64), ("origin", np.int64), ("price", np.float64)], align=True)
# Axis 2 is the side: lows are highs of negated prices. The newest row stands last.
_MEMORY = np.dtype(
    [
        ("newest_id", np.int64),
        ("bars", _BAR, (2, 2)),
        ("swings", _SWING, (2, RANK_COUNT, 2)),
        ("peaks", np.float64, (2, RANK_COUNT)),  # newest price of every rank
    ],
    align=True,
)


@compiled
def advance(memory: Records, bars: Bars, first: int, last: int, said: Said) -> int:
    """Fold bars first:last; a candle confirms the one before it."""
    here = memory[0]
    for i in range(first, last):
        if not has_room(said, MOST_ROWS):
            return i
        candle = bars.candles[i]
        _turn(here, 0, candle.high, bars.first_t + i, said)
        _turn(here, 1, -candle.low, bars.first_t + i, said)
    return last


@compiled
def _turn(here: Record, side: int, high: float, t: int, said: Said) -> None:
    """Bar t-1 is a short-term high if it stands above bar t-2 and not below bar t."""
    older, newer = here.bars[side, 0], here.bars[side, 1]
    if newer.high > older.high and newer.high >= high:
        here.newest_id += 1
        _rise(here, side, here.newest_id, t - 1, newer.high, t, said)
    older.high = newer.high
    newer.high = high


@compiled
def _rise(
    here: Record, side: int, identity: int, origin: int, price: float, t: int, said: Said
) -> None:
    """Report a short-term high, then whatever each rank's newest neighbour now proves."""
    sign = 1 - 2 * side
    for rank in range(RANK_COUNT):
        tell(said, t, rank, identity, sign, origin, NO_REFERENCE, price * sign, np.nan)
        here.peaks[side, rank] = price * sign
        left, middle = here.swings[side, rank, 0], here.swings[side, rank, 1]
        proved = middle.price > left.price and middle.price > price
        proved_id, proved_origin, proved_price = middle.id, middle.origin, middle.price
        left.id, left.origin, left.price = middle.id, middle.origin, middle.price
        middle.id, middle.origin, middle.price = identity, origin, price
        if not proved:
            return
        identity, origin, price = proved_id, proved_origin, proved_price


def _keys(row: Record) -> dict[str, Any]:
    return {"t_origin": int(row["t_origin"]), "price": float(row["price_1"])}


def _view(here: Record) -> dict[str, float | int | None]:
    """The newest high and low of every rank."""
    return {
        f"{name}_{word}": None if np.isnan(price) else float(price)
        for word, peaks in zip(("high", "low"), here["peaks"], strict=True)
        for name, price in zip(RANKS, peaks, strict=True)
    }


SWING_HIERARCHY = Detector(
    name="swing_hierarchy",
    events=RANKS,
    memory=_MEMORY,
    advance=advance,
    keys=_keys,
    view=_view,
    reads_core=False,
)
