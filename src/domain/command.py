"""What people ask of the engine, and what stands until they ask otherwise."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class CommandType(enum.StrEnum):
    """Pausing, closing and killing are three different things.

    Pausing stops new entries only. Cancelling withdraws resting entries. Closing sells what is
    held. The kill switch does all three and stays until `RESUME`, which ends a pause too. Moving
    changes the stop or the target of one open trade.
    """

    PAUSE_ENTRIES = "pause_entries"
    RESUME_ENTRIES = "resume_entries"
    CANCEL_ENTRIES = "cancel_entries"
    CLOSE_TRADE = "close_trade"
    MOVE_STOP = "move_stop"
    MOVE_TARGET = "move_target"
    CLOSE_ALL = "close_all"
    KILL = "kill"
    RESUME = "resume"


class Outcome(enum.StrEnum):
    """How a command ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Command:
    """A command that waits. `type` is as it was written; `created_at` is wall time, UTC ms."""

    id: int
    type: str
    payload: Mapping[str, object]
    requested_by: str
    created_at: int


@dataclass(frozen=True, slots=True)
class StandingOrders:
    """What the commands so far, handled or not, add up to: who paused or killed, else None."""

    paused_by: str | None = None
    killed_by: str | None = None
