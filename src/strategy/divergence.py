"""SMT: a swing that the correlated market does not confirm (section 11)."""

import numpy as np

from src.strategy.codes import CONFIRMED, NO_FLAGS, SMT
from src.strategy.compiled import Record, code, compiled, inlined
from src.strategy.output import Output, emit
from src.strategy.records import BAR_RING, RING

SMT_STEP = code(7)
WIDEST_WINDOW = 3
SMALLEST_MOVE = 0.05


@inlined
def store_peer(memory: Record, candle: Record) -> None:
    """Put the second symbol's bar beside the first's; NaN prices mean it is missing.

    Nothing is stored before its first bar: there prices stay NaN and holes zero.
    """
    missing = bool(np.isnan(candle.peer_high))
    if missing and memory.has_peer == 0:
        return
    if memory.has_peer == 0:
        memory.has_peer = 1
        memory.peer_missing = 1 if memory.t > 0 else 0
    elif missing:
        memory.peer_missing += 1
    slot = memory.t & (BAR_RING - 1)
    memory.peers[slot, 0], memory.peers[slot, 1] = candle.peer_high, -candle.peer_low
    memory.peer_holes[slot] = memory.peer_missing


@compiled
def find_divergence(memory: Record, degree: int, side: int, width: int, out: Output) -> None:
    """Compare the newest swing high with the one before it, in both markets.

    Both moves must be at least 0.05 of that market's own ATR and of opposite sign, and no bar of
    the second symbol may be missing from before the first swing to after the second, or now.
    """
    if memory.has_peer == 0:
        return
    count = memory.swing_counts[degree, side]
    swing = memory.swings[degree, side, (count - 1) & (RING - 1)]
    window = min(WIDEST_WINDOW, width)
    _measure_peer(memory, side, window, swing)
    if count < 2 or np.isnan(memory.peers[memory.t & (BAR_RING - 1), side]):
        return
    before = memory.swings[degree, side, (count - 2) & (RING - 1)]
    last = swing.origin + window
    if memory.peer_holes[last & (BAR_RING - 1)] != before.peer_missing:
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
    swing.peer_missing = memory.peer_holes[(first - 1) & (BAR_RING - 1)] if first > 0 else 0
    swing.peer = memory.peers[first & (BAR_RING - 1), side]
    for i in range(first + 1, swing.origin + window + 1):
        swing.peer = max(swing.peer, memory.peers[i & (BAR_RING - 1), side])
