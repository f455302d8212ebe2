"""Order blocks and mitigation blocks, born from a structure break (section 6)."""

from src.strategy.bars import bar_at
from src.strategy.codes import BLOCK_RETEST, MITIGATION, NO_FLAGS, NOTHING, ORDER_BLOCK
from src.strategy.compiled import Record, code, compiled
from src.strategy.occasions import give_occasion
from src.strategy.output import Output
from src.strategy.records import RING
from src.strategy.state import FRESH_BLOCK, Tables
from src.strategy.swings import newest_swing
from src.strategy.zones import add_zone

BLOCK_STEP = code(6)
ORIGIN_BARS = 10
HIGHER_LOW = -1


@compiled
def find_origin_block(leg: Record, memory: Record, side: int, q: int, body_zone: int) -> None:
    """Put into the leg the last down-close candle in the ten bars before displacement bar q."""
    lowest = bar_at(memory, side, q).low
    leg.block_at = -1
    for k in range(q - 1, max(leg.origin, q - ORIGIN_BARS) - 1, -1):
        bar = bar_at(memory, side, k)
        lowest = bar.low if k == q - 1 else min(lowest, bar.low)
        if bar.close < bar.open:
            leg.block_at = k
            leg.block_open, leg.block_middle = bar.open, (bar.open + bar.close) / 2
            leg.block_top = bar.open if body_zone == 1 else bar.high
            leg.block_bottom = bar.close if body_zone == 1 else lowest
            return


@compiled
def create_order_block(
    memory: Record,
    tables: Tables,
    leg: Record,
    degree: int,
    side: int,
    displaced_at: int,
    out: Output,
) -> None:
    """Emit the order block of the broken leg (displaced at that bar), once per candle for ever."""
    if leg.block_at < 0 or not _is_new(memory, leg, degree, side):
        return
    newest_gap = memory.gaps[side, (memory.gap_counts[side] - 1) & (RING - 1)]
    # A gap is known one bar after the bar it opens around, so this is t_origin in [q, t-1].
    has_gap = 1 if newest_gap.known - 1 >= displaced_at else 0
    slot = add_zone(
        memory,
        tables,
        ORDER_BLOCK,
        side,
        leg.block_at,
        degree,
        NOTHING,
        has_gap,
        leg.block_top,
        leg.block_middle,
        leg.block_bottom,
        leg.block_open,
        BLOCK_STEP,
        out,
    )
    zone = tables.zones[slot]
    fact = memory.fresh[side, FRESH_BLOCK]
    fact.t, fact.id, fact.degree, fact.slot = memory.t, zone.id, degree, slot
    give_occasion(memory, BLOCK_RETEST, side)
    fact.top, fact.middle, fact.bottom, fact.open = zone.top, zone.middle, zone.bottom, zone.open


@compiled
def _is_new(memory: Record, leg: Record, degree: int, side: int) -> bool:
    """Whether the leg's candle gives its first order block; remembers that it did.

    Origins only grow older than the ring if 64 newer breaks followed, and a break's candle is
    never older than its swing, so the ring forgets none that could come again.
    """
    origins = memory.block_origins[degree, side]
    # Without an early end the loop becomes a few vector instructions.
    known = False
    for i in range(RING):
        known |= origins[i] == leg.block_at
    if known:
        return False
    origins[memory.block_counts[degree, side] & (RING - 1)] = leg.block_at
    memory.block_counts[degree, side] += 1
    return True


@compiled
def create_mitigation_block(
    memory: Record, tables: Tables, degree: int, side: int, out: Output
) -> None:
    """On a break whose latest opposite swing failed (a higher low before a break up)."""
    if memory.swing_counts[degree, 1 - side] == 0:
        return
    failed = newest_swing(memory, degree, 1 - side)
    if failed.label != HIGHER_LOW or failed.opposite_at < 0:
        return
    top, bottom = failed.opposite_high, failed.opposite_low
    middle = (top + bottom) / 2
    origin = failed.opposite_at
    add_zone(
        memory,
        tables,
        MITIGATION,
        side,
        origin,
        degree,
        NOTHING,
        NO_FLAGS,
        top,
        middle,
        bottom,
        middle,
        BLOCK_STEP,
        out,
    )
