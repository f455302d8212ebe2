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
    "close_all",
    "kill",
    "resume",
]


class CommandWish(ApiModel):
    """What to do. `close_all`, `kill` and `resume` (after a kill) need `confirm`."""

    model_config = ConfigDict(strict=True)

    type: CommandName
    signal_id: str | None = Field(
        None, alias="signalId", max_length=200, description="which trade, for close_trade only"
    )
    confirm: bool = False


class CommandPath(ApiModel):
    """Which command."""

    command_id: int = Field(ge=1)


class Command(AnswerModel):
    """A command and what became of it; `outcome` and `sentence` are null while it waits."""

    id: int
    type: str
    signal_id: str | None
    requested_by: str
    requested_at: str
    handled_at: str | None
    outcome: Literal["done", "refused", "failed"] | None
    sentence: str | None


class CommandAnswer(AnswerModel):
    """One command."""

    command: Command


class CommandHistory(AnswerModel):
    """The newest commands, newest first, and what all of them add up to."""

    commands: list[Command]
    paused: bool
    killed: bool
