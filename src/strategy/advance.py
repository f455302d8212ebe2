"""The fold: one closed candle or a million through the same code, in the order of section 0."""

from src.strategy.bars import bar_at, mark_displacement, store_bar, update_average_range
from src.strategy.calendar_pools import roll_periods
from src.strategy.codes import EXTERNAL
from src.strategy.compiled import Record, Records, compiled
from src.strategy.dealing_range import extend_range
from src.strategy.equal_levels import join_equal_levels
from src.strategy.fvg import find_gaps
from src.strategy.higher_timeframe import fold_higher
from src.strategy.liquidity import SWING_STEP, create_pool, forget_broken_hunts, take_pools
from src.strategy.memory import missing_room
from src.strategy.models import consider_models
from src.strategy.optimal_entry import follow_retracements
from src.strategy.output import Output
from src.strategy.parameters import Parameters
from src.strategy.setups import watch_setups
from src.strategy.state import State
from src.strategy.structure import break_structure, start_leg
from src.strategy.swings import confirm_swing, is_swing_high
from src.strategy.zones import create_children, end_zones, expire_gaps, touch_zones


@compiled
def advance(
    state: State, params: Parameters, candles: Records, first: int, last: int, out: Output
) -> tuple[int, int]:
    """Fold candles[first:last]; returns (candles consumed up to, READY or what must grow first).

    Room for everything one bar could add is checked before the bar is begun, so stopping for a
    larger buffer never leaves a bar half done.
    """
    for i in range(first, last):
        missing = missing_room(state, out)
        if missing != 0:
            return i, missing
        _fold_bar(state, params, candles[i], out)
    return last, 0


@compiled
def _fold_bar(state: State, params: Parameters, candle: Record, out: Output) -> None:
    """Everything one closed candle changes. The numbers are the steps of section 0."""
    core = state.core[0]
    t = core.t
    _begin_bar(state, candle, t)
    # 1. Calendar: finished periods become pools; opening gaps.
    roll_periods(
        state.pools, state.period_pools, state.periods, state.ids, candle, t, core.step, out
    )
    # 2. ATR. Every test below uses the value before this bar.
    core.before_atr = state.average[0].value
    update_average_range(state.average[0], candle.high, candle.low, candle.close)
    mark_displacement(state.bars, t, core.before_atr, params)
    # 3. Zones known before this bar.
    _age_zones(state, params, t, out)
    # 4. Pools known before this bar; then what ended zones turn into.
    forget_broken_hunts(state.hunts, state.bars, t)
    take_pools(
        state.pools,
        state.bars,
        state.sweeps,
        state.hunts,
        state.taken,
        t,
        candle.windows,
        params.turtle_soup_age,
        out,
    )
    create_children(state.zones, state.ids, state.taken, state.fresh, t, out)
    # 5. Fair value gaps and balanced price ranges.
    find_gaps(state, params, t, core.before_atr, candle, out)
    # 6. Structure breaks, with their order blocks and OTE legs.
    break_structure(state, params, t, out)
    # 7. Swings confirmed by this bar, their pools and equal levels.
    _confirm_swings(state, params, t, out)
    # 8. Dealing range.
    extend_range(state.extremes, state.bars, t)
    # 9. Higher timeframes whose candle ends here.
    fold_higher(state.higher, state.higher_bars, state.average, candle, core.step)
    # 10. Setups: those waiting, then new ones with bias, draw and score.
    watch_setups(state, candle, t, out)
    consider_models(state, params, candle, t, out)
    core.t = t + 1


@compiled
def _begin_bar(state: State, candle: Record, t: int) -> None:
    core = state.core[0]
    is_next = t > 0 and candle.time - core.last_time == core.step
    core.contiguous = core.contiguous + 1 if is_next else 0
    core.last_time = candle.time
    core.windows = candle.windows
    store_bar(state.bars, t, candle.open, candle.high, candle.low, candle.close)


@compiled
def _age_zones(state: State, params: Parameters, t: int, out: Output) -> None:
    for side in range(2):
        touch_zones(state.zones, side, t, bar_at(state.bars, side, t).low, out)
    for side in range(2):
        end_zones(state.zones, side, t, bar_at(state.bars, side, t).close, out)
        if params.fvg_max_age > 0:
            expire_gaps(state.zones, side, t, params.fvg_max_age, out)
    follow_retracements(state.retracements, state.fresh, state.bars, t, out)


@compiled
def _confirm_swings(state: State, params: Parameters, t: int, out: Output) -> None:
    """Internal before external, highs before lows; a swing's own pool before its equals."""
    for degree in range(2):
        width = params.internal_degree if degree == 0 else params.external_degree
        for side in range(2):
            if not is_swing_high(state.bars, side, t, width):
                continue
            p = t - width
            confirm_swing(
                state.swings, state.swing_counts, state.bars, state.ids, degree, side, p, t, out
            )
            price = bar_at(state.bars, side, p).high
            create_pool(
                state.pools,
                state.ids,
                1 - side,
                degree,
                -1,
                -price,
                p,
                t,
                1,
                0,
                t,
                SWING_STEP,
                out,
            )
            join_equal_levels(
                state.swings[degree, side],
                state.swing_counts[degree, side] - 1,
                state.bars,
                state.pools,
                state.ids,
                degree,
                side,
                params.equal_atr_fraction * state.core[0].before_atr,
                t,
                out,
            )
            start_leg(state.legs[degree, side], state.bars, side, p, t, params.body_zone)
            if degree == EXTERNAL:
                state.extremes[side] = price
