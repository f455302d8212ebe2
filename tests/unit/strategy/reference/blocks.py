"""Section 6: order blocks, the breakers they leave, and mitigation blocks."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.gaps import Gap, bounds
from tests.unit.strategy.reference.lines import STRUCTURE_STEP, ZONE_STEP, Line
from tests.unit.strategy.reference.pools import Taking
from tests.unit.strategy.reference.structure import Break, leg
from tests.unit.strategy.reference.swings import Swing
from tests.unit.strategy.reference.zones import (
    closes_below,
    ended,
    follow,
    low_reaches,
    trades_below,
)


@dataclass(frozen=True)
class Block:
    """A bull order block of one side; top and bottom as that side sees them."""

    id: int
    degree: str
    dir: int
    origin: int
    known: int
    top: float
    bottom: float
    has_gap: bool

    def middle(self, bars: Bars) -> float:
        """MT=(o[k]+c[k])/2."""
        return (bars.open[self.origin] + bars.close[self.origin]) / 2


def find_blocks(
    market: Market, breaks: list[Break], gaps: list[Gap], factor: float, body: bool
) -> list[Block]:
    """One at most per break and ever per (degree,dir,k); `body` narrows the zone to [c[k],o[k]]."""
    blocks: list[Block] = []
    for found in breaks:
        bars = market.side(found.dir)
        q = first_displacement(bars, found, factor)
        k = None if q is None else last_down_close(bars, max(found.broken.origin, q - 10), q - 1)
        if q is None or k is None:
            continue
        if any((old.degree, old.dir, old.origin) == (found.degree, found.dir, k) for old in blocks):
            continue
        has_gap = any(gap.dir == found.dir and q <= gap.known - 1 <= found.t - 1 for gap in gaps)
        top, bottom = bars.high[k], min(bars.low[k:q])
        if body:
            top, bottom = bars.open[k], bars.close[k]
        blocks.append(Block(len(blocks), found.degree, found.dir, k, found.t, top, bottom, has_gap))
    return blocks


def first_displacement(bars: Bars, found: Break, factor: float) -> int | None:
    """q = first up displacement bar in (s..t], or t if s=t and t qualifies."""
    return next((i for i in leg(found.leg_start, found.t) if bars.displaced(i, factor)), None)


def last_down_close(bars: Bars, first: int, last: int) -> int | None:
    """The largest index in [first, last] with c<o."""
    down = [i for i in range(max(first, 0), last + 1) if bars.close[i] < bars.open[i]]
    return max(down) if down else None


def block_lines(
    market: Market, blocks: list[Block], takings: list[Taking], end_on_wick: bool
) -> Iterator[Line]:
    """Order blocks and their breakers, in the order of their parents."""
    ends = trades_below if end_on_wick else closes_below
    broken: list[tuple[int, Block]] = []
    for block in blocks:
        bars = market.side(block.dir)
        keys = {
            "degree": block.degree,
            "t_origin": block.origin,
            **bounds(bars, block.top, block.bottom),
            "open": bars.price(bars.open[block.origin]),
            "mt": bars.price(block.middle(bars)),
            "has_fvg": block.has_gap,
        }
        yield Line(block.known, STRUCTURE_STEP, "ob", "created", block.id, block.dir, keys)
        stages = [("touched", low_reaches(block.top)), ("mt_hit", low_reaches(block.middle(bars)))]
        terminal = ("invalidated", ends(block.bottom))
        passed = list(follow(bars, block.known, stages, terminal))
        for u, event in passed:
            yield Line(u, ZONE_STEP, "ob", event, block.id, block.dir, {})
        u_broken = ended(passed, "invalidated")
        if u_broken is not None:
            broken.append((u_broken, block))
    broken.sort(key=lambda pair: (pair[0], pair[1].id))
    for identity, (u, block) in enumerate(broken):
        yield from breaker_lines(market, identity, block, u, takings)


def breaker_lines(
    market: Market, identity: int, block: Block, known: int, takings: list[Taking]
) -> Iterator[Line]:
    """Same zone, dir −1; `swept_first` = any BSL SWEEP/RUN event in (OB.t_known,u]."""
    bars = market.side(-block.dir)
    top, bottom = -block.bottom, -block.top
    swept_first = any(
        taking.pool.dir == block.dir
        and taking.event in ("sweep", "run")
        and block.known < taking.t <= known
        for taking in takings
    )
    keys = {"ob_id": block.id, **bounds(bars, top, bottom), "swept_first": swept_first}
    yield Line(known, ZONE_STEP, "breaker", "created", identity, bars.dir, keys)
    stages = [("touched", low_reaches(top))]
    for u, event in follow(bars, known, stages, ("invalidated", closes_below(bottom))):
        yield Line(u, ZONE_STEP, "breaker", event, identity, bars.dir, {})


def mitigation_lines(market: Market, breaks: list[Break], swings: list[Swing]) -> Iterator[Line]:
    """On a bear break whose latest confirmed high H is LH: the last down-close candle before S.

    `bars` is the bear's side, on which H is a low, S a high and the candle an up-close one.
    """
    identity = 0
    for found in breaks:
        bars = market.side(found.dir)
        known = [swing for swing in swings if swing.known < found.t]
        origin = mitigation_origin(bars, found, known)
        if origin is None:
            continue
        top, bottom = bars.high[origin], bars.low[origin]
        keys = {
            "degree": found.degree,
            "t_origin": origin,
            **bounds(bars, top, bottom),
        }
        yield Line(found.t, STRUCTURE_STEP, "mitigation", "created", identity, found.dir, keys)
        stages = [("touched", low_reaches(top))]
        for u, event in follow(bars, found.t, stages, ("invalidated", closes_below(bottom))):
            yield Line(u, ZONE_STEP, "mitigation", event, identity, found.dir, {})
        identity += 1


def mitigation_origin(bars: Bars, found: Break, known: list[Swing]) -> int | None:
    """The candle in [S.p−10,S.p], S = latest confirmed swing of the broken side with S.p<H.p."""
    same = [swing for swing in known if swing.degree == found.degree]
    opposite = [swing for swing in same if swing.dir == -found.dir]
    if not opposite or opposite[-1].label != {1: "HL", -1: "LH"}[found.dir]:
        return None
    before = [
        swing for swing in same if swing.dir == found.dir and swing.origin < opposite[-1].origin
    ]
    if not before:
        return None
    last = before[-1].origin
    up_close = [i for i in range(max(last - 10, 0), last + 1) if bars.close[i] > bars.open[i]]
    return max(up_close) if up_close else None
