"""A slow, obvious second reading of the specification: whole-array loops, no rings, no stacks.

Written from the page, not from the engine. `reference_events` gives the export's events for
swings, structure, FVG, IFVG, BPR, order blocks, breakers, mitigation blocks, pools and OTE.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays

Event = dict[str, Any]
Key = tuple[int, ...]
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
class View:
    """The bars as one side sees them; bears see everything negated."""

    o: list[float]
    h: list[float]
    l: list[float]  # noqa: E741 - the specification's own letter
    c: list[float]


@dataclass
class Found:
    """Events with the key that orders and numbers them within one bar."""

    rows: list[tuple[Key, Event]] = field(default_factory=list)

    def add(self, key: Key, **event: Any) -> None:
        self.rows.append((key, event))


@dataclass
class Reference:
    candles: CandleArrays
    timeframe: Timeframe
    degrees: tuple[int, int] = (5, 20)
    tick: float = 0.0

    def __post_init__(self) -> None:
        columns = [
            [float(x) for x in column]
            for column in (
                self.candles.open,
                self.candles.high,
                self.candles.low,
                self.candles.close,
            )
        ]
        o, h, low, c = columns
        self.views = (
            View(o, h, low, c),
            View([-x for x in o], [-x for x in low], [-x for x in h], [-x for x in c]),
        )
        self.ts = [int(x) for x in self.candles.time]
        self.n = len(self.ts)
        self.step = self.timeframe.milliseconds
        self.atr = self._atr()

    def _atr(self) -> list[float]:
        v, values, total = self.views[0], [], 0.0
        for t in range(self.n):
            tr = v.h[t] - v.l[t]
            if t:
                tr = max(tr, abs(v.h[t] - v.c[t - 1]), abs(v.l[t] - v.c[t - 1]))
            if t < 14:
                total += tr
                values.append(total / 14 if t == 13 else float("nan"))
            else:
                values.append((13 * values[-1] + tr) / 14)
        return values

    def a(self, t: int) -> float:
        """A of the specification: the ATR before bar t."""
        return self.atr[t - 1] if t else float("nan")

    def contiguous(self, t: int) -> bool:
        return t > 0 and self.ts[t] - self.ts[t - 1] == self.step

    def displaced(self, side: int, t: int) -> bool:
        v = self.views[side]
        body = v.c[t] - v.o[t]
        return body > 0 and body >= 1.0 * self.a(t) and body >= 0.6 * (v.h[t] - v.l[t])

    # Section 1

    def is_swing(self, side: int, p: int, r: int) -> bool:
        h = self.views[side].h
        if p < r or p + r >= self.n:
            return False
        return h[p] > max(h[p - r : p]) and h[p] >= max(h[p + 1 : p + r + 1])

    def swings(self, degree: int, side: int) -> list[int]:
        r = self.degrees[degree]
        return [p for p in range(self.n) if self.is_swing(side, p, r)]

    def swing_events(self) -> list[Event]:
        found = Found()
        names = ({1: "HH", -1: "LH", 0: "EH"}, {1: "LL", -1: "HL", 0: "EL"})
        for degree, r in enumerate(self.degrees):
            for side in range(2):
                h = self.views[side].h
                before = None
                for p in self.swings(degree, side):
                    label = None
                    if before is not None:
                        label = names[side][int(np.sign(h[p] - h[before]))]
                    found.add(
                        (p + r, degree, side),
                        t=p + r,
                        dir=1 - 2 * side,
                        degree=("internal", "external")[degree],
                        t_origin=p,
                        price=h[p] * (1 - 2 * side),
                        label=label,
                    )
                    before = p
        return self.numbered(found, "swing", "confirmed", step=7)

    # Sections 4 and 5

    def gaps(self, side: int) -> list[int]:
        """Bars at which an FVG of the side becomes known."""
        v, known = self.views[side], []
        for t in range(2, self.n):
            if not (self.contiguous(t) and self.contiguous(t - 1)):
                continue
            size, a = v.l[t] - v.h[t - 2], self.a(t)
            if size > 0 and not np.isnan(a) and size >= max(0.10 * a, self.tick):
                known.append(t)
        return known

    def life(
        self, side: int, known: int, levels: list[float], bottom: float
    ) -> tuple[list[int], int | None]:
        """Bars at which each level is first reached, and the bar that closes under the bottom."""
        v = self.views[side]
        reached = [-1] * len(levels)
        for u in range(known + 1, self.n):
            for i, level in enumerate(levels):
                if reached[i] < 0 and v.l[u] <= level:
                    reached[i] = u
            if v.c[u] < bottom:
                return reached, u
        return reached, None

    def zone_events(
        self,
        kind: str,
        zones: list[tuple[int, int, float, float, Event]],
        names: list[str],
        end: str,
        mid: list[float] | None = None,
        step: int = 5,
    ) -> tuple[list[Event], list[int | None]]:
        """Lifecycle of (known, side, top, bottom, keys) numbered in the order given."""
        events, ends = [], []
        for number, (known, side, top, bottom, keys) in enumerate(zones):
            sign = 1 - 2 * side
            base: Event = {"kind": kind, "id": number, "dir": sign}
            bounds = sorted((top * sign, bottom * sign))
            created = {"top": bounds[1], "bottom": bounds[0], **keys}
            events.append(
                {"t": known, "step": step, "event": "created", "order": 0, **base, **created}
            )
            middle = (top + bottom) / 2 if mid is None else mid[number]
            levels = [top, middle, bottom][: len(names)]
            reached, ended = self.life(side, known, levels, bottom)
            for i, (name, u) in enumerate(zip(names, reached, strict=True)):
                if u >= 0:
                    events.append({"t": u, "step": 3, "event": name, "order": 1 + i, **base})
            if ended is not None:
                events.append({"t": ended, "step": 3, "event": end, "order": 4, **base})
            ends.append(ended)
        return events, ends

    def gap_events(self) -> list[Event]:
        known = sorted((t, side) for side in range(2) for t in self.gaps(side))
        zones: list[tuple[int, int, float, float, Event]] = []
        latest: dict[int, tuple[int, int]] = {}
        for number, (t, side) in enumerate(known):
            v = self.views[side]
            before = latest.get(side)
            group = before[1] if before and before[0] == t - 1 else number
            latest[side] = (t, group)
            keys = {"t_origin": t - 1, "group_id": group}
            zones.append((t, side, v.l[t], v.h[t - 2], keys))
        names = ["touched", "ce", "filled"]
        events, ends = self.zone_events("fvg", zones, names, "inverted")
        inverted = sorted((u, number) for number, u in enumerate(ends) if u is not None)
        children: list[tuple[int, int, float, float, Event]] = [
            (
                u,
                1 - zones[number][1],
                -zones[number][3],
                -zones[number][2],
                {"t_origin": zones[number][4]["t_origin"], "fvg_id": number},
            )
            for u, number in inverted
        ]
        events += self.zone_events("ifvg", children, names[:2], "invalidated", step=3)[0]
        return events + self._balanced(zones)

    def _balanced(self, gaps: list[tuple[int, int, float, float, Event]]) -> list[Event]:
        zones: list[tuple[int, int, float, float, Event]] = []
        for number, (t, side, top, bottom, _) in enumerate(gaps):
            for other, (known, direction, their_top, their_bottom, _) in enumerate(gaps):
                if direction == side or not t - 20 <= known <= t - 1:
                    continue
                upper, lower = min(top, -their_bottom), max(bottom, -their_top)
                if upper > lower and upper - lower >= self.tick:
                    keys = {"fvg_id": number, "opposite_id": other}
                    zones.append((t, side, upper, lower, keys))
        names = ["touched", "ce", "filled"]
        return self.zone_events("bpr", zones, names, "invalidated")[0]

    # Sections 7 and 8

    def pool_events(self) -> list[Event]:
        return PoolReference(self).events()

    # Sections 2, 6 and 9

    def structure_events(self) -> list[Event]:
        return StructureReference(self).events()

    def numbered(self, found: Found, kind: str, event: str, step: int) -> list[Event]:
        rows = sorted(found.rows, key=lambda row: row[0])
        return [
            {"kind": kind, "event": event, "id": number, "step": step, "order": 0, **row}
            for number, (_, row) in enumerate(rows)
        ]


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

    def __init__(self, reference: Reference) -> None:
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
            if pool.state == "run" and t - pool.ran <= 2 and v.c[t] > pool.price:
                extreme = min(v.l[pool.ran : t + 1]) * sign
                self._emit(t, 4, "reclaim", pool, extreme=extreme)
                pool.state = "reclaimed"
                self.swept[pool.side].append(t)
            elif pool.state == "active" and pool.known < t and v.l[t] < pool.price:
                pool.state = "swept" if v.c[t] >= pool.price else "run"
                name = "sweep" if pool.state == "swept" else "run"
                self._emit(t, 4, name, pool, extreme=v.l[t] * sign)
                pool.ran = t
                self.taken[pool.side].append(t)
                if name == "sweep":
                    self.swept[pool.side].append(t)

    def _swing(self, t: int, degree: int, side: int, p: int) -> None:
        v = self.r.views[side]
        name = ("INT", "EXT")[degree]
        self._create(t, 7, Pool(0, f"SWING_{name}", 1 - side, -v.h[p], p, t))
        partners = [
            i
            for i in self.r.swings(degree, side)
            if 3 <= p - i <= 100
            and abs(v.h[i] - v.h[p]) <= 0.1 * self.r.a(t)
            and max(v.h[i + 1 : p]) <= max(v.h[i], v.h[p])
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
        price = max(v.h[i] for i in members)
        origin = min(i for i in members if v.h[i] == price)
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
            midnight = datetime(local.year, local.month, local.day)
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
            lows = self.r.views[side].l[first:t]
            price = min(lows)
            pool = Pool(0, pool_kind, side, price, first + lows.index(price), t - 1, name=kind)
            self._create(t, 1, pool, partial=partial, **keys)


class StructureReference:
    """Structure and what it creates, each break worked out from scratch."""

    def __init__(self, reference: Reference) -> None:
        self.r = reference
        self.out: list[Event] = []
        self.breaks = 0
        self.blocks: list[tuple[int, int, float, float, Event]] = []
        self.middles: list[float] = []
        self.seen: set[tuple[int, int, int]] = set()
        self.mitigations: list[tuple[int, int, float, float, Event]] = []
        self.legs: list[tuple[int, int, int, int, float]] = []
        self.gaps = [self.r.gaps(side) for side in range(2)]
        pools = PoolReference(reference)
        pools.events()
        self.swept, self.taken = pools.swept, pools.taken

    def events(self) -> list[Event]:
        swings = [[self.r.swings(d, side) for side in range(2)] for d in range(2)]
        trend = [0, 0]
        broken: set[tuple[int, int, int]] = set()
        for t in range(self.r.n):
            for d, width in enumerate(self.r.degrees):
                for side in range(2):
                    known = [p for p in swings[d][side] if p + width < t]
                    if not known or (d, side, known[-1]) in broken:
                        continue
                    if self.r.views[side].c[t] > self.r.views[side].h[known[-1]]:
                        broken.add((d, side, known[-1]))
                        self._break(t, d, side, known[-1], trend, swings[d])
        return self.out + self._zones() + self._retracements()

    def _break(
        self, t: int, d: int, side: int, p: int, trend: list[int], swings: list[list[int]]
    ) -> None:
        v, sign, degree = self.r.views[side], 1 - 2 * side, ("internal", "external")[d]
        anchor = min(v.l[p : t + 1])
        s = max(i for i in range(p, t + 1) if v.l[i] == anchor)
        bars = range(s + 1, t + 1) if s < t else range(t, t + 1)
        quick = [i for i in bars if self.r.displaced(side, i)]
        choch = trend[d] == -sign
        mss = choch and bool(quick)
        swept = any(t - 30 <= u <= t for u in self.swept[side])
        self.out.append(
            {
                "t": t,
                "step": 6,
                "order": int(choch),
                "kind": "structure",
                "event": "choch" if choch else "bos",
                "id": self.breaks,
                "dir": sign,
                "degree": degree,
                "level": v.h[p] * sign,
                "t_origin": p,
                "leg_start": s,
                "protected": anchor * sign,
                "initial": trend[d] == 0,
                "mss": mss,
                "after_sweep": swept,
            }
        )
        if mss or not choch:
            self.legs.append((t, side, self.breaks, s, anchor))
        self.breaks += 1
        trend[d] = sign
        if quick:
            self._block(t, d, side, p, quick[0])
        self._mitigation(t, d, side, swings)

    def _block(self, t: int, d: int, side: int, p: int, q: int) -> None:
        v = self.r.views[side]
        down = [k for k in range(max(p, q - 10), q) if v.c[k] < v.o[k]]
        if not down or (d, side, down[-1]) in self.seen:
            return
        k, sign = down[-1], 1 - 2 * side
        self.seen.add((d, side, k))
        middle = (v.o[k] + v.c[k]) / 2
        keys = {
            "degree": ("internal", "external")[d],
            "t_origin": k,
            "open": v.o[k] * sign,
            "mt": middle * sign,
            "has_fvg": any(q <= g - 1 <= t - 1 for g in self.gaps[side]),
        }
        self.blocks.append((t, side, v.h[k], min(v.l[k:q]), keys))
        self.middles.append(middle)

    def _mitigation(self, t: int, d: int, side: int, swings: list[list[int]]) -> None:
        width = self.r.degrees[d]
        failed = [p for p in swings[1 - side] if p + width < t]
        other, v = self.r.views[1 - side], self.r.views[side]
        if len(failed) < 2 or not other.h[failed[-1]] < other.h[failed[-2]]:
            return
        before = [p for p in swings[side] if p < failed[-1]]
        if not before:
            return
        s = before[-1]
        up = [k for k in range(max(s - 10, 0), s + 1) if v.c[k] > v.o[k]]
        if up:
            keys = {"degree": ("internal", "external")[d], "t_origin": up[-1]}
            self.mitigations.append((t, side, v.h[up[-1]], v.l[up[-1]], keys))

    def _zones(self) -> list[Event]:
        names = ["touched", "mt_hit"]
        events, ends = self.r.zone_events(
            "ob", self.blocks, names, "invalidated", self.middles, step=6
        )
        dead = sorted((u, number) for number, u in enumerate(ends) if u is not None)
        breakers: list[tuple[int, int, float, float, Event]] = []
        for u, number in dead:
            known, side, top, bottom, _ = self.blocks[number]
            swept = any(known < x <= u for x in self.taken[1 - side])
            keys = {"ob_id": number, "swept_first": swept}
            breakers.append((u, 1 - side, -bottom, -top, keys))
        events += self.r.zone_events("breaker", breakers, names[:1], "invalidated", step=3)[0]
        return (
            events
            + self.r.zone_events("mitigation", self.mitigations, names[:1], "invalidated", step=6)[
                0
            ]
        )

    def _retracements(self) -> list[Event]:
        events = []
        for number, (t, side, structure, s, anchor) in enumerate(self.legs):
            v, sign = self.r.views[side], 1 - 2 * side
            base = {"kind": "ote", "id": number, "dir": sign}
            created = {"structure_id": structure, "anchor": anchor * sign}
            events.append({"t": t, "step": 6, "order": 0, "event": "created", **base, **created})
            touched = False
            for u in range(t + 1, self.r.n):
                b = max(v.h[s:u])
                span = b - anchor
                if not touched and v.l[u] <= b - 0.62 * span:
                    touched = True
                    zone = sorted(((b - 0.62 * span) * sign, (b - 0.79 * span) * sign))
                    keys = {"top": zone[1], "bottom": zone[0]}
                    events.append(
                        {"t": u, "step": 3, "order": 1, "event": "touched", **base, **keys}
                    )
                if v.l[u] < anchor:
                    events.append({"t": u, "step": 3, "order": 2, "event": "invalidated", **base})
                    break
        return events


def reference_events(
    candles: CandleArrays,
    timeframe: Timeframe,
    degrees: tuple[int, int] = (5, 20),
    tick: float = 0.0,
) -> list[Event]:
    """The events of the covered kinds in export order."""
    kinds = (
        "swing structure fvg ifvg bpr ob breaker mitigation pool ote smt opening_gap setup"
    ).split()
    reference = Reference(candles, timeframe, degrees, tick)
    events = (
        reference.swing_events()
        + reference.gap_events()
        + reference.pool_events()
        + reference.structure_events()
    )
    events.sort(key=lambda e: (e["t"], e["step"], kinds.index(e["kind"]), e["id"], e["order"]))
    for event in events:
        del event["step"], event["order"]
        event["ts"] = reference.ts[event["t"]]
    return events
