"""A small picture of candles with zones, levels and marks over them, as SVG text.

One file serves light and dark pages: it carries its own background and follows the reader's scheme.
Equal input gives equal text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from src.strategy.candle_arrays import CandleArrays
from src.strategy.chart import Level, Mark, Shape, Zone

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 18, 18, 44, 26
STYLE = """
:root { --page:#ffffff; --edge:#d0d7de; --ink:#1f2328; --quiet:#59636e; --up:#1a7f5a;
  --down:#c4432b; --long:#0969da; --short:#bc4c00; --other:#8250df; --tint:.13 }
@media (prefers-color-scheme: dark) {
  :root { --page:#0d1117; --edge:#3d444d; --ink:#f0f6fc; --quiet:#9198a1; --up:#3fb98a;
    --down:#f0735a; --long:#58a6ff; --short:#f0883e; --other:#bc8cff; --tint:.2 }
}
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
text { fill: var(--ink) }
.title { font-size: 14px; font-weight: 600 }
.card { fill: var(--page); stroke: var(--edge) }
.up { fill: var(--up); stroke: var(--up) }
.down { fill: var(--down); stroke: var(--down) }
.long { fill: var(--long); stroke: var(--long) }
.short { fill: var(--short); stroke: var(--short) }
.other { fill: var(--other); stroke: var(--other) }
.zone { fill-opacity: var(--tint); stroke-opacity: .6 }
.level { stroke-width: 1.5 }
.span { fill: var(--other); fill-opacity: .1 }
.peer { fill: none; stroke: var(--other); stroke-width: 1.5; stroke-dasharray: 5 4 }
.known { stroke: var(--quiet); stroke-dasharray: 2 4 }
text.quiet { fill: var(--quiet) }
text.long, text.short, text.other { stroke: none; font-weight: 600 }
text.halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round }
""".strip()


@dataclass(frozen=True, slots=True)
class Note:
    """A dashed line at the close of bar `t`, with a word at its foot."""

    t: int
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, bars `first` to `last`."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: candles `first` to `last` and what stands over them."""

    title: str
    candles: CandleArrays
    first: int
    last: int
    shapes: Sequence[Shape]
    notes: Sequence[Note] = ()
    spans: Sequence[Span] = ()
    peer: CandleArrays | None = None

    def svg(self) -> str:
        """The picture's text."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
                f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(self.title)}">',
                f"<style>{STYLE}</style>",
                f'<rect class="card" x=".5" y=".5" rx="8" '
                f'width="{WIDTH - 1}" height="{HEIGHT - 1}"/>',
                _text(LEFT, 26, self.title, "title"),
                *(self._span(span, number % 2) for number, span in enumerate(self.spans)),
                *(self._zone(shape) for shape in self.shapes if isinstance(shape, Zone)),
                *(self._note(note) for note in self.notes),
                *(self._candle(t) for t in range(self.first, self.last + 1)),
                self._peer(),
                *(self._level(shape) for shape in self.shapes if isinstance(shape, Level)),
                *(self._mark(shape) for shape in self.shapes if isinstance(shape, Mark)),
                *(self._zone_label(shape) for shape in self.shapes if isinstance(shape, Zone)),
                "</svg>\n",
            ]
        )

    @property
    def _step(self) -> float:
        return (WIDTH - LEFT - RIGHT) / (self.last - self.first + 1)

    def _x(self, t: float) -> float:
        """The middle of bar t, clipped to the picture."""
        inside = min(max(t, self.first - 0.5), self.last + 0.5)
        return LEFT + (inside - self.first + 0.5) * self._step

    def _y(self, price: float) -> float:
        low = float(self.candles.low[self.first : self.last + 1].min())
        high = float(self.candles.high[self.first : self.last + 1].max())
        for shape in self.shapes:
            prices = (shape.top, shape.bottom) if isinstance(shape, Zone) else (shape.price,)
            low, high = min(low, *prices), max(high, *prices)
        room = HEIGHT - TOP - BOTTOM - 34
        return TOP + 17 + room * (high - price) / (high - low)

    def _candle(self, t: int) -> str:
        candles, x = self.candles, self._x(t)
        opened, closed = float(candles.open[t]), float(candles.close[t])
        top, bottom = self._y(max(opened, closed)), self._y(min(opened, closed))
        high, low = self._y(float(candles.high[t])), self._y(float(candles.low[t]))
        half = min(self._step * 0.34, 9.0)
        kind = "up" if closed >= opened else "down"
        body = f'y="{top:.1f}" width="{2 * half:.1f}" height="{max(bottom - top, 1.2):.1f}" rx="1"'
        return (
            f'<g class="{kind}"><path d="M{x:.1f} {high:.1f}V{low:.1f}"/>'
            f'<rect x="{x - half:.1f}" {body}/></g>'
        )

    def _zone(self, zone: Zone) -> str:
        left, right = self._x(zone.first - 0.5), self._x(zone.last + 0.5)
        top, bottom = self._y(zone.top), self._y(zone.bottom)
        return (
            f'<rect class="zone {_tone(zone.direction)}" x="{left:.1f}" y="{top:.1f}" '
            f'width="{right - left:.1f}" height="{max(bottom - top, 1):.1f}" rx="2"/>'
        )

    def _zone_label(self, zone: Zone) -> str:
        """In the right corner on the far side, where price has usually left the zone."""
        top, bottom = self._y(zone.top), self._y(zone.bottom)
        middle = (top + bottom) / 2 + 4
        y = min(top + 14, middle) if zone.direction < 0 else max(bottom - 6, middle)
        x = self._x(zone.last + 0.5) - 6
        return _text(x, y, zone.label, f"{_tone(zone.direction)} halo", "end")

    def _level(self, level: Level) -> str:
        left, right, y = self._x(level.first), self._x(level.last), self._y(level.price)
        tone = _tone(level.direction)
        line = f'<path class="level {tone}" d="M{left:.1f} {y:.1f}H{right:.1f}"/>'
        x, anchor = (left + right) / 2, "middle"
        if right > WIDTH - RIGHT - 90:
            x, anchor = right, "end"
        beside = y + 15 if level.direction < 0 else y - 6
        return line + _text(x, beside, level.label, f"{tone} halo", anchor)

    def _mark(self, mark: Mark) -> str:
        y = self._y(mark.price) + (-8 if mark.above else 18)
        return _text(self._x(mark.t), y, mark.label, f"{_tone(mark.direction)} halo", "middle")

    def _note(self, note: Note) -> str:
        x = self._x(note.t + 0.5)
        anchor = "end" if x > WIDTH - 150 else "start"
        shift = -6 if anchor == "end" else 6
        line = f'<path class="known" d="M{x:.1f} {TOP - 4}V{HEIGHT - BOTTOM + 14}"/>'
        return line + _text(x + shift, HEIGHT - 12, note.label, "quiet", anchor)

    def _peer(self) -> str:
        """The second market's highs as a dashed line on the same scale."""
        if self.peer is None:
            return ""
        bars = range(self.first, self.last + 1)
        points = " ".join(f"{self._x(t):.1f},{self._y(float(self.peer.high[t])):.1f}" for t in bars)
        return f'<polyline class="peer" points="{points}"/>'

    def _span(self, span: Span, row: int) -> str:
        """Its word in the upper or lower row, since neighbours may be narrow."""
        left, right = self._x(span.first - 0.5), self._x(span.last + 0.5)
        box = f'y="{TOP - 6}" width="{right - left:.1f}" height="{HEIGHT - TOP - 6}"'
        label = _text((left + right) / 2, TOP + 8 + 15 * row, span.label, "other", "middle")
        return f'<rect class="span" x="{left:.1f}" {box} rx="3"/>{label}'


def _tone(direction: int) -> str:
    return {1: "long", -1: "short"}.get(direction, "other")


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'
