"""Setups of added entry models: judged by the core's rules, watched beside the core's own."""

from typing import NamedTuple

import numpy as np

from src.strategy import records
from src.strategy.added import Bars
from src.strategy.codes import MODELS, NOTHING, TARGET_MULTIPLE, TARGET_OWN
from src.strategy.compiled import Integers, Record, Records, compiled
from src.strategy.draw import draw_ahead
from src.strategy.setups import NO_SWEEP, judge, outcome
from src.strategy.state import State, blank

CORE_MODELS = len(MODELS)


class Waiting(NamedTuple):
    """The newest setup of every added model and side (`live` is 1 while it waits), and the id
    each model's setups have reached."""

    setups: Records  # (model, side)
    newest_ids: Integers  # (model,)


class SetupRows(NamedTuple):
    """Setup rows written, and how many."""

    rows: Records
    counts: Integers


def nobody_waiting(models: int) -> Waiting:
    """No setup of any of so many added models."""
    return Waiting(blank((models, 2), records.SETUP_ROW), np.full(models, -1, np.int64))


@compiled
def watch_added(
    waiting: Waiting, bars: Bars, step: int, first: int, last: int, out: SetupRows
) -> None:
    """Let bars first:last trigger or cancel what waits; needs room for every waiting setup."""
    for i in range(first, last):
        candle = bars.candles[i]
        for model in range(waiting.setups.shape[0]):
            for side in range(2):
                row = waiting.setups[model, side]
                if row.live == 1:
                    _watch(row, candle, bars.first_t + i, candle.time + step, out)


@compiled
def _watch(row: Record, candle: Record, t: int, time: int, out: SetupRows) -> None:
    row.cancel_reason = 0
    if row.side == 0:
        row.event = outcome(row, candle.low, candle.high, candle.close, t, time)
    else:
        row.event = outcome(row, -candle.high, -candle.low, -candle.close, t, time)
    if row.event >= 0:
        row.live = 0
        _write(row, t, time, out)


@compiled
def _write(row: Record, t: int, time: int, out: SetupRows) -> None:
    row.event_t, row.event_time = t, time
    out.rows[out.counts[0]] = row
    out.counts[0] += 1


@compiled
def judge_proposal(
    state: State,
    parameters: Records,
    waiting: Waiting,
    model: int,
    proposals: Records,
    k: int,
    out: SetupRows,
) -> None:
    """Arm or refuse proposal k of a model; `state` is the core's at the close of that bar.

    A model with a live setup in the direction is not asked.
    """
    memory, params, proposal = state.memory[0], parameters[0], proposals[k]
    sign = proposal.dir
    side = 0 if sign > 0 else 1
    row = waiting.setups[model, side]
    if row.live == 1:
        return
    time = memory.last_time + memory.step
    row.model, row.side, row.market, row.t = CORE_MODELS + model, side, proposal.market, proposal.t
    row.armed_at, row.expires_time = time, NOTHING
    row.expires_bar = proposal.t + params.setup_bars
    row.atr, row.cancel_reason = memory.before_atr, 0
    row.entry, row.stop = proposal.entry * sign, proposal.stop * sign
    row.target, row.about_sweep = proposal.target * sign, NO_SWEEP
    row.prefers_draw = 1 if np.isnan(proposal.target) else 0
    row.target_source = TARGET_MULTIPLE if np.isnan(proposal.target) else TARGET_OWN
    row.zone_top = max(proposal.zone_top * sign, proposal.zone_bottom * sign)
    row.zone_bottom = min(proposal.zone_top * sign, proposal.zone_bottom * sign)
    draw = NOTHING
    if row.prefers_draw == 1:
        draw = draw_ahead(memory, state.tables, proposal.t, side)
    judge(memory, state.tables, params, row, draw, False)
    waiting.newest_ids[model] += 1
    row.id = waiting.newest_ids[model]
    _write(row, proposal.t, time, out)
