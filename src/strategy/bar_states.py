"""What was known at the close of every bar, one row a bar (section 15, `--bars`)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from src.domain.candle import Timeframe
from src.strategy import records
from src.strategy.advance import fold_bar
from src.strategy.bars import bar_at, closed_candle
from src.strategy.calendar import Calendar
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import EXTERNAL, INTERNAL, READY
from src.strategy.compiled import Record, Records, compiled
from src.strategy.dealing_range import range_position
from src.strategy.draw import find_draw
from src.strategy.fold import Fold
from src.strategy.higher_timeframe import agreed_bias
from src.strategy.output import SETUP_COUNT, Output
from src.strategy.parameters import StrategyParameters
from src.strategy.room import missing_room
from src.strategy.score import score_entry
from src.strategy.sentences import window_names
from src.strategy.state import DAILY, FOUR_HOURS, State, Tables

COLUMNS = (
    "t",
    "ts",
    "atr",
    "trend_internal",
    "trend_external",
    "range_high",
    "range_low",
    "range_pos",
    "killzones",
    "bias_4h",
    "bias_1d",
    "bias",
    "dol_dir",
    "dol_price",
    "score_long",
    "score_short",
)


@compiled
def advance_described(
    state: State,
    parameters: Records,
    calendar: Calendar,
    candles: Records,
    first: int,
    last: int,
    described: Records,
    out: Output,
) -> tuple[int, int]:
    """As `advance`, writing the state after each bar beside it; setup rows are not kept."""
    memory, tables, params = state.memory[0], state.tables, parameters[0]
    for i in range(first, last):
        out.counts[SETUP_COUNT] = 0
        candle = closed_candle(candles[i])
        missing = missing_room(memory, tables, candle, out)
        if missing != READY:
            return i, missing
        fold_bar(memory, tables, params, calendar, candle, out)
        _describe(memory, tables, params, described[i])
    return last, READY


@compiled
def _describe(memory: Record, tables: Tables, params: Record, row: Record) -> None:
    t = memory.t - 1
    row.t, row.atr = t, memory.average[0].value
    row.trend_internal, row.trend_external = memory.trends[INTERNAL], memory.trends[EXTERNAL]
    row.range_high, row.range_low = memory.extremes[0], -memory.extremes[1]
    row.range_pos = range_position(memory, 0, t)
    row.windows = memory.windows
    row.bias_4h = memory.higher[FOUR_HOURS].trend
    row.bias_1d = memory.higher[DAILY].trend
    row.bias = agreed_bias(memory)
    closed = bar_at(memory, 0, t).close
    direction, slot = find_draw(memory, tables, closed)
    row.dol_dir = direction
    row.draw_known = 0 if np.isnan(memory.average[1 + DAILY].value) else 1
    row.dol_price = np.nan
    if slot >= 0:
        pool = tables.pools[slot]
        row.dol_price = pool.price * (1 - 2 * pool.side)
    # The draft is overwritten by the next candidate; its refusal is only read live.
    draft = memory.draft[0]
    score_entry(memory, tables, params, 0, closed, t, draft, False)
    row.score_long = draft.score
    score_entry(memory, tables, params, 1, -closed, t, draft, False)
    row.score_short = draft.score


def describe_bars(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float = 0.0,
    peer: CandleArrays | None = None,
) -> Iterator[dict[str, Any]]:
    """One dictionary a bar with the keys of COLUMNS; what is undefined is None.

    Raises InvalidCandle naming the first bar that cannot be true.
    """
    candles.check(timeframe)
    fold = Fold(parameters, timeframe.milliseconds, tick, record_events=False)
    rows = fold.describe(candles.rows(peer), advance_described)
    voting = fold.state.memory["higher"]["step"][0] > 0
    for row, time in zip(rows, candles.time, strict=True):
        shown: dict[str, Any] = {name: _plain(row[name]) for name in COLUMNS if name in _NAMES}
        shown["ts"] = int(time)
        shown["killzones"] = "|".join(window_names(int(row["windows"])))
        for name, k in (("bias_4h", FOUR_HOURS), ("bias_1d", DAILY)):
            shown[name] = shown[name] if voting[k] else None
        shown["dol_dir"] = shown["dol_dir"] if row["draw_known"] else None
        yield {name: shown[name] for name in COLUMNS}


_NAMES = frozenset(records.BAR_STATE.names or ())


def _plain(value: np.generic) -> int | float | None:
    number: int | float = value.item()
    return None if number != number else number
