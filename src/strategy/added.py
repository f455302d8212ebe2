"""What an added detector or entry model is made of; docs/extending.md is the recipe.

An addition is a small compiled fold of its own. It runs after the core, hears the same candles and
what the core said at each, and remembers only its own memory. The core never hears of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from src.strategy.compiled import Integers, Record, Records, compiled

# What a detector says: one event of one of its objects, prices as the market has them.
TOLD = np.dtype(
    [(name, np.int64) for name in ("t", "event", "id", "dir", "t_origin", "reference")]
    + [(name, np.float64) for name in ("price_1", "price_2", "price_3", "price_4")],
    align=True,
)
# What an entry model proposes at the close of bar t, prices as the market has them. `market` is 1
# for an entry at the next open, else the entry is a limit; a `target` of NaN leaves the choice to
# the draw on liquidity, else to a multiple of the risk.
PROPOSED = np.dtype(
    [(name, np.int64) for name in ("t", "dir", "market")]
    + [(name, np.float64) for name in ("entry", "stop", "target", "zone_top", "zone_bottom")],
    align=True,
)


class Bars(NamedTuple):
    """Closed candles and what the core said at the close of each.

    Candle i (layout records.CANDLE) is bar number `first_t + i`; the core's events of that bar
    (layout records.EVENT_ROW) are core[starts[i]] up to, not including, core[starts[i + 1]].
    """

    candles: Records
    core: Records
    starts: Integers
    first_t: int


class Said(NamedTuple):
    """Rows an addition has written; `counts[0]` says how many."""

    rows: Records
    counts: Integers


# Folds bars first:last into the memory (one record); returns the bar before which room ran out,
# `last` when it did not.
Advance = Callable[[Records, Bars, int, int, Said], int]


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector beside the core. `name` is its kind in the export.

    `events` are the names of its events in the order in which one object passes them on one bar;
    `memory` is the layout of what it remembers, where every integer begins as -1 and every price
    as NaN; `keys` gives what a row (layout TOLD) tells beyond its bar, kind, event, id and
    direction; `view` what the live view shows of the memory. `reads_core` may be False when it
    needs the candles only, which spares a live strategy the writing of event rows.
    """

    name: str
    events: tuple[str, ...]
    memory: np.dtype[np.void]
    advance: Advance
    keys: Callable[[Record], dict[str, Any]]
    view: Callable[[Record], Mapping[str, float | int | None]]
    reads_core: bool = True


@dataclass(frozen=True, slots=True)
class EntryModel:
    """An entry model beside the core's. `name` is what the parameter `models` lists.

    `advance` writes proposals (layout PROPOSED), at most one a bar and direction. Each is scored,
    armed or refused, and watched as the setups of the core are. `words` names it in sentences
    ("gap return"); `reason` is the sentence about its entry, given the words for the zone
    ("from 1 to 2"), the entry price, and whether it is a long.
    """

    name: str
    words: str
    memory: np.dtype[np.void]
    advance: Advance
    reason: Callable[[str, str, bool], str]
    reads_core: bool = True


@compiled
def has_room(said: Said, rows: int) -> bool:
    """Whether a bar may still write so many rows. Ask before a bar is begun."""
    return bool(len(said.rows) - said.counts[0] >= rows)


@compiled
def tell(
    said: Said,
    t: int,
    event: int,
    identity: int,
    direction: int,
    origin: int,
    reference: int,
    price_1: float,
    price_2: float,
) -> None:
    """Write one event of a detector."""
    row = said.rows[said.counts[0]]
    said.counts[0] += 1
    row.t, row.event, row.id, row.dir = t, event, identity, direction
    row.t_origin, row.reference = origin, reference
    row.price_1, row.price_2 = price_1, price_2


@compiled
def propose_limit(
    said: Said,
    t: int,
    direction: int,
    entry: float,
    stop: float,
    target: float,
    zone_top: float,
    zone_bottom: float,
) -> None:
    """Propose a limit entry in a zone; a close beyond the zone cancels it."""
    row = said.rows[said.counts[0]]
    said.counts[0] += 1
    row.t, row.dir, row.market = t, direction, 0
    row.entry, row.stop, row.target = entry, stop, target
    row.zone_top, row.zone_bottom = zone_top, zone_bottom


@compiled
def propose_market(
    said: Said, t: int, direction: int, entry: float, stop: float, target: float
) -> None:
    """Propose an entry at the next open; `entry` is the close, for size and score."""
    propose_limit(said, t, direction, entry, stop, target, np.nan, np.nan)
    said.rows[said.counts[0] - 1].market = 1
