"""What the notification routes take and answer, as documented models."""

from typing import Literal

from pydantic import ConfigDict, Field

from src.web.responses import AnswerModel
from src.web.schemas import ApiModel

EventName = Literal["signal_armed", "trade_opened", "trade_closed"]
ChannelName = Literal["email", "sms"]


class NotificationWish(ApiModel):
    """One event, told by one channel."""

    event: EventName
    channel: ChannelName


class NotificationChoice(ApiModel):
    """Everything that is to be on from now on; what is not listed is off."""

    model_config = ConfigDict(strict=True)

    enabled: list[NotificationWish] = Field(max_length=100)
    phone: str | None = Field(
        None, max_length=16, description="international form", examples=["+4915112345678"]
    )


class NotificationTest(ApiModel):
    """Which channel to try."""

    model_config = ConfigDict(strict=True)

    channel: ChannelName


class NotificationChannel(AnswerModel):
    """A channel: `missing` says what to set before it works, `address` where it reaches you."""

    name: str
    configured: bool
    missing: str | None
    address: str | None


class NotificationPreferences(AnswerModel):
    """What can be chosen and what is."""

    events: list[str]
    channels: list[NotificationChannel]
    enabled: list[NotificationWish]


class NotificationTestResult(AnswerModel):
    """Whether the provider took the test message, and its own words."""

    sent: bool
    answer: str


class Notification(AnswerModel):
    """What became of a message. `error` says why it was not sent, or not yet."""

    id: int
    event: str
    channel: str
    status: Literal["pending", "sent", "failed", "expired"]
    attempts: int
    error: str | None
    created_at: str
    finished_at: str | None
    next_attempt_at: str | None


class Notifications(AnswerModel):
    """The newest messages, newest first."""

    notifications: list[Notification]
