"""The library smartmoneyconcepts on the same candles, where it is installed: what it says, and how
much of that it rewrites, beside this strategy.

It is asked for what it has in common with this strategy, with its own defaults. It is no
requirement of the product. Set SMC_CREDIT=0 before, or it prints an advertisement when imported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.certificate import Certificate, Tally, certify
from src.strategy.export import Event
from src.strategy.parameters import StrategyParameters

if TYPE_CHECKING:
    import pandas as pd

LIBRARY = "smartmoneyconcepts"
# Facts that belong to a later bar by their nature; the library may fill them in later.
LATER_FACTS = frozenset({"MitigatedIndex", "BrokenIndex", "End", "Swept"})
LABELS = frozenset({"FVG", "HighLow", "BOS", "CHOCH", "OB", "Liquidity"})
# Its tables, and the kind of ours that means the same.
SAME_KINDS = {
    "swing": "swing",
    "structure": "structure",
    "fvg": "fvg",
    "ob": "ob",
    "liquidity": "pool",
}
# It computes a history anew for every length, and slowly. So many candles are compared, cut off at
# every length up to the second number and at each tenth one after it.
COMPARED_CANDLES = 1000
EVERY_LENGTH_TO = 300


@dataclass(frozen=True, slots=True)
class Comparison:
    """Certificates of the library and of this strategy, over the same candles and lengths."""

    version: str
    theirs: Certificate
    ours: Certificate


def is_installed() -> bool:
    """Whether the library can be imported."""
    return find_spec(LIBRARY) is not None


def compare(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    lengths: Sequence[int] | None = None,
) -> Comparison:
    """Certify both on the oldest COMPARED_CANDLES, cut off at the same lengths."""
    part = candles.first(COMPARED_CANDLES)
    cuts = lengths or [n for n in range(1, len(part)) if n <= EVERY_LENGTH_TO or n % 10 == 0]
    theirs = certify(
        part, timeframe, parameters, tick, analyse=readings, follow=None, resume=None, lengths=cuts
    )
    ours = certify(part, timeframe, parameters, tick, lengths=cuts)
    return Comparison(version(LIBRARY), theirs, ours)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Both certificates side by side, by kind, as a table for people."""
    theirs, ours = comparison.theirs, comparison.ours
    yield f"The first {theirs.candles:,} candles, cut off at {len(theirs.lengths):,} lengths:"
    yield f"{'':<12}{f'{LIBRARY} {comparison.version}':^40}{'this strategy':^40}"
    heads = "".join(f"{head:>10}" for head in ("readings", "added", "removed", "changed"))
    yield f"{'kind':<12}{heads}{heads}"
    for name, own in SAME_KINDS.items():
        counts = _counts(theirs.kinds.get(name, Tally())) + _counts(ours.kinds[own])
        yield f"{own:<12}{counts}"
    yield (
        f"It rewrote {theirs.rewritten:,} of its readings on them; "
        f"this strategy {ours.rewritten:,} of all its kinds."
    )


def _counts(tally: Tally) -> str:
    numbers = (tally.readings, tally.added, tally.removed, tally.changed)
    return "".join(f"{number:>10,}" for number in numbers)


def tables(candles: CandleArrays) -> "dict[str, pd.DataFrame]":
    """Its tables by name, one row a candle."""
    library: Any = import_module(LIBRARY).smc
    frame = import_module("pandas").DataFrame(
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


def readings(candles: CandleArrays, *_: object) -> Iterator[Event]:
    """Every label that the library writes, at the row where it stands, for the certificate.

    A label is what its table says in that row, without LATER_FACTS.
    """
    if len(candles) < 3:
        return
    for kind, table in tables(candles).items():
        kept = table.drop(columns=[name for name in table.columns if name in LATER_FACTS])
        labels = [name for name in kept.columns if name in LABELS]
        written = kept[(kept[labels].fillna(0) != 0).any(axis=1)]
        columns = [str(name) for name in kept.columns]
        for row, values in zip(written.index, written.itertuples(index=False), strict=True):
            said = dict(zip(columns, values, strict=True))
            yield {"t": int(row), "kind": kind, "id": int(row), "event": "label", **said}
