"""What the command routes take and answer, as documented models."""

from typing import Literal

from pydantic import ConfigDict, Field

from src.web.responses import AnswerModel
from src.web.schemas import ApiModel

CommandName = Literal[
    "pause_entries",
    "resume_entries",
    "cancel_entries",
    "close_trade",
    "move_stop",
    "move_target",
    "close_all",
    "kill",
    "resume",
]


class CommandWish(ApiModel):
    """What to do. `close_all`, `kill` and `resume` (after a kill) need `confirm`.

    `move_stop` needs a `price`, or `breakEven`; `move_target` needs a `price`.
    """

    model_config = ConfigDict(strict=True)

    type: CommandName
    signal_id: str | None = Field(
        None,
        alias="signalId",
        max_length=200,
        description="which trade, for close_trade, move_stop and move_target",
    )
    price: float | None = Field(
        None, gt=0, lt=1e12, description="where to, for move_stop and move_target"
    )
    break_even: bool = Field(
        False,
        alias="breakEven",
        description="for move_stop: to the entry price plus fees, instead of a price",
    )
    confirm: bool = False


class CommandPath(ApiModel):
    """Which command."""

    command_id: int = Field(ge=1)


class CommandStep(AnswerModel):
    """An entry to withdraw or a position to close.

    `state` is `done` once the exchange has confirmed it; `note` says what came in between, a
    refusal in the exchange's words.
    """

    kind: Literal["entry", "position"]
    name: str = Field(description="order link id of the entry, symbol of the position")
    symbol: str
    direction: Literal["long", "short"]
    quantity: float
    state: Literal["waiting", "done", "refused"]
    note: str | None


class Command(AnswerModel):
    """A command and what became of it; `outcome` and `sentence` are null while it waits.

    `steps` are what it withdraws and closes, known once the engine has begun.
    """

    id: int
    type: str
    signal_id: str | None
    requested_by: str
    requested_at: str
    handled_at: str | None
    outcome: Literal["done", "refused", "failed"] | None
    sentence: str | None
    steps: list[CommandStep]


class CommandAnswer(AnswerModel):
    """One command."""

    command: Command


class CommandHistory(AnswerModel):
    """The newest commands, newest first, and what all of them add up to."""

    commands: list[Command]
    paused: bool
    killed: bool


class Exposure(AnswerModel):
    """What is open and what rests, in quote currency at the last prices."""

    positions: int
    positions_value: float
    unrealized_pnl: float = Field(description="before the costs of leaving")
    entries: int
    entries_value: float
