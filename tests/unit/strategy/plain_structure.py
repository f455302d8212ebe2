"""Structure in the second reading, with the blocks and OTE legs it creates."""

from tests.unit.strategy.plain_market import Event, Market
from tests.unit.strategy.plain_pools import PoolReference


class StructureReference:
    """Structure and what it creates, each break worked out from scratch."""

    def __init__(self, reference: Market) -> None:
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
                    if self.r.views[side].close[t] > self.r.views[side].high[known[-1]]:
                        broken.add((d, side, known[-1]))
                        self._break(t, d, side, known[-1], trend, swings[d])
        return self.out + self._zones() + self._retracements()

    def _break(
        self, t: int, d: int, side: int, p: int, trend: list[int], swings: list[list[int]]
    ) -> None:
        v, sign, degree = self.r.views[side], 1 - 2 * side, ("internal", "external")[d]
        anchor = min(v.low[p : t + 1])
        s = max(i for i in range(p, t + 1) if v.low[i] == anchor)
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
                "level": v.high[p] * sign,
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
        down = [k for k in range(max(p, q - 10), q) if v.close[k] < v.open[k]]
        if not down or (d, side, down[-1]) in self.seen:
            return
        k, sign = down[-1], 1 - 2 * side
        self.seen.add((d, side, k))
        middle = (v.open[k] + v.close[k]) / 2
        keys = {
            "degree": ("internal", "external")[d],
            "t_origin": k,
            "open": v.open[k] * sign,
            "mt": middle * sign,
            "has_fvg": any(q <= g - 1 <= t - 1 for g in self.gaps[side]),
        }
        self.blocks.append((t, side, v.high[k], min(v.low[k:q]), keys))
        self.middles.append(middle)

    def _mitigation(self, t: int, d: int, side: int, swings: list[list[int]]) -> None:
        width = self.r.degrees[d]
        failed = [p for p in swings[1 - side] if p + width < t]
        other, v = self.r.views[1 - side], self.r.views[side]
        if len(failed) < 2 or not other.high[failed[-1]] < other.high[failed[-2]]:
            return
        before = [p for p in swings[side] if p < failed[-1]]
        if not before:
            return
        s = before[-1]
        up = [k for k in range(max(s - 10, 0), s + 1) if v.close[k] > v.open[k]]
        if up:
            keys = {"degree": ("internal", "external")[d], "t_origin": up[-1]}
            self.mitigations.append((t, side, v.high[up[-1]], v.low[up[-1]], keys))

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
                b = max(v.high[s:u])
                span = b - anchor
                if not touched and v.low[u] <= b - 0.62 * span:
                    touched = True
                    zone = sorted(((b - 0.62 * span) * sign, (b - 0.79 * span) * sign))
                    keys = {"top": zone[1], "bottom": zone[0]}
                    events.append(
                        {"t": u, "step": 3, "order": 1, "event": "touched", **base, **keys}
                    )
                if v.low[u] < anchor:
                    events.append({"t": u, "step": 3, "order": 2, "event": "invalidated", **base})
                    break
        return events
