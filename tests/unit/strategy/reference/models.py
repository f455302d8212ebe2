"""Section 14: when each entry model proposes a setup, and at which prices.

All prices here are as the setup's direction sees them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.unit.strategy.reference import calendar
from tests.unit.strategy.reference.draw import find_draw
from tests.unit.strategy.reference.facts import Facts, Story, Sweep
from tests.unit.strategy.reference.lines import CALENDAR_STEP
from tests.unit.strategy.reference.pools import Pool
from tests.unit.strategy.reference.score import overlap

HALF_HOUR_MS = 1_800_000


@dataclass(frozen=True)
class Proposal:
    """A candidate; `target` None is a multiple of the risk, `bottom` the zone's far edge."""

    entry: float
    stop: float
    target: float | None
    bottom: float | None = None
    deadline: int | None = None
    market: bool = False


Model = Callable[[Facts, int, int], Proposal | None]


def margin(facts: Facts, t: int) -> float:
    """0.1·A."""
    average = facts.market.up.average_range_before(t)
    assert average is not None
    return 0.1 * average


def draw_ahead(facts: Facts, direction: int, entry: float, t: int) -> float | None:
    """The DOL if it lies in the trade's direction beyond the entry."""
    draw = find_draw(facts, t)
    if draw is None or draw.pool is None or draw.dir != direction:
        return None
    price = facts.market.side(direction).price(draw.pool.keys["price"])
    return price if price > entry else None


def model_2022(facts: Facts, direction: int, t: int) -> Proposal | None:
    """Sweep in a kill zone → MSS ≤30 bars → the highest FVG; armed at the close of t_mss+1."""
    sweep = sweep_before_shift(facts, direction, t)
    if sweep is None:
        return None
    gaps = gaps_since(facts, direction, sweep.t, t)
    return gap_entry(facts, direction, sweep, highest(gaps), t)


def silver_bullet(facts: Facts, direction: int, t: int) -> Proposal | None:
    """Same; FVG known inside the window, fill ≤30 min after its end."""
    bars = facts.market.up
    sweep = sweep_before_shift(facts, direction, t)
    if sweep is None:
        return None
    gaps = [
        gap
        for gap in gaps_since(facts, direction, sweep.t, t)
        if calendar.silver_bullet_end(bars.time[gap.known], bars.step) is not None
    ]
    gap = highest(gaps)
    if gap is None:
        return None
    end = calendar.silver_bullet_end(bars.time[gap.known], bars.step)
    assert end is not None
    deadline = end + HALF_HOUR_MS
    if bars.time[t] + bars.step >= deadline:
        return None
    return gap_entry(facts, direction, sweep, gap, t, deadline)


def sweep_before_shift(facts: Facts, direction: int, t: int) -> Sweep | None:
    """The newest sweep in a kill zone at most 30 bars before the MSS of t−1, if still intact.

    Several sweeps of one bar count as one with the deepest extreme.
    """
    if not any(b.shift and b.dir == direction and b.t == t - 1 for b in facts.breaks):
        return None
    before = [
        sweep
        for sweep in facts.sweeps
        if sweep.dir == direction and sweep.t <= t - 1 and facts.in_kill_zone(sweep.t)
    ]
    if not before or t - 1 - before[-1].t > facts.rules.sweep_window:
        return None
    newest = min(
        (sweep for sweep in before if sweep.t == before[-1].t), key=lambda sweep: sweep.extreme
    )
    broken = any(
        low < newest.extreme for low in facts.market.side(direction).low[newest.t + 1 : t + 1]
    )
    return None if broken else newest


def gaps_since(facts: Facts, direction: int, sweep: int, t: int) -> list[Story]:
    """Active FVGs with t_known∈(t_sweep,t_mss+1]."""
    return [gap for gap in facts.active_gaps(direction, t) if sweep < gap.known <= t]


def highest(gaps: Iterable[Story]) -> Story | None:
    """Highest top; of equal ones the newest."""
    return max(gaps, key=lambda gap: (gap.top, gap.known), default=None)


def gap_entry(
    facts: Facts,
    direction: int,
    sweep: Sweep,
    gap: Story | None,
    t: int,
    deadline: int | None = None,
) -> Proposal | None:
    """Limit at top|CE|bottom; stop=extreme−0.1·A; target=DOL, else 2R."""
    if gap is None:
        return None
    middle = (gap.top + gap.bottom) / 2
    entry = {"top": gap.top, "ce": middle, "bottom": gap.bottom}[facts.rules.gap_entry]
    stop = sweep.extreme - margin(facts, t)
    target = draw_ahead(facts, direction, entry, t)
    return Proposal(entry, stop, target, gap.bottom, deadline)


def optimal_entry(facts: Facts, direction: int, t: int) -> Proposal | None:
    """Limit 0.705, armed by the touch that fixes B; stop A₀−0.1·A; target DOL, else B."""
    touched = [
        ote
        for ote in facts.alive("ote", direction, t)
        if ote.happened("touched", t) and not ote.happened("touched", t - 1)
    ]
    if not touched or facts.market.up.average_range_before(t) is None:
        return None
    bars = facts.market.side(direction)
    high, anchor = facts.leg(bars, touched[-1], t - 1)
    entry = high - 0.705 * (high - anchor)
    ahead = draw_ahead(facts, direction, entry, t)
    target = high if ahead is None else ahead
    return Proposal(entry, anchor - margin(facts, t), target, anchor)


def block_retest(facts: Facts, direction: int, t: int) -> Proposal | None:
    """Limit at the newest order block's top (or open, MT)."""
    born = facts.born("ob", direction, t)
    return block_entry(facts, direction, born[-1], born[-1], t) if born else None


def breaker_retest(facts: Facts, direction: int, t: int) -> Proposal | None:
    """The same at the newest breaker, if it was swept first."""
    born = facts.born("breaker", direction, t)
    if not born or (facts.rules.breaker_needs_sweep and not born[-1].keys["swept_first"]):
        return None
    parent = facts.of_kind("ob")[born[-1].keys["ob_id"]]
    return block_entry(facts, direction, born[-1], parent, t)


def block_entry(facts: Facts, direction: int, zone: Story, block: Story, t: int) -> Proposal | None:
    """Stop bottom−0.1·A; only while the close lies beyond the entry."""
    bars = facts.market.side(direction)
    lines = {
        "top": zone.top,
        "open": bars.price(block.keys["open"]),
        "mt": bars.price(block.keys["mt"]),
    }
    entry = lines[facts.rules.block_entry]
    if not bars.close[t] > entry:
        return None
    stop = zone.bottom - margin(facts, t)
    return Proposal(entry, stop, draw_ahead(facts, direction, entry, t), zone.bottom)


def unicorn(facts: Facts, direction: int, t: int) -> Proposal | None:
    """breaker∩FVG>0 when the later of both is born: the highest one, then the nearest stop."""
    if not facts.born("breaker", direction, t) and not facts.born("fvg", direction, t):
        return None
    pairs = [
        (min(breaker.top, gap.top), breaker.bottom, max(breaker.bottom, gap.bottom))
        for breaker in facts.alive("breaker", direction, t)
        for gap in facts.active_gaps(direction, t)
        if max(breaker.known, gap.known) == t and overlap(breaker, gap)
    ]
    close = facts.market.side(direction).close[t]
    resting = [pair for pair in pairs if close > pair[0]]
    if not resting:
        return None
    entry, stop, bottom = max(resting)
    target = draw_ahead(facts, direction, entry, t)
    return Proposal(entry, stop - margin(facts, t), target, bottom)


def turtle_soup(facts: Facts, direction: int, t: int) -> Proposal | None:
    """SWEEP/RECLAIM of a pool ≥20 bars old; target EQ or the nearest opposite pool."""
    bars = facts.market.side(direction)
    extremes = [
        sweep.extreme
        for sweep in facts.sweeps
        if (sweep.t, sweep.dir) == (t, direction) and t - known(sweep.pool) >= facts.rules.old_pool
    ]
    if not extremes or bars.average_range_before(t) is None:
        return None
    entry = bars.close[t]
    stop = min(extremes) - margin(facts, t)
    high, low = facts.range_end(direction, t), facts.range_end(-direction, t)
    if high is not None and low is not None and (high - low) / 2 > entry:
        return Proposal(entry, stop, (high - low) / 2, market=True)
    opposite = [bars.price(pool.keys["price"]) for pool in facts.alive("pool", direction, t)]
    return Proposal(entry, stop, min(opposite, default=None), market=True)


def known(pool: Pool) -> int:
    """Calendar pools are known with the last bar of their period, one before their event."""
    return pool.created - 1 if pool.step == CALENDAR_STEP else pool.created


MODELS: dict[str, Model] = {
    "2022": model_2022,
    "silver_bullet": silver_bullet,
    "ote": optimal_entry,
    "ob_retest": block_retest,
    "breaker": breaker_retest,
    "unicorn": unicorn,
    "turtle_soup": turtle_soup,
}
