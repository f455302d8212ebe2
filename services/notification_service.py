"""Notifications as the API offers them: choices, addresses, a test, and what became of messages.

Delivery itself is in the room `services/notifications`, on a thread of its own.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.auth import Identity
from services.notifications.channels import Channel, ChannelDown, DeliveryDelayed, DeliveryRefused
from services.notifications.occasions import Occasion
from services.notifications.writing import write_test
from services.throttle import LoginThrottle
from src.database import Database, LoginFailures, NotificationHistory, NotificationPreferences
from src.database.notification_store import SentMessage, Wish
from src.domain.errors import Conflict, InvalidInput
from src.domain.ports import Clock

HISTORY_LENGTH = 50
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel as its reader sees it. `missing` says what to set before it works."""

    name: str
    missing: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chose. `wishes` holds what is on; everything else is off."""

    channels: tuple[ChannelState, ...]
    wishes: frozenset[Wish]


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a provider said to a test message."""

    sent: bool
    answer: str


class NotificationService:
    """The use cases of one installation; each is asked for by a user and touches only his rows."""

    def __init__(
        self,
        database: Database,
        environment: str,
        channels: Sequence[Channel],
        clock: Clock,
        *,
        simulated: bool,
    ) -> None:
        self._preferences = NotificationPreferences(database)
        self._history = NotificationHistory(database, environment)
        self._throttle = LoginThrottle(LoginFailures(database), clock)
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._clock = clock
        self._simulated = simulated

    def choices(self, user: Identity) -> Choices:
        """What the user chose, and which channels would work."""
        addresses = self._addresses(user)
        return Choices(
            channels=tuple(
                ChannelState(name, channel.missing, addresses.get(name))
                for name, channel in self._channels.items()
            ),
            wishes=frozenset(self._preferences.wishes(user.user_id)),
        )

    def choose(self, user: Identity, wishes: Iterable[Wish], phone: str | None) -> Choices:
        """Replace the user's choices. Raises InvalidInput naming the field."""
        wanted = set(wishes)
        if phone is not None and not _PHONE.fullmatch(phone):
            raise InvalidInput(
                "Write the number in international form, for example +4915112345678.",
                field="phone",
            )
        if phone is None and any(wish.channel == "sms" for wish in wanted):
            raise InvalidInput("Text messages need a phone number.", field="phone")
        addresses = {} if phone is None else {"sms": phone}
        self._preferences.replace(user.user_id, wanted, addresses, self._clock.now())
        return self.choices(user)

    def send_test(self, user: Identity, channel_name: str, client_address: str) -> TestResult:
        """Send a test message now; the result is the provider's own answer.

        Raises Conflict when the channel is not set up or has no address, InvalidInput for a
        channel there is not and TooManyAttempts after several tests in a row.
        """
        channel = self._channels.get(channel_name)
        if channel is None:
            raise InvalidInput(f"There is no channel {channel_name!r}.", field="channel")
        if channel.missing is not None:
            raise Conflict(channel.missing)
        address = self._addresses(user).get(channel_name)
        if address is None:
            raise Conflict("Save a phone number first.")
        self._throttle.count_attempt(f"notification tests of {user.user_id}", client_address)
        message = write_test(
            f"test:{user.user_id}:{secrets.token_hex(8)}", simulated=self._simulated
        )
        try:
            return TestResult(sent=True, answer=channel.send(address, message))
        except (ChannelDown, DeliveryDelayed, DeliveryRefused) as error:
            return TestResult(sent=False, answer=str(error))

    def history(self, user: Identity) -> list[SentMessage]:
        """The user's newest messages, newest first."""
        return self._history.latest(user.user_id, HISTORY_LENGTH)

    def _addresses(self, user: Identity) -> dict[str, str]:
        return {"email": user.email, **self._preferences.addresses(user.user_id)}


def occasion_names() -> list[str]:
    """What can be chosen, in the order to show it."""
    return [occasion.value for occasion in Occasion]
