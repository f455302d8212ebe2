"""Order blocks and mitigation blocks, born from a structure break (section 6)."""

from src.strategy.bars import bar_at
from src.strategy.codes import CREATED, MITIGATION, ORDER_BLOCK
from src.strategy.compiled import Record, Records, compiled
from src.strategy.output import Output, emit_zone
from src.strategy.state import FRESH_BLOCK, RING, State
from src.strategy.swings import newest_swing
from src.strategy.zones import add_zone

BLOCK_STEP = 6
ORIGIN_BARS = 10
HIGHER_LOW = -1


@compiled
def find_origin_block(leg: Record, bars: Records, side: int, q: int, body_zone: int) -> None:
    """Put into the leg the last down-close candle in the ten bars before displacement bar q."""
    lowest = bar_at(bars, side, q).low
    leg.block_at = -1
    for k in range(q - 1, max(leg.origin, q - ORIGIN_BARS) - 1, -1):
        bar = bar_at(bars, side, k)
        lowest = bar.low if k == q - 1 else min(lowest, bar.low)
        if bar.close < bar.open:
            leg.block_at = k
            leg.block_open, leg.block_middle = bar.open, (bar.open + bar.close) / 2
            leg.block_top = bar.open if body_zone == 1 else bar.high
            leg.block_bottom = bar.close if body_zone == 1 else lowest
            return


@compiled
def create_order_block(
    state: State, leg: Record, degree: int, side: int, t: int, out: Output
) -> None:
    """Emit the broken leg's order block, once per candle for ever."""
    if leg.block_at < 0 or leg.displaced_at < 0:
        return
    origins = state.block_origins[degree, side]
    for i in range(RING):
        if origins[i] == leg.block_at:
            return
    origins[state.block_counts[degree, side] & (RING - 1)] = leg.block_at
    state.block_counts[degree, side] += 1
    newest_gap = state.gaps[side, (state.gap_counts[side] - 1) & (RING - 1)]
    # A gap is known one bar after the bar it opens around, so this is t_origin in [q, t-1].
    has_gap = 1 if newest_gap.known - 1 >= leg.displaced_at else 0
    slot = add_zone(
        state.zones,
        ORDER_BLOCK,
        state.ids[ORDER_BLOCK],
        side,
        t,
        leg.block_at,
        degree,
        -1,
        has_gap,
        leg.block_top,
        leg.block_middle,
        leg.block_bottom,
        leg.block_open,
    )
    zone = state.zones.table[slot]
    state.ids[ORDER_BLOCK] += 1
    emit_zone(out, t, BLOCK_STEP, CREATED, zone)
    fact = state.fresh[side, FRESH_BLOCK]
    fact.t, fact.id, fact.degree, fact.slot = t, zone.id, degree, slot
    fact.top, fact.middle, fact.bottom, fact.open = zone.top, zone.middle, zone.bottom, zone.open


@compiled
def create_mitigation_block(state: State, degree: int, side: int, t: int, out: Output) -> None:
    """On a break whose latest opposite swing failed (a higher low before a break up)."""
    if state.swing_counts[degree, 1 - side] == 0:
        return
    failed = newest_swing(state.swings, state.swing_counts, degree, 1 - side)
    if failed.label != HIGHER_LOW or failed.opposite_at < 0:
        return
    middle = (failed.opposite_high + failed.opposite_low) / 2
    slot = add_zone(
        state.zones,
        MITIGATION,
        state.ids[MITIGATION],
        side,
        t,
        failed.opposite_at,
        degree,
        -1,
        0,
        failed.opposite_high,
        middle,
        failed.opposite_low,
        middle,
    )
    state.ids[MITIGATION] += 1
    emit_zone(out, t, BLOCK_STEP, CREATED, state.zones.table[slot])
