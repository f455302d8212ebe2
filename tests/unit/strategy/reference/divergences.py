"""Section 11: SMT divergence between two symbols."""

from collections.abc import Iterator, Mapping

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.lines import SWING_STEP, Line
from tests.unit.strategy.reference.swings import Swing


def time_aligned(peer: Bars, bars: Bars) -> Bars:
    """ "A,B time-aligned": the bars of B that open with a bar of A; its own A is over these."""
    ours = set(bars.time)
    kept = [index for index, moment in enumerate(peer.time) if moment in ours]
    columns = (peer.time, peer.open, peer.high, peer.low, peer.close)
    time, *prices = ([column[index] for index in kept] for column in columns)
    return Bars(peer.dir, peer.step, [int(moment) for moment in time], *prices)


def divergence_lines(
    market: Market, peer: Bars, inverse: bool, swings: list[Swing], degrees: Mapping[str, int]
) -> Iterator[Line]:
    """Each swing against the one before it; an inverse pair is compared with B's mirror.

    On B's mirror the highs are its lows negated, which is ρ=−1 with B's lows.
    """
    other = Market(time_aligned(peer, market.up))
    identity = 0
    for number, swing in enumerate(swings):
        same = [s for s in swings[:number] if (s.degree, s.dir) == (swing.degree, swing.dir)]
        if not same:
            continue
        ours = market.side(swing.dir)
        theirs = other.side(-swing.dir if inverse else swing.dir)
        if diverges(ours, theirs, same[-1], swing, min(3, degrees[swing.degree])):
            keys = {"t_origin": swing.origin, "previous": same[-1].origin}
            yield Line(swing.known, SWING_STEP, "smt", "confirmed", identity, -swing.dir, keys)
            identity += 1


def diverges(ours: Bars, theirs: Bars, first: Swing, second: Swing, window: int) -> bool:
    """The signs differ and each |Δ|≥0.05·own A; B has every bar of p₁−w…p₂+w and bar t."""
    position = {moment: index for index, moment in enumerate(theirs.time)}
    needed = [*range(first.origin - window, second.origin + window + 1), second.known]
    if any(ours.time[t] not in position for t in needed):
        return False
    our_range = ours.average_range_before(second.known)
    their_range = theirs.average_range_before(position[ours.time[second.known]])
    if our_range is None or their_range is None:
        return False

    def their_high(p: int) -> float:
        beside = [position[ours.time[t]] for t in range(p - window, p + window + 1)]
        return max(theirs.high[index] for index in beside)

    our_change = second.height - first.height
    their_change = their_high(second.origin) - their_high(first.origin)
    if abs(our_change) < 0.05 * our_range or abs(their_change) < 0.05 * their_range:
        return False
    return sign(our_change) != sign(their_change)


def sign(change: float) -> int:
    return (change > 0) - (change < 0)
