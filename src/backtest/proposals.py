"""The strategy over a whole history: what it proposes at each close, symbol by symbol."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import ARMED, REFUSED
from src.strategy.compiled import Integers, Records
from src.strategy.parameters import StrategyParameters
from src.strategy.records import SETUP_ROW
from src.strategy.whole_fold import WholeFold

CHUNK = 8192
"""Candles folded at a time: what belongs to them stays in the processor's cache."""
CANDLES_A_SETUP, CANDLES_AN_ENDING = 4, 16
"""Room is made for one in so many candles; where there are more, it grows.

Both rooms together are less than twice the larger one: the allocator keeps such memory for the
next run, and would otherwise give it back and have every page of it cleared anew.
"""

NEVER = np.iinfo(np.int64).max
MODEL_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True)
class Proposals:
    """Setups armed or refused while the account lived, in order of time.

    `rows` have the layout records.SETUP_ROW. Of those armed, `ended_at` is the instant (UTC ms) at
    which the strategy considered the setup over (NEVER if the candles end before) and `endings`
    the number of the row, in `ending_rows`, that said so (-1: none).
    """

    rows: Records
    ended_at: Integers
    endings: Integers
    ending_rows: Records


Alter = Callable[[Proposals, CandleArrays], Proposals]
"""Something else in the place of what the strategy proposed on one symbol's candles."""


def unaltered(proposals: Proposals, _candles: CandleArrays) -> Proposals:
    """What the strategy proposed."""
    return proposals


def propose(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    begins_at: int,
    folded: Callable[[int], None],
    peer: CandleArrays | None = None,
) -> Proposals:
    """Fold all candles, beside those of the `peer` for SMT; keep what was proposed after
    `begins_at` (UTC ms).

    `folded` is told the number of candles of each part when it is done.
    """
    fold = WholeFold(parameters, timeframe.milliseconds, tick, record_events=False)
    proposed, ended = (
        _Collected((len(candles) + CHUNK) // each) for each in (CANDLES_A_SETUP, CANDLES_AN_ENDING)
    )
    for setups in _folded_parts(fold, candles, peer, folded):
        is_proposed = (setups["event"] == ARMED) | (setups["event"] == REFUSED)
        lives = setups["event_time"] > begins_at
        proposed.add(setups, np.flatnonzero(is_proposed & lives))
        ended.add(setups, np.flatnonzero(~is_proposed))
    rows, ending_rows = proposed.rows, ended.rows
    endings = _match(_names(rows), _names(ending_rows))
    ended_at = np.full(len(rows), NEVER)
    known = endings >= 0
    ended_at[known] = ending_rows["event_time"][endings[known]]
    return Proposals(rows, ended_at, endings, ending_rows)


class _Collected:
    """Chosen setup rows, one behind the other."""

    def __init__(self, room: int) -> None:
        self._kept = np.empty(room, SETUP_ROW)
        self._count = 0

    @property
    def rows(self) -> Records:
        """Everything added."""
        return self._kept[: self._count]

    def add(self, setups: Records, chosen: Integers) -> None:
        """Keep the chosen ones of some rows."""
        end = self._count + len(chosen)
        if end > len(self._kept):
            larger = np.empty(2 * end, SETUP_ROW)
            larger[: self._count] = self.rows
            self._kept = larger
        # `clip` because the places are valid: otherwise numpy copies everything once more.
        np.take(setups, chosen, out=self._kept[self._count : end], mode="clip")
        self._count = end


def _folded_parts(
    fold: WholeFold,
    candles: CandleArrays,
    peer: CandleArrays | None,
    folded: Callable[[int], None],
) -> Iterator[Records]:
    """Setup rows of each part of the candles, valid until the next."""
    for rows in candles.stretches(CHUNK, peer):
        yield fold.feed(rows).setups
        folded(len(rows))


def _names(setups: Records) -> Integers:
    """One number for each setup: ids are counted model by model where models were added."""
    names: Integers = setups["id"] * MODEL_LIMIT + setups["model"]
    return names


def _match(wanted: NDArray[np.int64], known: NDArray[np.int64]) -> Integers:
    """For each wanted id its place among the known ones, -1 where there is none."""
    places = np.full(len(wanted), -1)
    if len(known):
        order = np.argsort(known, kind="stable")
        found = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
        place = order[found]
        same = known[place] == wanted
        places[same] = place[same]
    return places
