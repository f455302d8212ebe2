"""Drives the compiled fold from Python: makes room when it asks, keeps every row it wrote."""

from dataclasses import dataclass

import numpy as np

from src.strategy import records
from src.strategy.advance import advance
from src.strategy.calendar import build_calendar, mark_calendar
from src.strategy.codes import (
    GROW_EVENTS,
    GROW_POOLS,
    GROW_RETRACEMENTS,
    GROW_SETUPS,
    GROW_ZONES,
    READY,
)
from src.strategy.compiled import Integers, Records
from src.strategy.output import EVENT_COUNT, RECORD_EVENTS, SETUP_COUNT, Output
from src.strategy.parameters import StrategyParameters
from src.strategy.state import (
    FREE_POOLS,
    FREE_ZONES,
    Pools,
    Retracements,
    State,
    Zones,
    new_pools,
    new_retracements,
    new_state,
    new_zones,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a stretch of candles produced: event rows (empty unless wanted) and setup rows."""

    events: Records
    setups: Records


class Fold:
    """One symbol and timeframe being folded; `state` is everything it remembers.

    `step` is the candle length in milliseconds and `tick` the smallest price step (0: unknown).
    """

    def __init__(
        self, parameters: StrategyParameters, step: int, tick: float, record_events: bool
    ) -> None:
        self.state = new_state(parameters, step)
        self._step = step
        self.numbers = parameters.numbers(tick, record_events)
        self._calendar = build_calendar(parameters.calendar == "new_york", parameters.index_hours)
        self._out = Output(
            np.zeros(1024 if record_events else 1, records.EVENT_ROW),
            np.zeros(64, records.SETUP_ROW),
            np.zeros(3, np.int64),
        )
        self._out.counts[RECORD_EVENTS] = int(record_events)

    def feed(self, candles: Records) -> Rows:
        """Fold candles (layout records.CANDLE, prices and times filled, checked and in order).

        Fills their calendar fields in place.
        """
        count = len(candles)
        mark_calendar(candles, count, self._calendar, self._step)
        self._out.counts[EVENT_COUNT] = self._out.counts[SETUP_COUNT] = 0
        done, missing = advance(self.state, self.numbers, candles, 0, count, self._out)
        while missing != READY:
            self._grow(missing)
            done, missing = advance(self.state, self.numbers, candles, done, count, self._out)
        return Rows(
            self._out.events[: self._out.counts[EVENT_COUNT]],
            self._out.setups[: self._out.counts[SETUP_COUNT]],
        )

    def _grow(self, missing: int) -> None:
        if missing == GROW_EVENTS:
            self._out = self._out._replace(events=_doubled(self._out.events))
        elif missing == GROW_SETUPS:
            self._out = self._out._replace(setups=_doubled(self._out.setups))
        else:
            self.state = grown(self.state, missing)


def grown(state: State, missing: int) -> State:
    """The same memory with twice the room in one of its growing tables."""
    if missing == GROW_ZONES:
        return state._replace(zones=_grown_zones(state.zones))
    if missing == GROW_POOLS:
        return state._replace(pools=_grown_pools(state.pools))
    if missing == GROW_RETRACEMENTS:
        return state._replace(retracements=_grown_retracements(state.retracements))
    raise ValueError(f"the fold asked for unknown room: {missing}")


def _doubled(rows: Records) -> Records:
    larger = np.zeros(2 * len(rows), rows.dtype)
    larger[: len(rows)] = rows
    return larger


def _grown_zones(zones: Zones) -> Zones:
    capacity = len(zones.table)
    larger = new_zones(2 * capacity)
    _copy_over(zones, larger)
    _add_free_slots(larger.free, larger.counts[FREE_ZONES], capacity)
    return larger


def _grown_pools(pools: Pools) -> Pools:
    capacity = len(pools.table)
    larger = new_pools(2 * capacity)
    _copy_over(pools, larger)
    _add_free_slots(larger.free, larger.counts[FREE_POOLS], capacity)
    return larger


def _grown_retracements(retracements: Retracements) -> Retracements:
    larger = new_retracements(2 * retracements.floating.shape[1])
    _copy_over(retracements, larger)
    return larger


def _copy_over(tables: Zones | Pools | Retracements, larger: Zones | Pools | Retracements) -> None:
    for old, new in zip(tables, larger, strict=True):
        new[..., : old.shape[-1]] = old


def _add_free_slots(free: Integers, counts: Integers, capacity: int) -> None:
    """The new half of a table is free, its lowest slot first; slots in use keep their number."""
    kept = int(counts[0])
    free[capacity : capacity + kept] = free[:kept]
    free[:capacity] = np.arange(2 * capacity - 1, capacity - 1, -1)
    counts[0] = capacity + kept
