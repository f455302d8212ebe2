"""Other libraries on the same candles, when they are installed: their speed and their past.

Each is asked for what it has in common with this strategy: gaps, swings, breaks of structure,
order blocks, liquidity (and pyvsmc's premium and discount zones), with its own defaults.
"""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import Event

# Facts that belong to a later bar by their nature; a library may fill them in later.
LATER_FACTS = frozenset({"MitigatedIndex", "BrokenIndex", "End", "Swept"})
LABELS = frozenset({"FVG", "HighLow", "BOS", "CHOCH", "OB", "Liquidity"})


def installed() -> dict[str, Callable[[CandleArrays], object]]:
    """The whole comparable set of every library that can be imported, by its name."""
    known = {"smartmoneyconcepts": smartmoneyconcepts, "pyvsmc": pyvsmc}
    return {name: work for name, work in known.items() if find_spec(name)}


def smartmoneyconcepts(candles: CandleArrays) -> dict[str, pd.DataFrame]:
    """Its tables by name, one row a candle."""
    os.environ["SMC_CREDIT"] = "0"
    library: Any = import_module("smartmoneyconcepts").smc
    frame = pd.DataFrame(
        {
            "open": candles.open,
            "high": candles.high,
            "low": candles.low,
            "close": candles.close,
            "volume": np.ones(len(candles)),
        }
    )
    swings = library.swing_highs_lows(frame)
    return {
        "fvg": library.fvg(frame),
        "swing": swings,
        "structure": library.bos_choch(frame, swings),
        "ob": library.ob(frame, swings),
        "liquidity": library.liquidity(frame, swings),
    }


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


def smartmoneyconcepts_readings(candles: CandleArrays, *_: object) -> Iterator[Event]:
    """Every label that smartmoneyconcepts writes, at the row where it stands, for the certificate.

    A label is what its table says in that row, without LATER_FACTS.
    """
    if len(candles) < 3:
        return
    for kind, table in smartmoneyconcepts(candles).items():
        kept = table.drop(columns=[name for name in table.columns if name in LATER_FACTS])
        labels = [name for name in kept.columns if name in LABELS]
        written = kept[(kept[labels].fillna(0) != 0).any(axis=1)]
        columns = [str(name) for name in kept.columns]
        for row, values in zip(written.index, written.itertuples(index=False), strict=True):
            said = dict(zip(columns, values, strict=True))
            yield {"t": int(row), "kind": kind, "id": int(row), "event": "label", **said}
