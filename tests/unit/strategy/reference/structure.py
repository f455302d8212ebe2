"""Section 2: breaks of structure, changes of character and market structure shifts."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.lines import STRUCTURE_STEP, Line
from tests.unit.strategy.reference.pools import Taking
from tests.unit.strategy.reference.swings import Swing


@dataclass(frozen=True)
class Break:
    """A bull break of one side at bar t; heights as that side sees them."""

    id: int
    degree: str
    dir: int
    t: int
    broken: Swing
    leg_start: int
    protected: float
    changed: bool
    initial: bool
    shift: bool
    after_sweep: bool


@dataclass
class Trend:
    """Trend and reference swings of one degree."""

    degree: str
    trend: int
    references: dict[int, Swing | None]


def find_breaks(
    market: Market, swings: list[Swing], takings: list[Taking], factor: float, wick: bool
) -> list[Break]:
    """Every break in order; `factor` is the k of displacement, `wick` judges highs, not closes."""
    found: list[Break] = []
    trends = [Trend(degree, 0, {1: None, -1: None}) for degree in ("internal", "external")]
    for t in range(len(market)):
        for trend in trends:
            for bars in in_breaking_order(market, t):
                reference = trend.references[bars.dir]
                reached = bars.high[t] if wick else bars.close[t]
                if reference is None or not reached > reference.height:
                    continue
                swept = any(is_sweep_against(taking, bars.dir, t) for taking in takings)
                identity = len(found)
                found.append(describe(bars, t, identity, trend, reference, swept, factor))
                trend.trend = bars.dir
                trend.references[bars.dir] = None
            for swing in swings:
                if swing.known == t and swing.degree == trend.degree:
                    trend.references[swing.dir] = swing
    return found


def in_breaking_order(market: Market, t: int) -> tuple[Bars, Bars]:
    """Wick mode, both sides: if c≥o low first, else high first."""
    if market.up.close[t] >= market.up.open[t]:
        return market.down, market.up
    return market.up, market.down


def is_sweep_against(taking: Taking, direction: int, t: int) -> bool:
    """An SSL SWEEP/RECLAIM of any pool kind in [t−30,t], for a bull break."""
    below = taking.pool.dir == -direction and taking.event in ("sweep", "reclaim")
    return below and t - 30 <= taking.t <= t


def leg(leg_start: int, t: int) -> range:
    """The bars in (s..t], or {t} if s=t."""
    return range(leg_start + 1, t + 1) if leg_start < t else range(t, t + 1)


def describe(
    bars: Bars, t: int, identity: int, trend: Trend, broken: Swing, swept: bool, factor: float
) -> Break:
    """s = last index of min(l[ref_high.p..t]); A₀=l[s]; CHoCH if trend=−1, else BOS."""
    protected = min(bars.low[broken.origin : t + 1])
    leg_start = max(i for i in range(broken.origin, t + 1) if bars.low[i] == protected)
    changed = trend.trend == -bars.dir
    shift = changed and any(bars.displaced(i, factor) for i in leg(leg_start, t))
    return Break(
        identity,
        trend.degree,
        bars.dir,
        t,
        broken,
        leg_start,
        protected,
        changed,
        trend.trend == 0,
        shift,
        swept,
    )


def structure_lines(market: Market, breaks: list[Break]) -> Iterator[Line]:
    for found in breaks:
        bars = market.side(found.dir)
        keys = {
            "degree": found.degree,
            "level": bars.price(found.broken.height),
            "t_origin": found.broken.origin,
            "leg_start": found.leg_start,
            "protected": bars.price(found.protected),
            "initial": found.initial,
            "mss": found.shift,
            "after_sweep": found.after_sweep,
        }
        event = "choch" if found.changed else "bos"
        yield Line(found.t, STRUCTURE_STEP, "structure", event, found.id, found.dir, keys)
