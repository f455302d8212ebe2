"""What a channel is: something that carries a message to an address, or says why it cannot."""

from dataclasses import dataclass
from typing import Protocol

from src.domain.errors import TradingSystemError


@dataclass(frozen=True, slots=True)
class Message:
    """One message, written for every kind of channel. `key` is the same at every attempt.

    `picture` is a PNG; `unsubscribe` an address that needs no login; `urgent` asks the channel
    to hurry.
    """

    key: str
    subject: str
    text: str
    html: str
    short: str
    picture: bytes | None = None
    unsubscribe: str | None = None
    urgent: bool = False


class DeliveryRefused(TradingSystemError):
    """The provider will never take this message; the error is its answer."""


class TargetGone(DeliveryRefused):
    """The address no longer exists: nothing should be sent there again."""


class DeliveryDelayed(TradingSystemError):
    """The provider did not take this message now; trying again later may help."""


class ChannelDown(DeliveryDelayed):
    """The provider takes no message at all at the moment, or does not answer."""


class Channel(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """`email`, `sms`, `push` or `apprise`."""
        ...

    @property
    def missing(self) -> str | None:
        """What to set before the channel works, as a sentence; None when it is set up."""
        ...

    def check(self, address: str) -> str:
        """The one spelling of an address. Raises InvalidInput when it cannot be one."""
        ...

    def label(self, address: str) -> str:
        """What may be shown of an address."""
        ...

    def send(self, address: str, message: Message) -> str:
        """Hand the message to the provider and return its answer.

        Blocks for seconds at most. Raises DeliveryRefused, DeliveryDelayed or ChannelDown.
        """
        ...


def missing_settings(values: dict[str, str | None]) -> str | None:
    """The sentence that asks for the settings without a value; None when all have one."""
    unset = [name for name, value in values.items() if not value]
    return f"Not set up: set {', '.join(unset)} in .env and restart." if unset else None
