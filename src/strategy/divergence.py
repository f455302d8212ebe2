"""SMT: a swing that the correlated market does not confirm (section 11)."""

import numpy as np

from src.strategy.bars import bar_at
from src.strategy.codes import CONFIRMED, NO_FLAGS, SMT
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.output import Output, emit
from src.strategy.records import RING

SMT_STEP = code(7)
WIDEST_WINDOW = 3
SMALLEST_MOVE = 0.05


@inlined
def store_peer(memory: Record, candle: Record) -> None:
    """Put the second symbol's bar beside the first's; NaN prices mean it is missing."""
    missing = memory.peer_missing
    if np.isnan(candle.peer_high):
        missing += 1
    memory.peer_missing = missing
    bull, bear = bar_at(memory, 0, memory.t), bar_at(memory, 1, memory.t)
    bull.peer, bear.peer = candle.peer_high, -candle.peer_low
    bull.peer_missing = missing
    bear.peer_missing = missing


@compiled
def find_divergence(memory: Record, degree: int, side: int, width: int, out: Output) -> None:
    """Compare the newest swing high with the one before it, in both markets.

    Both moves must be at least 0.05 of that market's own ATR and of opposite sign, and no bar of
    the second symbol may be missing from before the first swing to after the second, or now.
    """
    count = memory.swing_counts[degree, side]
    swing = memory.swings[degree, side, (count - 1) & (RING - 1)]
    window = min(WIDEST_WINDOW, width)
    _measure_peer(memory, side, window, swing)
    if count < 2 or np.isnan(bar_at(memory, side, memory.t).peer):
        return
    before = memory.swings[degree, side, (count - 2) & (RING - 1)]
    last = bar_at(memory, side, swing.origin + window)
    if last.peer_missing != before.peer_missing:
        return
    move, peer_move = swing.price - before.price, swing.peer - before.peer
    if move * peer_move >= 0.0:
        return
    if not abs(move) >= SMALLEST_MOVE * memory.before_atr:
        return
    if not abs(peer_move) >= SMALLEST_MOVE * memory.peer_before_atr:
        return
    memory.divergences[1 - side] = memory.t
    emit(
        out,
        memory.t,
        SMT_STEP,
        SMT,
        CONFIRMED,
        memory.ids[SMT],
        2 * side - 1,
        degree,
        swing.origin,
        before.origin,
        NO_FLAGS,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    memory.ids[SMT] += 1


@compiled
def _measure_peer(memory: Record, side: int, window: int, swing: Record) -> None:
    """The second symbol's extreme around the swing, and how many of its bars lacked before it."""
    first = swing.origin - window
    swing.peer_missing = bar_at(memory, side, first - 1).peer_missing if first > 0 else 0
    swing.peer = bar_at(memory, side, first).peer
    for i in range(first + 1, swing.origin + window + 1):
        swing.peer = max(swing.peer, bar_at(memory, side, i).peer)
