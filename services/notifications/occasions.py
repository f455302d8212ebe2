"""Which events of the log people can be told of, and for how long they are news."""

import enum
from typing import NamedTuple

from src.database import EventRow


class Occasion(enum.StrEnum):
    """What a person can choose to be told."""

    SIGNAL_ARMED = "signal_armed"
    TRADE_OPENED = "trade_opened"
    TRADE_CLOSED = "trade_closed"


class Fact(NamedTuple):
    """An occasion and what it is about: a signal or trade, named so that it never repeats."""

    occasion: Occasion
    subject: str


FRESH_MS = {Occasion.SIGNAL_ARMED: 3_600_000}
"""How long an occasion is worth a message; those without a limit are told late."""


def fact_of(event: EventRow) -> Fact | None:
    """What people can be told of an event; None for most events."""
    if event.type == "signal" and event.payload["signal"]["status"] == "armed":
        return Fact(Occasion.SIGNAL_ARMED, str(event.payload["signal"]["signalId"]))
    if event.type in {Occasion.TRADE_OPENED, Occasion.TRADE_CLOSED}:
        return Fact(Occasion(event.type), str(event.payload["trade"]["id"]))
    return None
