"""Section 15: one line of the export, and the order of the lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]

KIND_EVENTS = {
    "swing": ("confirmed",),
    "structure": ("bos", "choch"),
    "fvg": ("created", "touched", "ce", "filled", "inverted", "expired"),
    "ifvg": ("created", "touched", "ce", "invalidated"),
    "bpr": ("created", "touched", "ce", "filled", "invalidated"),
    "ob": ("created", "touched", "mt_hit", "invalidated"),
    "breaker": ("created", "touched", "invalidated"),
    "mitigation": ("created", "touched", "invalidated"),
    "pool": ("created", "sweep", "run", "reclaim", "superseded"),
    "ote": ("created", "touched", "invalidated"),
    "smt": ("confirmed",),
    "opening_gap": ("created", "touched", "ce", "filled"),
    "setup": ("armed", "refused", "triggered", "cancelled"),
}
KINDS = tuple(KIND_EVENTS)

CALENDAR_STEP, ZONE_STEP, POOL_STEP, GAP_STEP, STRUCTURE_STEP, SWING_STEP = 1, 3, 4, 5, 6, 7
SETUP_STEP = 10


@dataclass(frozen=True)
class Line:
    """One event of one object; `keys` are those beyond the common ones."""

    t: int
    step: int
    kind: str
    event: str
    id: int
    dir: int
    keys: Event

    def order(self) -> tuple[int, ...]:
        """Ordered by t, then step, then kind, then id, then event."""
        event = KIND_EVENTS[self.kind].index(self.event)
        return self.t, self.step, KINDS.index(self.kind), self.id, event


def in_order(lines: Iterable[Line], times: "list[int]") -> list[Event]:
    """The lines as the dictionaries of the export."""
    return [
        {
            "t": line.t,
            "ts": times[line.t],
            "kind": line.kind,
            "event": line.event,
            "id": line.id,
            "dir": line.dir,
            **line.keys,
        }
        for line in sorted(lines, key=Line.order)
    ]
