"""Exported events as shapes to draw over candles: zones, levels and marks.

Made from the events alone, so whatever joins the export joins every chart. A shape ends where its
object did; what is still alive is drawn to the last bar.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from src.strategy.export import Event

ZONE_WORDS = {
    "fvg": "FVG",
    "ifvg": "inverted FVG",
    "bpr": "BPR",
    "ob": "order block",
    "breaker": "breaker",
    "mitigation": "mitigation block",
    "opening_gap": "opening gap",
}
_ENDINGS = frozenset({"inverted", "invalidated", "expired", "sweep", "run", "superseded"})
_POOL_WORDS = {
    "SWING_INT": "swing",
    "SWING_EXT": "external swing",
    "EQ_INT": "equal",
    "EQ_EXT": "equal external",
    "PD": "previous day",
    "PW": "previous week",
    "PM": "previous month",
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A price zone from bar `first` to bar `last`, known at the close of bar `known`."""

    kind: str
    direction: int
    first: int
    last: int
    known: int
    top: float
    bottom: float
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A price level from bar `first` to bar `last`, known at the close of bar `known`."""

    kind: str
    direction: int
    first: int
    last: int
    known: int
    price: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at one bar: over it (`above`) or under it."""

    kind: str
    direction: int
    t: int
    known: int
    price: float
    label: str
    above: bool


Shape = Zone | Level | Mark


def shapes(events: Iterable[Event], last: int) -> list[Shape]:
    """What to draw of events (in export order) over bars up to `last`."""
    drawn: dict[tuple[str, int], Shape] = {}
    loose: list[Shape] = []
    for event in events:
        key = event["kind"], event["id"]
        begun = drawn.get(key)
        if begun is None or event["kind"] in ("structure", "swing"):
            loose += _marks(event, last)
            shape = _shape(event, last)
            if shape is not None:
                drawn[key] = shape
        else:
            loose += _marks(event, last)
            if event["event"] in _ENDINGS and not isinstance(begun, Mark):
                drawn[key] = replace(begun, last=event["t"])
    return [*drawn.values(), *loose]


def _shape(event: Event, last: int) -> Shape | None:
    kind, direction, t = event["kind"], event["dir"], event["t"]
    first = _begun(event)
    if kind == "structure":
        label = "MSS" if event["mss"] else {"bos": "BOS", "choch": "CHoCH"}[event["event"]]
        return Level(kind, direction, first, t, t, event["level"], label)
    if kind == "pool":
        word = event.get("session") or _POOL_WORDS[event["pool_kind"]]
        label = f"{word} {'high' if direction > 0 else 'low'}"
        label += "s" if event["pool_kind"].startswith("EQ") else ""
        return Level(kind, direction, first, last, t, event["price"], label)
    if "top" in event:
        label = ZONE_WORDS.get(kind, kind.replace("_", " "))
        label = "OTE" if kind == "ote" else label
        # What another object turned into begins where that one ended.
        first = t if kind in ("ifvg", "bpr") else first
        return Zone(kind, direction, first, last, t, event["top"], event["bottom"], label)
    if "price" in event and event.get("name"):
        return Level(kind, direction, t, last, t, event["price"], str(event["name"]))
    return None


def _marks(event: Event, last: int) -> list[Shape]:
    kind, direction, t = event["kind"], event["dir"], event["t"]
    if kind == "swing":
        label = event["label"] or ("high" if direction > 0 else "low")
        return [Mark(kind, direction, event["t_origin"], t, event["price"], label, direction > 0)]
    if kind == "pool" and event["event"] in ("sweep", "run", "reclaim"):
        return [Mark(kind, direction, t, t, event["extreme"], event["event"], direction > 0)]
    if "stop" in event:
        return [
            Level(kind, direction, t, last, t, event[name], name)
            for name in ("entry", "stop", "target")
        ]
    if "price" in event and not event.get("name") and kind not in ("pool", "structure"):
        label = event["event"].replace("_", " ")
        return [Mark(kind, direction, _begun(event), t, event["price"], label, direction > 0)]
    return []


def _begun(event: Event) -> int:
    """The bar an object began on: its own where it has one, else the one it became known at."""
    return int(event["t_origin" if "t_origin" in event else "t"])
