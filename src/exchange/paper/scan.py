"""Where in a stretch of history something first happens to an entry or to a position.

The rule is that of matching.py, compiled. A scan only finds the candle; what happens there is
decided by the venue when it is shown that candle.
"""

from src.exchange.paper.matching import Bar, Hit, match_exit, match_limit
from src.strategy.compiled import Floats, compiled


@compiled
def first_entry(
    side: int, level: float, opened: Floats, high: Floats, low: Floats, first: int, last: int
) -> int:
    """Number of the first candle of [first, last) that fills a limit at `level`; else `last`."""
    for i in range(first, last):
        bar = Bar(opened[i], high[i], low[i], opened[i], high[i], low[i])
        if match_limit(side, level, bar) != Hit.NONE:
            return i
    return last


@compiled
def first_exit(
    direction: int,
    stop: float,
    target: float,
    opened: Floats,
    high: Floats,
    low: Floats,
    first: int,
    last: int,
) -> int:
    """Number of the first candle of [first, last) that ends a position; else `last`.

    The position must have been filled before candle `first` opened.
    """
    for i in range(first, last):
        bar = Bar(opened[i], high[i], low[i], opened[i], high[i], low[i])
        match = match_exit(direction, stop, target, bar, False)
        if match.stop != Hit.NONE or match.target != Hit.NONE:
            return i
    return last
