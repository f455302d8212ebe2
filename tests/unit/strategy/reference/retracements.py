"""Section 9: optimal trade entries."""

from collections.abc import Iterator

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.gaps import bounds
from tests.unit.strategy.reference.lines import STRUCTURE_STEP, ZONE_STEP, Line
from tests.unit.strategy.reference.structure import Break


def retracement_lines(market: Market, breaks: list[Break]) -> Iterator[Line]:
    """After a bull BOS (also `initial`) or MSS; a CHoCH that is no MSS gives none."""
    identity = 0
    for found in breaks:
        if found.changed and not found.shift:
            continue
        bars = market.side(found.dir)
        keys = {"structure_id": found.id, "anchor": bars.price(found.protected)}
        yield Line(found.t, STRUCTURE_STEP, "ote", "created", identity, found.dir, keys)
        yield from lifecycle_lines(bars, found, identity)
        identity += 1


def lifecycle_lines(bars: Bars, found: Break, identity: int) -> Iterator[Line]:
    """At u>t: locked if l[u]≤B_{u−1}−0.62(B_{u−1}−A₀), then invalid if l<A₀."""
    anchor = found.protected
    locked = False
    highest = max(bars.high[found.leg_start : found.t + 1])
    for u in range(found.t + 1, len(bars)):
        reach = highest - anchor
        if not locked and bars.low[u] <= highest - 0.62 * reach:
            locked = True
            zone = bounds(bars, highest - 0.62 * reach, highest - 0.79 * reach)
            yield Line(u, ZONE_STEP, "ote", "touched", identity, found.dir, zone)
        if bars.low[u] < anchor:
            yield Line(u, ZONE_STEP, "ote", "invalidated", identity, found.dir, {})
            return
        highest = max(highest, bars.high[u])
