"""Drives the compiled fold from Python: makes room when it asks, keeps every row it wrote."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from src.strategy import records
from src.strategy.advance import advance
from src.strategy.calendar import Calendar, build_calendar
from src.strategy.codes import (
    GROW_EVENTS,
    GROW_POOLS,
    GROW_RETRACEMENTS,
    GROW_SETUPS,
    GROW_ZONES,
    READY,
)
from src.strategy.compiled import Records, entry_point
from src.strategy.output import EVENT_COUNT, RECORD_EVENTS, SETUP_COUNT, Output
from src.strategy.parameters import StrategyParameters
from src.strategy.state import (
    State,
    new_state,
    with_larger_pools,
    with_larger_retracements,
    with_larger_zones,
)

# The kernel of bar_states, handed in because it is compiled only where it is used.
Described = Callable[
    [State, Records, Calendar, Records, int, int, Records, Output], tuple[int, int]
]


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
        self.state = new_state(step)
        self.numbers = parameters.numbers(tick)
        self._calendar = build_calendar(parameters.calendar == "new_york", parameters.index_hours)
        self._out = _new_output(record_events)
        self._advance = _advance_entry()

    def feed(self, candles: Records) -> Rows:
        """Fold candles (layout records.CANDLE, checked and in order)."""
        if candles.dtype is not records.CANDLE or not candles.flags.c_contiguous:
            candles = np.ascontiguousarray(candles, records.CANDLE)
        count, fixed = len(candles), (self.numbers, self._calendar, candles)
        self._out.counts[EVENT_COUNT] = self._out.counts[SETUP_COUNT] = 0
        done, missing = self._advance(self.state, *fixed, 0, count, self._out)
        while missing != READY:
            self._grow(missing)
            done, missing = self._advance(self.state, *fixed, done, count, self._out)
        return Rows(
            self._out.events[: self._out.counts[EVENT_COUNT]],
            self._out.setups[: self._out.counts[SETUP_COUNT]],
        )

    def describe(self, candles: Records, advance_described: Described) -> Records:
        """Fold candles as `feed`; returns one row of layout records.BAR_STATE for each."""
        count = len(candles)
        rows = np.zeros(count, records.BAR_STATE)
        done = 0
        while done < count:
            done, missing = advance_described(
                self.state, self.numbers, self._calendar, candles, done, count, rows, self._out
            )
            if missing != READY:
                self._grow(missing)
        return rows

    def _grow(self, missing: int) -> None:
        if missing == GROW_EVENTS:
            self._out = self._out._replace(events=_doubled(self._out.events))
        elif missing == GROW_SETUPS:
            self._out = self._out._replace(setups=_doubled(self._out.setups))
        else:
            self.state = grown(self.state, missing)


@cache
def _advance_entry() -> Callable[..., tuple[int, int]]:
    """`advance` for what every Fold hands to it."""
    return entry_point(
        advance,
        new_state(1),
        np.zeros(1, records.PARAMETERS),
        build_calendar(False, False),
        np.zeros(0, records.CANDLE),
        0,
        0,
        _new_output(False),
    )


def _new_output(record_events: bool) -> Output:
    out = Output(
        np.zeros(1024 if record_events else 1, records.EVENT_ROW),
        np.zeros(64, records.SETUP_ROW),
        np.zeros(3, np.int64),
    )
    out.counts[RECORD_EVENTS] = int(record_events)
    return out


def grown(state: State, missing: int) -> State:
    """The same memory with twice the room in one of its growing tables."""
    if missing == GROW_ZONES:
        return with_larger_zones(state, 2 * len(state.tables.zones))
    if missing == GROW_POOLS:
        return with_larger_pools(state, 2 * len(state.tables.pools))
    if missing == GROW_RETRACEMENTS:
        return with_larger_retracements(state, 2 * state.tables.retracements.shape[2])
    raise ValueError(f"the fold asked for unknown room: {missing}")


def _doubled(rows: Records) -> Records:
    larger = np.zeros(2 * len(rows), rows.dtype)
    larger[: len(rows)] = rows
    return larger
