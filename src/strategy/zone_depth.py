"""How deep price has come into a fair value gap, and how often into an order block (4 and 6).

Two detectors beside the core, over the newest live zones of a direction. A gap's `fill` is the
deepest share of it that was traded, 0 to 1; an order block's `touches` count entries from outside.
"""

from typing import Any

import numpy as np

from src.strategy.added import Bars, Detector, Said, has_room, tell
from src.strategy.codes import CREATED, ENDED, EXPIRED, FVG, ORDER_BLOCK
from src.strategy.compiled import Record, Records, code, compiled

KEPT = 128
DEEPER = code(0)
ENTERED = code(0)

# A zone in the coordinates of its side; id is -1 while the row is free.
_ZONE = np.dtype(
    [("id", np.int64), ("touches", np.int64)]
    + [(name, np.float64) for name in ("top", "bottom", "fill")],
    align=True,
)
_MEMORY = np.dtype(
    [
        ("newest_id", np.int64),
        ("counts", np.int64, 2),  # zones ever kept, by side
        ("zones", _ZONE, (2, KEPT)),
        ("lows", np.float64, 2),  # of the bar before, as the side sees it
    ],
    align=True,
)


@compiled
def advance_fills(memory: Records, bars: Bars, first: int, last: int, said: Said) -> int:
    """Fold bars first:last; a bar fills the gaps known before it, then its own are taken in."""
    here = memory[0]
    for i in range(first, last):
        if not has_room(said, 2 * KEPT):
            return i
        candle = bars.candles[i]
        _fill(here, 0, candle.low, bars.first_t + i, said)
        _fill(here, 1, -candle.high, bars.first_t + i, said)
        _follow_core(here, bars, i, FVG)
    return last


@compiled
def _fill(here: Record, side: int, low: float, t: int, said: Said) -> None:
    """fill=max(fill, clip((top−l)/(top−bottom),0,1))."""
    for k in range(KEPT):
        zone = here.zones[side, k]
        if zone.id < 0 or zone.fill >= 1.0 or low >= zone.top:
            continue
        fill = min((zone.top - low) / (zone.top - zone.bottom), 1.0)
        if fill > zone.fill:
            zone.fill = fill
            here.newest_id += 1
            tell(said, t, DEEPER, here.newest_id, 1 - 2 * side, t, zone.id, fill, np.nan)


@compiled
def advance_touches(memory: Records, bars: Bars, first: int, last: int, said: Said) -> int:
    """Fold bars first:last; a bar enters the blocks known before it, then its own are taken in."""
    here = memory[0]
    for i in range(first, last):
        if not has_room(said, 2 * KEPT):
            return i
        candle = bars.candles[i]
        _enter(here, 0, candle.low, bars.first_t + i, said)
        _enter(here, 1, -candle.high, bars.first_t + i, said)
        _follow_core(here, bars, i, ORDER_BLOCK)
    return last


@compiled
def _enter(here: Record, side: int, low: float, t: int, said: Said) -> None:
    """An entry from outside: the bar before stayed above the top, this one reaches it."""
    for k in range(KEPT):
        zone = here.zones[side, k]
        if zone.id >= 0 and low <= zone.top < here.lows[side]:
            zone.touches += 1
            here.newest_id += 1
            touches = float(zone.touches)
            tell(said, t, ENTERED, here.newest_id, 1 - 2 * side, t, zone.id, touches, np.nan)
    here.lows[side] = low


@compiled
def _follow_core(here: Record, bars: Bars, i: int, kind: int) -> None:
    """Take in the zones of a kind that this bar created, and let go of those it ended."""
    for k in range(bars.starts[i], bars.starts[i + 1]):
        row = bars.core[k]
        if row.kind != kind:
            continue
        side = 0 if row.dir == 1 else 1
        if row.event == CREATED:
            _keep(here, side, row)
        elif row.event in (ENDED, EXPIRED):
            _let_go(here, side, row.id)


@compiled
def _keep(here: Record, side: int, row: Record) -> None:
    """In place of the oldest, whether that still lives or not."""
    count = max(here.counts[side], 0)
    zone = here.zones[side, count % KEPT]
    here.counts[side] = count + 1
    zone.id, zone.touches, zone.fill = row.id, 0, 0.0
    zone.top = row.price_1 if side == 0 else -row.price_2
    zone.bottom = row.price_2 if side == 0 else -row.price_1


@compiled
def _let_go(here: Record, side: int, identity: int) -> None:
    for k in range(KEPT):
        if here.zones[side, k].id == identity:
            here.zones[side, k].id = -1


def _fill_keys(row: Record) -> dict[str, Any]:
    return {"fvg_id": int(row["reference"]), "fill": float(row["price_1"])}


def _touch_keys(row: Record) -> dict[str, Any]:
    return {"ob_id": int(row["reference"]), "touches": int(row["price_1"])}


def _view(here: Record) -> dict[str, float | int | None]:
    """How many zones are followed."""
    return {"followed": int(np.count_nonzero(here["zones"]["id"] >= 0))}


GAP_FILL = Detector(
    name="fvg_fill",
    events=("deeper",),
    memory=_MEMORY,
    advance=advance_fills,
    keys=_fill_keys,
    view=_view,
)
BLOCK_TOUCHES = Detector(
    name="ob_touches",
    events=("entered",),
    memory=_MEMORY,
    advance=advance_touches,
    keys=_touch_keys,
    view=_view,
)
