"""Section 1: swings and their labels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.unit.strategy.reference.bars import Bars, Market
from tests.unit.strategy.reference.lines import SWING_STEP, Line

LABELS = {1: ("HH", "LH", "EH"), -1: ("LL", "HL", "EL")}


@dataclass(frozen=True)
class Swing:
    """A confirmed high of one side; `height` is its price as that side sees it."""

    id: int
    degree: str
    dir: int
    origin: int
    known: int
    height: float
    label: str | None


def is_swing_high(bars: Bars, p: int, reach: int) -> bool:
    """h[p] > max(h[p−L..p−1]) and h[p] ≥ max(h[p+1..p+R])."""
    if p < reach or p + reach >= len(bars):
        return False
    before, after = bars.high[p - reach : p], bars.high[p + 1 : p + reach + 1]
    return bars.high[p] > max(before) and bars.high[p] >= max(after)


def find_swings(market: Market, degrees: Mapping[str, int]) -> list[Swing]:
    """Every swing in order of confirmation; `degrees` gives L=R by name, internal first."""
    found: list[Swing] = []
    previous: dict[tuple[str, int], float] = {}
    for t in range(len(market)):
        for degree, reach in degrees.items():
            for bars in market.sides:
                p = t - reach
                if not is_swing_high(bars, p, reach):
                    continue
                height = bars.high[p]
                label = label_of(bars.dir, height, previous.get((degree, bars.dir)))
                previous[degree, bars.dir] = height
                found.append(Swing(len(found), degree, bars.dir, p, t, height, label))
    return found


def label_of(direction: int, height: float, before: float | None) -> str | None:
    """Label vs previous confirmed high: > HH, < LH, = EH; lows HL, LL, EL."""
    if before is None:
        return None
    beyond, short, equal = LABELS[direction]
    if height > before:
        return beyond
    return short if height < before else equal


def swing_lines(market: Market, swings: list[Swing]) -> Iterator[Line]:
    for swing in swings:
        keys = {
            "degree": swing.degree,
            "t_origin": swing.origin,
            "price": market.side(swing.dir).price(swing.height),
            "label": swing.label,
        }
        yield Line(swing.known, SWING_STEP, "swing", "confirmed", swing.id, swing.dir, keys)
