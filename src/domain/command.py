"""What people ask of the engine, and what stands until they ask otherwise."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from src.domain.order import Direction


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


class StepKind(enum.StrEnum):
    """What one step of a command is about."""

    ENTRY = "entry"
    POSITION = "position"


class StepState(enum.StrEnum):
    """How far one step is: `DONE` once the exchange says so, `REFUSED` while it says no."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CommandStep:
    """One order to withdraw or one position to close.

    `name` is an entry's order_link_id or a position's symbol; `note` a sentence on what happened
    otherwise, in the exchange's words where it refuses.
    """

    kind: StepKind
    name: str
    symbol: str
    direction: Direction
    quantity: Decimal
    state: StepState = StepState.WAITING
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command that waits. `type` is as it was written; `created_at` is wall time, UTC ms.

    `steps` are those that were told of last, maybe by an earlier process.
    """

    id: int
    type: str
    payload: Mapping[str, object]
    requested_by: str
    created_at: int
    steps: tuple[CommandStep, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingOrders:
    """What the commands so far, handled or not, add up to: who paused or killed, else None."""

    paused_by: str | None = None
    killed_by: str | None = None
