"""Sections 4 and 5: fair value gaps, inverted gaps and balanced price ranges."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.lines import GAP_STEP, ZONE_STEP, Event, Line
from tests.unit.strategy.reference.rules import Rules
from tests.unit.strategy.reference.zones import Stage, closes_below, ended, follow, low_reaches


@dataclass(frozen=True)
class Gap:
    """A bull FVG of one side; top and bottom as that side sees them."""

    id: int
    dir: int
    known: int
    top: float
    bottom: float
    group: int


def bounds(bars: Bars, top: float, bottom: float) -> Event:
    """A zone in market prices, top above bottom for both directions."""
    prices = bars.price(top), bars.price(bottom)
    return {"top": max(prices), "bottom": min(prices)}


def touch_middle_and_far_edge(top: float, bottom: float) -> list[Stage]:
    """touched l≤top; ce l≤CE; filled l≤bottom."""
    middle = (top + bottom) / 2
    return [
        ("touched", low_reaches(top)),
        ("ce", low_reaches(middle)),
        ("filled", low_reaches(bottom)),
    ]


def find_gaps(market: Market, rules: Rules) -> list[Gap]:
    """At t, with contig(t), contig(t−1): l[t]>h[t−2] and l[t]−h[t−2] ≥ max(m·A, tick)."""
    gaps: list[Gap] = []
    for t in range(len(market)):
        for bars in market.sides:
            average = bars.average_range_before(t)
            if average is None or not (bars.contiguous(t) and bars.contiguous(t - 1)):
                continue
            if rules.gap_requires_displacement and not bars.displaced(t - 1, rules.displacement):
                continue
            top, bottom = bars.low[t], bars.high[t - 2]
            if top > bottom and top - bottom >= max(rules.gap_fraction * average, rules.tick):
                group = len(gaps)
                for before in gaps:
                    if before.known == t - 1 and before.dir == bars.dir:
                        group = before.group
                gaps.append(Gap(len(gaps), bars.dir, t, top, bottom, group))
    return gaps


def gap_lines(market: Market, gaps: list[Gap], max_age: int | None) -> Iterator[Line]:
    """FVGs, and the IFVG each inverted one leaves; inverted ones in the order of their parents."""
    inverted: list[tuple[int, Gap]] = []
    for gap in gaps:
        bars = market.side(gap.dir)
        keys = {
            "t_origin": gap.known - 1,
            **bounds(bars, gap.top, gap.bottom),
            "group_id": gap.group,
        }
        yield Line(gap.known, GAP_STEP, "fvg", "created", gap.id, gap.dir, keys)
        stages = touch_middle_and_far_edge(gap.top, gap.bottom)
        passed = list(follow(bars, gap.known, stages, ("inverted", closes_below(gap.bottom))))
        passed = until_expired(passed, gap.known, max_age, len(bars) - 1)
        for u, event in passed:
            yield Line(u, ZONE_STEP, "fvg", event, gap.id, gap.dir, {})
        u_inverted = ended(passed, "inverted")
        if u_inverted is not None:
            inverted.append((u_inverted, gap))
    inverted.sort(key=lambda pair: (pair[0], pair[1].id))
    for identity, (u, gap) in enumerate(inverted):
        yield from inverted_gap_lines(market, identity, gap, u)


def until_expired(
    passed: list[tuple[int, str]], known: int, max_age: int | None, last: int
) -> list[tuple[int, str]]:
    """**expired** u−t_known>max_age: terminal, and after the inversion of the same bar."""
    if max_age is None or known + max_age + 1 > last:
        return passed
    expiry = known + max_age + 1
    lived = [(u, event) for u, event in passed if u <= expiry]
    return lived if ended(lived, "inverted") is not None else [*lived, (expiry, "expired")]


def inverted_gap_lines(market: Market, identity: int, gap: Gap, known: int) -> Iterator[Line]:
    """Same bounds, dir −1: touched h≥bottom; ce h≥CE; invalidated c>top (terminal)."""
    bars = market.side(-gap.dir)
    top, bottom = -gap.bottom, -gap.top
    keys = {"t_origin": gap.known - 1, **bounds(bars, top, bottom), "fvg_id": gap.id}
    yield Line(known, ZONE_STEP, "ifvg", "created", identity, bars.dir, keys)
    stages = touch_middle_and_far_edge(top, bottom)[:2]
    for u, event in follow(bars, known, stages, ("invalidated", closes_below(bottom))):
        yield Line(u, ZONE_STEP, "ifvg", event, identity, bars.dir, {})


def balanced_range_lines(market: Market, gaps: list[Gap], tick: float) -> Iterator[Line]:
    """FVG dir d known at t and an opposite FVG with t_known∈[t−20,t−1]: their overlap."""
    identity = 0
    for gap in gaps:
        for other in gaps:
            opposite = other.dir == -gap.dir and gap.known - 20 <= other.known <= gap.known - 1
            top = min(gap.top, -other.bottom)
            bottom = max(gap.bottom, -other.top)
            if not (opposite and top > bottom and top - bottom >= tick):
                continue
            bars = market.side(gap.dir)
            keys = {**bounds(bars, top, bottom), "fvg_id": gap.id, "opposite_id": other.id}
            yield Line(gap.known, GAP_STEP, "bpr", "created", identity, gap.dir, keys)
            stages = touch_middle_and_far_edge(top, bottom)
            for u, event in follow(bars, gap.known, stages, ("invalidated", closes_below(bottom))):
                yield Line(u, ZONE_STEP, "bpr", event, identity, gap.dir, {})
            identity += 1
