"""The fold: one closed candle or a million through the same code, in the order of section 0."""

import numpy as np

from src.strategy.bars import (
    bar_at,
    closed_candle,
    mark_displacement,
    seen_by,
    store_bar,
    update_average_range,
)
from src.strategy.calendar import Calendar
from src.strategy.calendar_pools import enter_span
from src.strategy.codes import (
    EXTERNAL,
    INTERNAL,
    NO_FLAGS,
    NOTHING,
    READY,
    WITHOUT_CALENDAR,
    WITHOUT_INTERNAL,
)
from src.strategy.compiled import Record, Records, code, compiled, inlined
from src.strategy.dealing_range import extend_range
from src.strategy.divergence import find_divergence, store_peer
from src.strategy.equal_levels import join_equal_levels
from src.strategy.fvg import find_gaps
from src.strategy.higher_timeframe import fold_higher
from src.strategy.liquidity import SWING_STEP, create_pool, forget_broken_hunts, take_pools
from src.strategy.models import consider_models
from src.strategy.occasions import lowest_bit
from src.strategy.opening_gaps import open_trading_day, touch_opening_gaps
from src.strategy.optimal_entry import follow_retracements
from src.strategy.output import Output
from src.strategy.room import missing_room
from src.strategy.setups import watch_setups
from src.strategy.state import PEER, State, Tables
from src.strategy.structure import break_structure, start_leg
from src.strategy.swings import LANES, confirm_swing, follow_candidates, try_candidate
from src.strategy.zones import (
    create_children,
    end_blocks_under,
    end_zones,
    expire_gaps,
    touch_zones,
)

# How many swings a swing's own pool holds.
SINGLE = code(1)
# Of what `follow_candidates` finds.
EXTERNAL_BITS = code(0b1100_1100)


@compiled
def advance(
    state: State,
    parameters: Records,
    calendar: Calendar,
    candles: Records,
    first: int,
    last: int,
    out: Output,
) -> tuple[int, int]:
    """Fold candles[first:last]; returns (candles consumed up to, READY or what must grow first).

    Room for everything one bar could add is checked before the bar is begun, so stopping for a
    larger buffer never leaves a bar half done.
    """
    memory, tables, params = state.memory[0], state.tables, parameters[0]
    for i in range(first, last):
        candle = closed_candle(candles[i])
        missing = missing_room(memory, tables, candle, out)
        if missing != READY:
            return i, missing
        fold_bar(memory, tables, params, calendar, candle, out)
    return last, READY


@inlined
def fold_bar(
    memory: Record,
    tables: Tables,
    params: Record,
    calendar: Calendar,
    candle: Record,
    out: Output,
) -> None:
    """Everything one closed candle changes. The numbers are the steps of section 0."""
    _begin_bar(memory, candle)
    # 1. Calendar: finished periods become pools; opening gaps.
    follows_clock = params.left_out & WITHOUT_CALENDAR == 0
    if follows_clock:
        if candle.time >= memory.span[0].until:
            enter_span(memory, tables, calendar, candle, out)
        open_trading_day(memory, params.synthetic_gaps, candle, out)
    # 2. ATR. Every test below uses the value before this bar.
    _update_ranges(memory, candle)
    mark_displacement(memory, params, candle)
    # 3. Zones and OTE legs known before this bar.
    _age_zones(memory, tables, params, candle, out)
    touch_opening_gaps(memory, candle, out)
    # 4. Pools known before this bar; then what ended zones turn into.
    forget_broken_hunts(memory, candle)
    take_pools(memory, tables, params, candle, out)
    create_children(memory, tables, params.left_out, out)
    # 5. Fair value gaps and balanced price ranges.
    find_gaps(memory, tables, params, candle, out)
    # 6. Structure breaks, with their order blocks and OTE legs.
    break_structure(memory, tables, params, candle, out)
    # 7. Swings confirmed by this bar, their pools, equal levels and SMT.
    _confirm_swings(memory, tables, params, candle, out)
    # 8. Dealing range.
    extend_range(memory, candle)
    # 9. Higher timeframes whose candle ends here.
    if follows_clock:
        fold_higher(memory, candle)
    # 10. Setups: those waiting, then new ones with bias, draw and score.
    watch_setups(memory, candle, out)
    consider_models(memory, tables, params, candle, out)
    memory.t += 1


@inlined
def _begin_bar(memory: Record, candle: Record) -> None:
    is_next = memory.t > 0 and candle.time - memory.last_time == memory.step
    memory.contiguous = memory.contiguous + 1 if is_next else 0
    memory.last_time = candle.time
    store_bar(memory.bars, memory.t, candle.open, candle.high, candle.low, candle.close)
    store_peer(memory, candle)


@inlined
def _update_ranges(memory: Record, candle: Record) -> None:
    memory.before_atr = memory.average[0].value
    update_average_range(memory.average[0], candle.high, candle.low, candle.close)
    memory.peer_before_atr = memory.average[PEER].value
    if not np.isnan(candle.peer_high):
        high, low = candle.peer_high, candle.peer_low
        update_average_range(memory.average[PEER], high, low, candle.peer_close)


@inlined
def _age_zones(memory: Record, tables: Tables, params: Record, candle: Record, out: Output) -> None:
    touch_zones(memory, tables, candle, out)
    end_zones(memory, tables, candle.close, out)
    for side in range(2):
        _, high, low, _ = seen_by(side, candle)
        if params.blocks_end_on_wick == 1:
            end_blocks_under(memory, tables, side, low, out)
        if params.fvg_max_age > 0:
            expire_gaps(memory, tables, side, params.fvg_max_age, out)
        follow_retracements(memory, tables, side, high, low, out)


@inlined
def _confirm_swings(
    memory: Record, tables: Tables, params: Record, candle: Record, out: Output
) -> None:
    """Internal before external, highs before lows."""
    found = follow_candidates(memory, params, candle)
    if params.left_out & WITHOUT_INTERNAL != 0:
        found &= EXTERNAL_BITS
    while found != 0:
        lane = lowest_bit(found)
        found &= found - 1
        if lane < LANES:
            degree = lane >> 1
            width = params.internal_degree if degree == INTERNAL else params.external_degree
            _confirm(memory, tables, params, degree, lane & 1, width, out)
        else:
            try_candidate(memory, lane & 1, params.external_degree)


@compiled
def _confirm(
    memory: Record,
    tables: Tables,
    params: Record,
    degree: int,
    side: int,
    width: int,
    out: Output,
) -> None:
    """What a swing brings: its own pool before its equals."""
    p = memory.t - width
    confirm_swing(memory, degree, side, p, out)
    price = bar_at(memory, side, p).high
    create_pool(
        memory,
        tables,
        SWING_STEP,
        1 - side,
        degree,
        NOTHING,
        -price,
        p,
        memory.t,
        SINGLE,
        NO_FLAGS,
        out,
    )
    tolerance = params.equal_atr_fraction * memory.before_atr
    join_equal_levels(memory, tables, degree, side, tolerance, out)
    find_divergence(memory, degree, side, width, out)
    start_leg(memory, degree, side, p, params.body_zone)
    if degree == EXTERNAL:
        memory.extremes[side] = price
