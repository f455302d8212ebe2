"""The one price-to-fill function: what a bar does to an entry or to a position.

Scalars in, scalars out: the venue calls these functions as they stand, and a backtest compiles the
very same ones. A tick is a bar with open = high = low = close. The rules
are ict-spec.md section 14:

* a limit (entry or target) needs trade-through: the price must pass its level, not only touch it;
* a stop fires on touch;
* a level the open is already beyond is hit at the open, which is known to come first;
* stop and target inside one bar: the stop, marked ambiguous;
* on the bar that fills the entry only the stop is checked, never the target.

A short is the mirror image of a long: every price is multiplied by the direction, and then
"better for the entry" is lower for both.
"""

import enum
import math
from typing import NamedTuple

from numba.extending import register_jitable


class Hit(enum.IntEnum):
    """Where in the bar a level was hit, if at all."""

    NONE = 0
    AT_OPEN = 1
    AT_LEVEL = 2


class Bar(NamedTuple):
    """The prices a match needs. `trigger_*` are the prices the stop listens to (NaN: none)."""

    open: float
    high: float
    low: float
    trigger_open: float
    trigger_high: float
    trigger_low: float

    @classmethod
    def of_last(cls, opened: float, high: float, low: float) -> "Bar":
        """A bar whose stops listen to the same prices everything else trades at."""
        return cls(opened, high, low, opened, high, low)

    @classmethod
    def without_stops(cls, opened: float, high: float, low: float) -> "Bar":
        """A bar that fires no stop, because another price source is responsible for stops."""
        return cls(opened, high, low, math.nan, math.nan, math.nan)


class ExitMatch(NamedTuple):
    """What a bar did to a position; at most one of the two is not NONE."""

    stop: Hit
    target: Hit
    ambiguous: bool


@register_jitable
def match_limit(side: int, level: float, bar: Bar) -> Hit:
    """A resting limit that buys (side 1) or sells (side -1) at `level`."""
    best = bar.low if side > 0 else -bar.high
    if side * bar.open < side * level:
        return Hit.AT_OPEN
    if best < side * level:
        return Hit.AT_LEVEL
    return Hit.NONE


@register_jitable
def match_stop(direction: int, stop: float, bar: Bar) -> Hit:
    """The stop of a long (direction 1) or short (-1) position."""
    worst = bar.trigger_low if direction > 0 else -bar.trigger_high
    if direction * bar.trigger_open <= direction * stop:
        return Hit.AT_OPEN
    if worst <= direction * stop:
        return Hit.AT_LEVEL
    return Hit.NONE


@register_jitable
def match_exit(
    direction: int, stop: float, target: float, bar: Bar, is_fill_bar: bool
) -> ExitMatch:
    """What the bar does to a position with this stop and target.

    `is_fill_bar` says that this same bar filled the entry: the target is then not looked at,
    except to call a stopped bar ambiguous.
    """
    stop_hit = match_stop(direction, stop, bar)
    target_hit = match_limit(-direction, target, bar)
    if stop_hit is Hit.AT_OPEN:
        return ExitMatch(stop_hit, Hit.NONE, False)
    if target_hit is Hit.AT_OPEN and not is_fill_bar:
        return ExitMatch(Hit.NONE, target_hit, False)
    if stop_hit is Hit.AT_LEVEL:
        return ExitMatch(stop_hit, Hit.NONE, target_hit is not Hit.NONE)
    if is_fill_bar:
        return ExitMatch(Hit.NONE, Hit.NONE, False)
    return ExitMatch(Hit.NONE, target_hit, False)
