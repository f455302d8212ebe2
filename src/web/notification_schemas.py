"""What the notification routes take and answer, as documented models."""

from typing import Literal

from pydantic import ConfigDict, Field

from src.web.responses import AnswerModel
from src.web.schemas import ApiModel

EventName = Literal[
    "signal_armed",
    "trade_opened",
    "stop_moved",
    "trade_closed",
    "guard_tripped",
    "position_unprotected",
    "data_stale",
    "monitor_stopped",
    "monitor_started",
    "monitor_silent",
    "new_login",
    "daily_summary",
]
ChannelName = Literal["email", "sms", "push", "apprise"]
SeverityName = Literal["info", "warning", "critical"]


class NotificationWish(ApiModel):
    """One event, told by one channel."""

    event: EventName
    channel: ChannelName


class NotificationTerms(AnswerModel):
    """When and how you are told. Quiet hours are minutes after midnight in your time zone."""

    time_zone: str = Field("UTC", max_length=64, examples=["Europe/Berlin"])
    quiet_from: int | None = Field(None, ge=0, lt=1_440)
    quiet_to: int | None = Field(None, ge=0, lt=1_440)
    minimum_severity: SeverityName = "info"
    digest: Literal["off", "hourly", "daily"] = "off"
    summary_hour: int = Field(20, ge=0, le=23)
    hide_amounts: bool = False


class NotificationChoice(ApiModel):
    """Everything that is to be on from now on; what is not listed is off."""

    enabled: list[NotificationWish] = Field(max_length=100)
    profile: NotificationTerms | None = None


class NotificationTargetPath(ApiModel):
    """Which of your addresses."""

    target_id: int = Field(ge=1)


class NewNotificationTarget(ApiModel):
    """An address to reach you at: e-mail, phone number, a browser's subscription or a URL."""

    model_config = ConfigDict(strict=True)

    channel: ChannelName
    address: str = Field(min_length=1, max_length=2_000)


class NotificationCode(ApiModel):
    """The code that arrived at an address."""

    model_config = ConfigDict(strict=True)

    code: str = Field(min_length=6, max_length=6)


class NotificationChannel(AnswerModel):
    """A channel: `missing` says what to set before it works."""

    name: str
    configured: bool
    missing: str | None


class NotificationEvent(AnswerModel):
    """What can be chosen."""

    name: str
    severity: SeverityName


class NotificationTarget(AnswerModel):
    """One of your addresses; nothing is sent there before it is verified."""

    id: int
    channel: str
    label: str
    verified: bool
    created_at: str


class NotificationPreferences(AnswerModel):
    """What can be chosen and what is."""

    events: list[NotificationEvent]
    channels: list[NotificationChannel]
    targets: list[NotificationTarget]
    enabled: list[NotificationWish]
    profile: NotificationTerms


class NotificationAttempt(AnswerModel):
    """Whether the provider took a message, and its own words."""

    sent: bool
    answer: str


class AddedNotificationTarget(AnswerModel):
    """The address, and what became of the code that was sent there (null: none is needed)."""

    target: NotificationTarget
    code: NotificationAttempt | None


class PushKey(AnswerModel):
    """The key browsers subscribe with."""

    public_key: str


class Notification(AnswerModel):
    """What became of a message. `error` says why it was not sent, or not yet."""

    id: int
    event: str
    severity: SeverityName
    channel: str
    target: str | None
    status: Literal["pending", "sent", "failed", "expired"]
    digested: bool
    attempts: int
    error: str | None
    created_at: str
    finished_at: str | None
    next_attempt_at: str | None


class Notifications(AnswerModel):
    """The newest messages, newest first."""

    notifications: list[Notification]
