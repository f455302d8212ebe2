"""Opens of the New York day that price is measured against: midnight, 08:30, 09:30 (section 10).

The open of the first bar at or after each of those moments, known when that bar closes.
"""

from typing import Any

import numpy as np

from src.strategy.added import Bars, Detector, Said, has_room, tell
from src.strategy.calendar import DAY_MS, MINUTE_MS, NEW_YORK, zone_transitions
from src.strategy.compiled import Record, Records, compiled

NAMES = ("midnight", "08:30", "09:30")
_MINUTES = (0, 510, 570)
COUNT = len(NAMES)
NEUTRAL = 0
NO_ORIGIN = -1
# When New York's clock changed, and what it was ahead of UTC from then on.
_TRANSITIONS, _OFFSETS = zone_transitions(NEW_YORK)

_MEMORY = np.dtype(
    [
        ("newest_id", np.int64),
        ("last_time", np.int64),
        ("zone", np.int64),  # index of the transition that holds
        ("prices", np.float64, COUNT),
    ],
    align=True,
)


@compiled
def advance(memory: Records, bars: Bars, first: int, last: int, said: Said) -> int:
    """Fold bars first:last; whoever opens at or first after a moment names it."""
    here = memory[0]
    for i in range(first, last):
        if not has_room(said, COUNT):
            return i
        candle = bars.candles[i]
        here.zone = max(here.zone, 0)
        while here.zone + 1 < len(_TRANSITIONS) and _TRANSITIONS[here.zone + 1] <= candle.time:
            here.zone += 1
        for k in range(COUNT):
            moment = _newest_moment(here.zone, candle.time, _MINUTES[k])
            # Of a history that begins later, nobody knows whether its first bar came first.
            if moment == candle.time or 0 <= here.last_time < moment:
                here.newest_id += 1
                here.prices[k] = candle.open
                t = bars.first_t + i
                tell(said, t, 0, here.newest_id, NEUTRAL, NO_ORIGIN, k, candle.open, float(moment))
        here.last_time = candle.time
    return last


@compiled
def _newest_moment(zone: int, time: int, minute: int) -> int:
    """The newest time, not after `time`, at which New York's clock showed `minute` of the day."""
    local = time + _OFFSETS[zone]
    wanted = local - local % DAY_MS + minute * MINUTE_MS
    if wanted > local:
        wanted -= DAY_MS
    moment = wanted - _OFFSETS[zone]
    if moment < _TRANSITIONS[zone] and zone > 0:
        moment = wanted - _OFFSETS[zone - 1]
    return int(moment)


def _keys(row: Record) -> dict[str, Any]:
    return {
        "name": NAMES[int(row["reference"])],
        "price": float(row["price_1"]),
        "moment": int(row["price_2"]),
    }


def _view(here: Record) -> dict[str, float | int | None]:
    """The newest price of every name."""
    return {
        name: None if np.isnan(price) else float(price)
        for name, price in zip(NAMES, here["prices"], strict=True)
    }


REFERENCE_OPENS = Detector(
    name="reference_open",
    events=("opened",),
    memory=_MEMORY,
    advance=advance,
    keys=_keys,
    view=_view,
    reads_core=False,
)
