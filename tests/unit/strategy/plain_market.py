"""The plain ground of the second reading: bars, ATR, swings, gaps and the life of zones."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from src.domain.candle import Timeframe
from src.strategy.candle_arrays import CandleArrays

Event = dict[str, Any]
Key = tuple[int, ...]


@dataclass
class View:
    """The bars as one side sees them; bears see everything negated."""

    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]


@dataclass
class Found:
    """Events with the key that orders and numbers them within one bar."""

    rows: list[tuple[Key, Event]] = field(default_factory=list)

    def add(self, key: Key, **event: Any) -> None:
        self.rows.append((key, event))


@dataclass
class Market:
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
            tr = v.high[t] - v.low[t]
            if t:
                tr = max(tr, abs(v.high[t] - v.close[t - 1]), abs(v.low[t] - v.close[t - 1]))
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
        body = v.close[t] - v.open[t]
        return body > 0 and body >= 1.0 * self.a(t) and body >= 0.6 * (v.high[t] - v.low[t])

    # Section 1

    def is_swing(self, side: int, p: int, r: int) -> bool:
        h = self.views[side].high
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
                h = self.views[side].high
                before: int | None = None
                for p in self.swings(degree, side):
                    label: str | None = None
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
            size, a = v.low[t] - v.high[t - 2], self.a(t)
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
                if reached[i] < 0 and v.low[u] <= level:
                    reached[i] = u
            if v.close[u] < bottom:
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
            zones.append((t, side, v.low[t], v.high[t - 2], keys))
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

    def numbered(self, found: Found, kind: str, event: str, step: int) -> list[Event]:
        rows = sorted(found.rows, key=lambda row: row[0])
        return [
            {"kind": kind, "event": event, "id": number, "step": step, "order": 0, **row}
            for number, (_, row) in enumerate(rows)
        ]
