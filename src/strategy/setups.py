"""Setups: proposed by an entry model, armed or refused with reasons, then watched (section 14)."""

import numpy as np

from src.strategy.bars import seen_by
from src.strategy.codes import (
    ARMED,
    CANCELLED,
    NOTHING,
    REFUSED,
    REFUSED_REWARD,
    REFUSED_SCORE,
    REFUSED_STOP,
    SETUP,
    SETUP_EXPIRED,
    STOP_TRADED,
    TARGET_DRAW,
    TARGET_MULTIPLE,
    TARGET_TRADED,
    TRIGGERED,
    ZONE_INVERTED,
)
from src.strategy.compiled import Record, compiled, copy_record, inlined
from src.strategy.draw import weigh_draw
from src.strategy.occasions import lowest_bit, model_bit
from src.strategy.output import SETUP_COUNT, Output
from src.strategy.score import note_sweep, score_entry
from src.strategy.state import Tables

STOP_MARGIN = 0.1
NEAREST_STOP = 0.2
REWARD_MULTIPLE = 2.0
NO_SWEEP = -1


@inlined
def watch_setups(memory: Record, candle: Record, out: Output) -> None:
    """Let this bar trigger or cancel the setups armed before it."""
    live = memory.live_setups
    while live != 0:
        number = lowest_bit(live)
        live &= live - 1
        _watch(memory, number >> 1, number & 1, candle, out)


@inlined
def _watch(memory: Record, model: int, side: int, candle: Record, out: Output) -> None:
    row = memory.setups[model, side]
    row.cancel_reason = 0
    _, high, low, closed = seen_by(side, candle)
    row.event = outcome(row, low, high, closed, memory.t, candle.time + memory.step)
    if row.event >= 0:
        row.live = 0
        memory.live_setups &= ~model_bit(model, side)
        _write(memory, row, candle, out)


@compiled
def outcome(row: Record, low: float, high: float, closed: float, t: int, time: int) -> int:
    """TRIGGERED, CANCELLED (with its reason in the row) or -1 for still waiting.

    The prices are those of bar t as the setup's side sees them; `time` is when the bar ended.
    """
    # All at once: most bars decide nothing, and no single test could be foreseen.
    decided = (row.market == 1) | (low < row.entry) | (low <= row.stop) | (closed < row.zone_bottom)
    decided |= (high >= row.target) | (t >= row.expires_bar) | _deadline_passed(row, time)
    if not decided:
        return -1
    if row.market == 1 or low < row.entry:
        return TRIGGERED
    if low <= row.stop:
        row.cancel_reason = STOP_TRADED
    elif closed < row.zone_bottom:
        row.cancel_reason = ZONE_INVERTED
    elif high >= row.target:
        row.cancel_reason = TARGET_TRADED
    else:
        row.cancel_reason = SETUP_EXPIRED
    return CANCELLED


@inlined
def _deadline_passed(row: Record, time: int) -> bool:
    return bool((row.expires_time >= 0) & (row.expires_time <= time))


@inlined
def _write(memory: Record, row: Record, candle: Record, out: Output) -> None:
    row.event_t, row.event_time = memory.t, candle.time + memory.step
    copy_record(out.setups[out.counts[SETUP_COUNT]], row)
    out.counts[SETUP_COUNT] += 1


@compiled
def start_draft(memory: Record, params: Record, candle: Record, model: int, side: int) -> Record:
    """A blank candidate of the model at this bar: a limit entry aiming at the draw on liquidity."""
    row = memory.draft[0]
    row.model, row.side, row.market, row.t = model, side, 0, memory.t
    row.armed_at = candle.time + memory.step
    row.expires_bar, row.expires_time = memory.t + params.setup_bars, -1
    row.atr, row.cancel_reason = memory.before_atr, 0
    row.target, row.target_source, row.prefers_draw = np.nan, TARGET_MULTIPLE, 1
    row.about_sweep = NO_SWEEP
    row.zone_top, row.zone_bottom = np.nan, np.nan
    return row


@inlined
def propose(memory: Record, tables: Tables, params: Record, candle: Record, out: Output) -> None:
    """Arm or refuse the drafted candidate at the close of this bar."""
    row = memory.draft[0]
    draw = weigh_draw(memory, tables, row.side) if row.prefers_draw == 1 else NOTHING
    judge(memory, tables, params, row, draw, True)
    row.id = memory.ids[SETUP]
    memory.ids[SETUP] += 1
    _write(memory, row, candle, out)
    if row.live == 1:
        copy_record(memory.setups[row.model, row.side], row)
        memory.live_setups |= model_bit(row.model, row.side)


@inlined
def judge(
    memory: Record, tables: Tables, params: Record, row: Record, draw: int, forgets: bool
) -> None:
    """Score a candidate at the close of its bar, the newest one, and decide: armed or refused.

    Its prices are in the side's coordinates. `draw` is the slot of the pool that draws price its
    way. Without one (-1) the drafted target stands; a NaN target becomes twice the risk.
    `forgets` is for `score_entry`.
    """
    score_entry(memory, tables, params, row.side, row.entry, row.t, row, forgets)
    if row.about_sweep != NO_SWEEP:
        note_sweep(row, memory.hunts[row.side, row.about_sweep])
    _aim(tables, row, draw, params.minimum_reward)
    row.refusals = _refusals(row, params)
    row.event = ARMED if row.refusals == 0 else REFUSED
    row.live = 1 if row.refusals == 0 else 0


@inlined
def _aim(tables: Tables, row: Record, draw: int, minimum_reward: float) -> None:
    """Choose the target and measure the reward in multiples of the risk."""
    risk = row.entry - row.stop
    row.target_1 = row.target
    row.draw_kind, row.draw_session, row.draw_price = -1, -1, np.nan
    if draw >= 0:
        pool = tables.pools[draw]
        row.draw_kind, row.draw_session, row.draw_price = pool.kind, pool.session, -pool.price
    if row.draw_price > row.entry:
        row.target, row.target_source = row.draw_price, TARGET_DRAW
    if np.isnan(row.target):
        row.target_source = TARGET_MULTIPLE
        row.reward = max(REWARD_MULTIPLE, minimum_reward)
        row.target = row.entry + row.reward * risk
    else:
        row.reward = (row.target - row.entry) / risk if risk > 0.0 else 0.0


@inlined
def _refusals(row: Record, params: Record) -> int:
    """Every reason not to take the setup, as bits."""
    bits = 0
    if not row.reward >= params.minimum_reward:
        bits |= REFUSED_REWARD
    if not row.entry - row.stop >= NEAREST_STOP * row.atr:
        bits |= REFUSED_STOP
    if row.score < params.threshold:
        bits |= REFUSED_SCORE
    return bits
