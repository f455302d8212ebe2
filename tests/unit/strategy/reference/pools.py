"""Sections 7 and 8: liquidity pools and how they are taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.unit.strategy.reference import calendar
from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.lines import CALENDAR_STEP, POOL_STEP, SWING_STEP, Event, Line
from tests.unit.strategy.reference.rules import Rules
from tests.unit.strategy.reference.swings import Swing


@dataclass
class Pool:
    """BSL of one side; `height` is its price as that side sees it.

    `first_test` is the first bar that can take it; `superseded` the bar that ended it untaken.
    `rank` orders the pools created on one bar: calendar pools first, then swing by swing.
    """

    dir: int
    pool_kind: str
    height: float
    origin: int
    created: int
    first_test: int
    rank: tuple[int, ...]
    keys: Event
    members: tuple[Swing, ...] = ()
    superseded: int | None = None
    id: int = field(default=-1)

    @property
    def step(self) -> int:
        """Calendar pools are created and superseded in step 1, the others in step 7."""
        return SWING_STEP if self.first_test > self.created else CALENDAR_STEP

    def taken(self, bars: Bars) -> int | None:
        """The bar of the pool's one SWEEP or RUN: the first with h[t]>P while it is ACTIVE."""
        for t in range(self.first_test, len(bars)):
            if self.superseded is not None and (t, POOL_STEP) > (self.superseded, self.step):
                return None
            if bars.high[t] > self.height:
                return t
        return None


@dataclass(frozen=True)
class Taking:
    """A sweep, run or reclaim of a pool at bar t."""

    t: int
    event: str
    pool: Pool
    extreme: float


def find_pools(market: Market, swings: list[Swing], rules: Rules) -> list[Pool]:
    """Every pool in the order in which they are created."""
    pools = [swing_pool(swing) for swing in swings]
    for degree in ("internal", "external"):
        for bars in market.sides:
            same = [swing for swing in swings if (swing.degree, swing.dir) == (degree, bars.dir)]
            pools += equal_pools(bars, same, rules.equal_fraction)
    for kind, period_of in enumerate((calendar.day, calendar.week, calendar.month)):
        for bars in market.sides:
            pools += calendar_pools(bars, period_of, rules.new_york, kind)
    if market.up.step <= calendar.HOUR_MS:
        for bars in market.sides:
            pools += calendar_pools(bars, calendar.session, rules.index_hours, 3)
    pools.sort(key=lambda pool: (pool.created, pool.step, pool.rank))
    for identity, pool in enumerate(pools):
        pool.id = identity
    return pools


def swing_pool(swing: Swing) -> Pool:
    """Each confirmed swing; it is first tested on the bar after."""
    kind = "SWING_INT" if swing.degree == "internal" else "SWING_EXT"
    return Pool(
        swing.dir,
        kind,
        swing.height,
        swing.origin,
        swing.known,
        swing.known + 1,
        (swing.id, 0),
        {"strength": 1},
    )


def equal_pools(bars: Bars, swings: list[Swing], fraction: float) -> list[Pool]:
    """Equal highs among the swings of one degree and side."""
    pools: list[Pool] = []
    for number, swing in enumerate(swings):
        average = bars.average_range_before(swing.known)
        if average is None:
            continue
        limit = fraction * average
        partners = [other for other in swings[:number] if are_equal(bars, other, swing, limit)]
        if not partners:
            continue
        members = {swing, *partners}
        for pool in pools:
            if set(partners) & set(pool.members) and is_active_after(bars, pool, swing.known):
                members |= set(pool.members)
                pool.superseded = swing.known
        pools.append(equal_pool(swing, members))
    return pools


def are_equal(bars: Bars, first: Swing, second: Swing, limit: float) -> bool:
    """3≤p_j−p_i≤100, |h_i−h_j|≤0.1·A and max(h[p_i+1..p_j−1])≤max(h_i,h_j)."""
    if not 3 <= second.origin - first.origin <= 100:
        return False
    if abs(first.height - second.height) > limit:
        return False
    between = bars.high[first.origin + 1 : second.origin]
    return max(between) <= max(first.height, second.height)


def is_active_after(bars: Bars, pool: Pool, t: int) -> bool:
    """ACTIVE in step 7 of bar t, where step 4 of that bar has already taken its pools."""
    if pool.superseded is not None:
        return False
    taken = pool.taken(bars)
    return taken is None or taken > t


def equal_pool(swing: Swing, members: set[Swing]) -> Pool:
    """Price=max member; strength=member count; t_origin = first bar that attains the price."""
    height = max(member.height for member in members)
    return Pool(
        swing.dir,
        "EQ_INT" if swing.degree == "internal" else "EQ_EXT",
        height,
        min(member.origin for member in members if member.height == height),
        swing.known,
        swing.known + 1,
        (swing.id, 1),
        {"strength": len(members)},
        tuple(members),
    )


def calendar_pools(bars: Bars, period_of: calendar.PeriodOf, choice: bool, kind: int) -> list[Pool]:
    """The high of each finished period, created by the first bar outside it."""
    pools: list[Pool] = []
    periods = [period_of(moment, choice) for moment in bars.time]
    first = 0
    for t in range(1, len(bars)):
        if periods[t] == periods[t - 1]:
            continue
        finished, start, first = periods[t - 1], first, t
        if finished is None:
            continue
        for earlier in pools:
            supersede(bars, earlier, t, finished)
        pools.append(calendar_pool(bars, finished, start, t, kind))
    return pools


def supersede(bars: Bars, earlier: Pool, t: int, finished: calendar.Period) -> None:
    """The earlier ACTIVE pool of that kind, side and session ends in step 1 of bar t."""
    taken = earlier.taken(bars)
    active = earlier.superseded is None and (taken is None or taken >= t)
    if active and earlier.keys.get("session") == finished.session:
        earlier.superseded = t


def calendar_pool(bars: Bars, finished: calendar.Period, start: int, t: int, kind: int) -> Pool:
    highs = list(bars.high[start:t])
    keys: Event = {"strength": 1, "partial": 2 * (t - start) * bars.step < finished.length}
    if finished.session is not None:
        keys["session"] = finished.session
    side = 0 if bars.dir == 1 else 1
    origin = start + highs.index(max(highs))
    return Pool(bars.dir, finished.pool_kind, max(highs), origin, t, t, (kind, side), keys)


def find_takings(market: Market, pools: list[Pool]) -> list[Taking]:
    """SWEEP if the bar closes at or below P, else RUN; then a RECLAIM within two bars."""
    takings = []
    for pool in pools:
        bars = market.side(pool.dir)
        t = pool.taken(bars)
        if t is None:
            continue
        if bars.close[t] <= pool.height:
            takings.append(Taking(t, "sweep", pool, bars.high[t]))
            continue
        takings.append(Taking(t, "run", pool, bars.high[t]))
        for u in range(t + 1, min(t + 3, len(bars))):
            if bars.close[u] < pool.height:
                takings.append(Taking(u, "reclaim", pool, max(bars.high[t : u + 1])))
                break
    return takings


def argues_for_a_trade(market: Market, taking: Taking, tick: float) -> bool:
    """Optional: penetration h−P≥tick and ≤2·A."""
    average = market.up.average_range_before(taking.t)
    return average is not None and tick <= taking.extreme - taking.pool.height <= 2 * average


def pool_lines(market: Market, pools: list[Pool], takings: list[Taking]) -> Iterator[Line]:
    for pool in pools:
        keys = {
            "pool_kind": pool.pool_kind,
            "price": market.side(pool.dir).price(pool.height),
            "t_origin": pool.origin,
            **pool.keys,
        }
        yield Line(pool.created, pool.step, "pool", "created", pool.id, pool.dir, keys)
        if pool.superseded is not None:
            yield Line(pool.superseded, pool.step, "pool", "superseded", pool.id, pool.dir, {})
    for taking in takings:
        pool = taking.pool
        extreme = {"extreme": market.side(pool.dir).price(taking.extreme)}
        yield Line(taking.t, POOL_STEP, "pool", taking.event, pool.id, pool.dir, extreme)
