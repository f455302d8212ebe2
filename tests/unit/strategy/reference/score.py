"""Section 13: the confluence score."""

from tests.unit.strategy.reference.facts import Facts, Story

TIERS = {"SWING_EXT": 0.7, "SWING_INT": 0.4}


def components(facts: Facts, direction: int, entry: float, t: int) -> dict[str, float]:
    """Points by name for an entry (as the direction sees it) at the close of t."""
    half = 5.0 if in_correct_half(facts, direction, t) else 0.0
    retraced = 2.0 if in_retracement(facts, direction, entry, t) else 0.0
    gap, block = gap_and_block(facts, direction, entry, t)
    divergences = [smt.known for smt in facts.of_kind("smt") if smt.dir == direction]
    return {
        "htf_bias": 20.0 if facts.context.bias(t) == direction else 0.0,
        "sweep": 20.0 * best_tier(facts, direction, t),
        "structure": structure(facts, direction, t),
        "fvg": 15.0 if gap else 0.0,
        "order_block": 10.0 if block else 0.0,
        "range": half + retraced,
        "kill_zone": 5.0 if facts.in_kill_zone(t) else 0.0,
        "smt": 3.0 if any(is_recent(known, t) for known in divergences) else 0.0,
    }


def is_recent(fact: int, t: int) -> bool:
    """ "≤30 bars" = [t−29,t]."""
    return t - 29 <= fact <= t


def best_tier(facts: Facts, direction: int, t: int) -> float:
    """×tier: PD/PW/PM/session/EQ 1, external .7, internal .4."""
    recent = [s for s in facts.sweeps if s.dir == direction and is_recent(s.t, t)]
    return max((TIERS.get(sweep.pool.pool_kind, 1.0) for sweep in recent), default=0.0)


def structure(facts: Facts, direction: int, t: int) -> float:
    """MSS 20, BOS 10: the better of both, any degree."""
    recent = [b for b in facts.breaks if b.dir == direction and is_recent(b.t, t)]
    if any(found.shift for found in recent):
        return 20.0
    return 10.0 if any(not found.changed for found in recent) else 0.0


def gap_and_block(facts: Facts, direction: int, entry: float, t: int) -> tuple[bool, bool]:
    """An ACTIVE FVG/IFVG that holds the entry; an ACTIVE OB/breaker overlapping that zone."""
    gaps = [*facts.active_gaps(direction, t), *facts.active_inverted_gaps(direction, t)]
    holding = [gap for gap in gaps if gap.bottom <= entry <= gap.top]
    blocks = [*facts.alive("ob", direction, t), *facts.alive("breaker", direction, t)]
    return bool(holding), any(overlap(gap, block) for gap in holding for block in blocks)


def overlap(first: Story, second: Story) -> bool:
    return min(first.top, second.top) > max(first.bottom, second.bottom)


def in_correct_half(facts: Facts, direction: int, t: int) -> bool:
    """Discount (<0.475) for long; for short the same on the mirror."""
    position = facts.range_position(direction, t)
    return position is not None and position < 0.475


def in_retracement(facts: Facts, direction: int, entry: float, t: int) -> bool:
    """Entry inside a same-dir OTE zone, floating or locked."""
    zones = (facts.retracement(ote, t) for ote in facts.alive("ote", direction, t))
    return any(bottom <= entry <= top for bottom, top in zones)
