"""What people can be told of, how urgent it is, and for how long it is news."""

import enum
from typing import NamedTuple

from src.database import EventRow


class Severity(enum.StrEnum):
    """How urgent a message is. Critical ones ignore quiet hours, digests and rate limits."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info, higher for what is more urgent."""
        return tuple(Severity).index(self)


class Occasion(enum.StrEnum):
    """What a person can choose to be told."""

    SIGNAL_ARMED = "signal_armed"
    TRADE_OPENED = "trade_opened"
    STOP_MOVED = "stop_moved"
    TRADE_CLOSED = "trade_closed"
    GUARD_TRIPPED = "guard_tripped"
    POSITION_UNPROTECTED = "position_unprotected"
    DATA_STALE = "data_stale"
    MONITOR_STOPPED = "monitor_stopped"
    MONITOR_STARTED = "monitor_started"
    MONITOR_SILENT = "monitor_silent"
    NEW_LOGIN = "new_login"
    DAILY_SUMMARY = "daily_summary"


SEVERITY = {
    Occasion.SIGNAL_ARMED: Severity.INFO,
    Occasion.TRADE_OPENED: Severity.INFO,
    Occasion.STOP_MOVED: Severity.INFO,
    Occasion.TRADE_CLOSED: Severity.INFO,
    Occasion.GUARD_TRIPPED: Severity.WARNING,
    Occasion.POSITION_UNPROTECTED: Severity.CRITICAL,
    Occasion.DATA_STALE: Severity.WARNING,
    Occasion.MONITOR_STOPPED: Severity.WARNING,
    Occasion.MONITOR_STARTED: Severity.INFO,
    Occasion.MONITOR_SILENT: Severity.CRITICAL,
    Occasion.NEW_LOGIN: Severity.WARNING,
    Occasion.DAILY_SUMMARY: Severity.INFO,
}
"""How urgent each is; a liquidation is critical whatever stands here."""

FRESH_MS = {Occasion.SIGNAL_ARMED: 3_600_000, Occasion.MONITOR_STARTED: 3_600_000}
"""How long an occasion is worth a message; those without a limit are told late."""


class Fact(NamedTuple):
    """An occasion and what it is about: a subject that is named so that it never repeats."""

    occasion: Occasion
    subject: str
    severity: Severity


def fact_of(event: EventRow) -> Fact | None:
    """What people can be told of an event; None for most events."""
    payload = event.payload
    if event.type == "signal":
        signal = payload["signal"]
        armed = signal["status"] == "armed"
        return _fact(Occasion.SIGNAL_ARMED, signal["signalId"]) if armed else None
    if event.type in {Occasion.TRADE_OPENED, Occasion.TRADE_CLOSED}:
        trade = payload["trade"]
        liquidated = trade["exitReason"] == "liquidation"
        return _fact(Occasion(event.type), trade["id"], Severity.CRITICAL if liquidated else None)
    occasion = _OF_TYPE.get(event.type)
    if event.type == "monitor_state":
        occasion = _OF_STATE.get(payload["state"])
    return None if occasion is None else _fact(occasion, event.id)


_OF_TYPE = {
    "stop_moved": Occasion.STOP_MOVED,
    "guard": Occasion.GUARD_TRIPPED,
    "protection": Occasion.POSITION_UNPROTECTED,
}

_OF_STATE = {
    "stale": Occasion.DATA_STALE,
    "running": Occasion.MONITOR_STARTED,
    "halted": Occasion.MONITOR_STOPPED,
    "stopped": Occasion.MONITOR_STOPPED,
}


def _fact(occasion: Occasion, subject: object, severity: Severity | None = None) -> Fact:
    return Fact(occasion, str(subject), severity or SEVERITY[occasion])
