"""Every detector in turn, and what all of them found in the order of the export."""

from dataclasses import dataclass, field

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.blocks import block_lines, find_blocks, mitigation_lines
from tests.unit.strategy.reference.gaps import balanced_range_lines, find_gaps, gap_lines
from tests.unit.strategy.reference.lines import Event, in_order
from tests.unit.strategy.reference.opening_gaps import find_opening_gaps, opening_gap_lines
from tests.unit.strategy.reference.pools import find_pools, find_takings, pool_lines
from tests.unit.strategy.reference.retracements import retracement_lines
from tests.unit.strategy.reference.structure import find_breaks, structure_lines
from tests.unit.strategy.reference.swings import find_swings, swing_lines


@dataclass(frozen=True)
class Rules:
    """The numbers of the specification, with its defaults."""

    degrees: dict[str, int] = field(default_factory=lambda: {"internal": 5, "external": 20})
    displacement: float = 1.0
    gap_fraction: float = 0.10
    equal_fraction: float = 0.1
    tick: float = 0.0


def expected_events(bars: Bars, rules: Rules) -> list[Event]:
    """The events of these candles, found by looking at all of them for each rule."""
    market = Market(bars)
    swings = find_swings(market, rules.degrees)
    pools = find_pools(market, swings, rules.equal_fraction)
    takings = find_takings(market, pools)
    breaks = find_breaks(market, swings, takings, rules.displacement)
    gaps = find_gaps(market, rules.gap_fraction, rules.tick)
    blocks = find_blocks(market, breaks, gaps, rules.displacement)
    lines = [
        *swing_lines(market, swings),
        *pool_lines(market, pools, takings),
        *structure_lines(market, breaks),
        *gap_lines(market, gaps),
        *balanced_range_lines(market, gaps, rules.tick),
        *block_lines(market, blocks, takings),
        *mitigation_lines(market, breaks, swings),
        *retracement_lines(market, breaks),
        *opening_gap_lines(market, find_opening_gaps(market), synthetic=True),
    ]
    return in_order(lines, list(bars.time))
