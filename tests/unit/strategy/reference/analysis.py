"""Every detector in turn, and what all of them found in the order of the export."""

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.blocks import block_lines, find_blocks, mitigation_lines
from tests.unit.strategy.reference.divergences import divergence_lines
from tests.unit.strategy.reference.facts import Facts
from tests.unit.strategy.reference.gaps import balanced_range_lines, find_gaps, gap_lines
from tests.unit.strategy.reference.lines import Event, in_order
from tests.unit.strategy.reference.opening_gaps import find_opening_gaps, opening_gap_lines
from tests.unit.strategy.reference.pools import (
    argues_for_a_trade,
    find_pools,
    find_takings,
    pool_lines,
)
from tests.unit.strategy.reference.retracements import retracement_lines
from tests.unit.strategy.reference.rules import Rules
from tests.unit.strategy.reference.setups import setup_lines
from tests.unit.strategy.reference.states import bar_state
from tests.unit.strategy.reference.structure import find_breaks, structure_lines
from tests.unit.strategy.reference.swings import find_swings, swing_lines


def find_facts(bars: Bars, rules: Rules, peer: Bars | None = None, inverse: bool = False) -> Facts:
    """What the detectors find in these candles, by looking at all of them for each rule.

    `peer` holds the second symbol's candles, which move against these if `inverse`.
    """
    market = Market(bars)
    swings = find_swings(market, rules.degrees)
    pools = find_pools(market, swings, rules)
    takings = find_takings(market, pools)
    counted = takings
    if rules.filter_sweeps:
        counted = [taking for taking in takings if argues_for_a_trade(market, taking, rules.tick)]
    breaks = find_breaks(market, swings, counted, rules.displacement, rules.wick_breaks)
    gaps = find_gaps(market, rules)
    blocks = find_blocks(market, breaks, gaps, rules.displacement, rules.body_zones)
    lines = [
        *swing_lines(market, swings),
        *pool_lines(market, pools, takings),
        *structure_lines(market, breaks),
        *gap_lines(market, gaps, rules.gap_max_age),
        *balanced_range_lines(market, gaps, rules.tick),
        *block_lines(market, blocks, takings, rules.blocks_end_on_wick),
        *mitigation_lines(market, breaks, swings),
        *retracement_lines(market, breaks),
        *opening_gap_lines(market, find_opening_gaps(market), not rules.new_york),
    ]
    if peer is not None:
        lines += divergence_lines(market, peer, inverse, swings, rules.degrees)
    return Facts(market, rules, lines, breaks, swings, counted)


def expected_events(facts: Facts) -> list[Event]:
    """The events of these candles, setups included."""
    return in_order([*facts.lines, *setup_lines(facts)], list(facts.market.up.time))


def expected_states(facts: Facts, stride: int) -> list[Event]:
    """What `--bars` writes for every `stride`-th of these candles."""
    return [bar_state(facts, t) for t in range(0, len(facts.market), stride)]
