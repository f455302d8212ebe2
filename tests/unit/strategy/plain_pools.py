"""Pools in the second reading: every pool is looked at on every bar."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tests.unit.strategy.plain_market import Event, Market

DAY = 86_400_000
NEW_YORK = ZoneInfo("America/New_York")
# Minutes of the New York day.
SESSIONS = {
    "asia": (1200, 1440),
    "london_open": (120, 300),
    "ny_am": (420, 600),
    "ny_lunch": (720, 780),
    "ny_pm": (810, 960),
}


@dataclass
class Pool:
    """One pool as the side that trades its sweep sees it: liquidity under the price."""

    number: int
    kind: str
    side: int
    price: float
    origin: int
    known: int
    members: frozenset[int] = frozenset()
    state: str = "active"
    ran: int = -1
    name: str = ""


class PoolReference:
    """Every pool looked at on every bar."""

    def __init__(self, reference: Market) -> None:
        self.r = reference
        self.pools: list[Pool] = []
        self.out: list[Event] = []
        # Bars with a sweep or reclaim by trade side; with a sweep or run by pool side.
        self.swept: tuple[list[int], list[int]] = ([], [])
        self.taken: tuple[list[int], list[int]] = ([], [])

    def events(self) -> list[Event]:
        confirmed = [[set(self.r.swings(degree, side)) for side in range(2)] for degree in range(2)]
        for t in range(self.r.n):
            self._roll(t)
            self._take(t)
            for degree, width in enumerate(self.r.degrees):
                for side in range(2):
                    if t - width in confirmed[degree][side]:
                        self._swing(t, degree, side, t - width)
        return self.out

    def _emit(self, t: int, step: int, event: str, pool: Pool, **keys: Any) -> None:
        order = ("created", "sweep", "run", "reclaim", "superseded").index(event)
        base = {"kind": "pool", "id": pool.number, "dir": 2 * pool.side - 1}
        self.out.append({"t": t, "step": step, "event": event, "order": order, **base, **keys})

    def _create(self, t: int, step: int, pool: Pool, **keys: Any) -> None:
        pool.number = len(self.pools)
        self.pools.append(pool)
        price = pool.price * (1 - 2 * pool.side)
        strength = max(1, len(pool.members))
        shown = {"price": price, "t_origin": pool.origin, "strength": strength}
        self._emit(t, step, "created", pool, pool_kind=pool.kind, **shown, **keys)

    def _take(self, t: int) -> None:
        for pool in self.pools:
            v = self.r.views[pool.side]
            sign = 1 - 2 * pool.side
            if pool.state == "run" and t - pool.ran <= 2 and v.close[t] > pool.price:
                extreme = min(v.low[pool.ran : t + 1]) * sign
                self._emit(t, 4, "reclaim", pool, extreme=extreme)
                pool.state = "reclaimed"
                self.swept[pool.side].append(t)
            elif pool.state == "active" and pool.known < t and v.low[t] < pool.price:
                pool.state = "swept" if v.close[t] >= pool.price else "run"
                name = "sweep" if pool.state == "swept" else "run"
                self._emit(t, 4, name, pool, extreme=v.low[t] * sign)
                pool.ran = t
                self.taken[pool.side].append(t)
                if name == "sweep":
                    self.swept[pool.side].append(t)

    def _swing(self, t: int, degree: int, side: int, p: int) -> None:
        v = self.r.views[side]
        name = ("INT", "EXT")[degree]
        self._create(t, 7, Pool(0, f"SWING_{name}", 1 - side, -v.high[p], p, t))
        partners = [
            i
            for i in self.r.swings(degree, side)
            if 3 <= p - i <= 100
            and abs(v.high[i] - v.high[p]) <= 0.1 * self.r.a(t)
            and max(v.high[i + 1 : p]) <= max(v.high[i], v.high[p])
        ]
        if not partners:
            return
        members = {p, *partners}
        for pool in self.pools:
            same = pool.kind == f"EQ_{name}" and pool.side == 1 - side
            if same and pool.state == "active" and pool.members & set(partners):
                members |= pool.members
                pool.state = "superseded"
                self._emit(t, 7, "superseded", pool)
        price = max(v.high[i] for i in members)
        origin = min(i for i in members if v.high[i] == price)
        joint = Pool(0, f"EQ_{name}", 1 - side, -price, origin, t, frozenset(members))
        self._create(t, 7, joint)

    def _roll(self, t: int) -> None:
        """UTC days, weeks (Monday) and months, looked at through numpy's calendar."""
        if t == 0:
            return
        for kind in ("PD", "PW", "PM", *SESSIONS):
            before = self._period(kind, t - 1)
            if before is None or self._period(kind, t) == before:
                continue
            first = t - 1
            while first > 0 and self._period(kind, first - 1) == self._period(kind, t - 1):
                first -= 1
            self._finish(kind, first, t)

    def _period(self, kind: str, t: int) -> Any:
        """What names the period of this kind that bar t is in; None outside a session."""
        day = self.r.ts[t] // DAY
        if kind == "PD":
            return day
        if kind == "PW":
            return (day + 3) // 7
        if kind == "PM":
            return np.datetime64(day, "D").astype("datetime64[M]")
        local = datetime.fromtimestamp(self.r.ts[t] / 1000, NEW_YORK)
        start, end = SESSIONS[kind]
        inside = start <= local.hour * 60 + local.minute < end
        return local.date() if inside and self.r.step <= 3_600_000 else None

    def _length(self, kind: str, t: int) -> int:
        """UTC milliseconds of the period of this kind that holds bar t."""
        day = self.r.ts[t] // DAY
        if kind in SESSIONS:
            local = datetime.fromtimestamp(self.r.ts[t] / 1000, NEW_YORK)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
            start, end = (
                (midnight + timedelta(minutes=m)).replace(tzinfo=NEW_YORK).timestamp()
                for m in SESSIONS[kind]
            )
            return int(end - start) * 1000
        month = np.datetime64(day, "D").astype("datetime64[M]")
        month_days = int(((month + 1).astype("datetime64[D]") - month).astype(int))
        return {"PD": 1, "PW": 7, "PM": month_days}[kind] * DAY

    def _finish(self, kind: str, first: int, t: int) -> None:
        partial = 2 * (t - first) * self.r.step < self._length(kind, first)
        pool_kind = "SESSION" if kind in SESSIONS else kind
        keys = {"session": kind} if kind in SESSIONS else {}
        for side in (1, 0):
            for pool in self.pools:
                if pool.name == kind and pool.side == side and pool.state == "active":
                    pool.state = "superseded"
                    self._emit(t, 1, "superseded", pool)
            lows = self.r.views[side].low[first:t]
            price = min(lows)
            pool = Pool(0, pool_kind, side, price, first + lows.index(price), t - 1, name=kind)
            self._create(t, 1, pool, partial=partial, **keys)
