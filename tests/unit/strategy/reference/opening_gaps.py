"""Section 10: new week and new day opening gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from tests.unit.strategy.reference.bars import Market
from tests.unit.strategy.reference.calendar import NEW_YORK, utc, wall_clock
from tests.unit.strategy.reference.gaps import bounds, touch_middle_and_far_edge
from tests.unit.strategy.reference.lines import CALENDAR_STEP, ZONE_STEP, Line
from tests.unit.strategy.reference.zones import follow

KEPT = 5
MONDAY, THURSDAY, SUNDAY = 0, 3, 6


@dataclass(frozen=True)
class OpeningGap:
    """Between the close before the pause and the first open after it, as its side sees them."""

    id: int
    kind: str
    dir: int
    known: int
    top: float
    bottom: float


def reopening(on: date) -> tuple[str, int, int] | None:
    """Kind, last end and first open of the pause that ends on that New York day."""
    if on.weekday() == SUNDAY:
        friday = on - timedelta(days=2)
        return "NWOG", wall_clock(friday, time(17)), wall_clock(on, time(18))
    if MONDAY <= on.weekday() <= THURSDAY:
        return "NDOG", wall_clock(on, time(17)), wall_clock(on, time(18))
    return None


def find_opening_gaps(market: Market) -> list[OpeningGap]:
    """Zone=[min,max] of the two prices; dir=sign(open−close); t_known=the opening bar."""
    bars = market.up
    found: list[OpeningGap] = []
    if not len(bars):
        return found
    on = utc(bars.time[0]).astimezone(NEW_YORK).date()
    while on <= utc(bars.time[-1]).astimezone(NEW_YORK).date():
        pause = reopening(on)
        on += timedelta(days=1)
        if pause is None:
            continue
        kind, end, start = pause
        before = [t for t in range(len(bars)) if bars.time[t] + bars.step <= end]
        after = [t for t in range(len(bars)) if bars.time[t] >= start]
        if not before or not after:
            continue
        closed, opened = bars.close[before[-1]], bars.open[after[0]]
        if opened == closed:
            continue
        direction = 1 if opened > closed else -1
        top, bottom = direction * opened, direction * closed
        found.append(OpeningGap(len(found), kind, direction, after[0], top, bottom))
    return found


def opening_gap_lines(market: Market, gaps: list[OpeningGap], synthetic: bool) -> Iterator[Line]:
    for gap in gaps:
        bars = market.side(gap.dir)
        keys = {
            "gap_kind": gap.kind,
            **bounds(bars, gap.top, gap.bottom),
            "synthetic": synthetic,
        }
        yield Line(gap.known, CALENDAR_STEP, "opening_gap", "created", gap.id, gap.dir, keys)
        for u, event in follow(
            bars, gap.known, touch_middle_and_far_edge(gap.top, gap.bottom), None
        ):
            if u < dropped(gap, gaps):
                yield Line(u, ZONE_STEP, "opening_gap", event, gap.id, gap.dir, {})


def dropped(gap: OpeningGap, gaps: list[OpeningGap]) -> float:
    """The bar at which five later gaps of the same kind have replaced this one."""
    later = [other for other in gaps if other.kind == gap.kind and other.id > gap.id]
    return later[KEPT - 1].known if len(later) >= KEPT else float("inf")
