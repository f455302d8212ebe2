"""Other libraries on the same candles, when they are installed: their speed.

Each is asked for what it has in common with this strategy: gaps, swings, breaks of structure,
order blocks, liquidity (and pyvsmc's premium and discount zones), with its own defaults.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from src.strategy.candle_arrays import CandleArrays
from src.strategy.smart_money_concepts import tables


def installed() -> dict[str, Callable[[CandleArrays], object]]:
    """The whole comparable set of every library that can be imported, by its name."""
    known = {"smartmoneyconcepts": tables, "pyvsmc": pyvsmc}
    return {name: work for name, work in known.items() if find_spec(name)}


def pyvsmc(candles: CandleArrays) -> object:
    """Its results, with the lifecycles that this strategy keeps too."""
    library: Any = import_module("pyvsmc")
    high, low, close = candles.high, candles.low, candles.close
    return (
        library.detect_fvg(high, low, close=close, compute_mitigation=True),
        library.detect_swings(high, low),
        library.detect_structure(high, low, close),
        library.detect_order_blocks(candles.open, high, low, close, compute_mitigation=True),
        library.detect_liquidity(high, low, close),
        library.detect_zones(high, low, close),
    )
