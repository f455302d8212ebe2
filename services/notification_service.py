"""Notifications as the API offers them: choices, terms, addresses, and what became of messages.

Delivery itself is in the room `services/notifications`, on a thread of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.auth import Identity
from services.notifications.channels import Channel
from services.notifications.occasions import SEVERITY, Occasion, Severity
from services.notifications.recipients import Recipients
from services.notifications.secret_box import SecretBox
from src.database import Database, NotificationHistory, NotificationPreferences
from src.database.notification_profiles import NotificationProfile, NotificationProfiles
from src.database.notification_store import SentMessage, Wish
from src.database.notification_targets import Target
from src.domain.errors import InvalidInput
from src.domain.ports import Clock

HISTORY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel as its reader sees it. `missing` says what to set before it works."""

    name: str
    missing: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chose. `wishes` holds what is on; everything else is off."""

    channels: tuple[ChannelState, ...]
    targets: tuple[Target, ...]
    wishes: frozenset[Wish]
    profile: NotificationProfile


class NotificationService:
    """The use cases of one installation; each is asked for by a user and touches only his rows."""

    def __init__(
        self,
        database: Database,
        environment: str,
        channels: Sequence[Channel],
        box: SecretBox,
        clock: Clock,
        *,
        simulated: bool,
    ) -> None:
        self.recipients = Recipients(database, channels, box, clock, simulated=simulated)
        self._preferences = NotificationPreferences(database)
        self._profiles = NotificationProfiles(database)
        self._history = NotificationHistory(database, environment)
        self._channels = tuple(ChannelState(channel.name, channel.missing) for channel in channels)
        self._clock = clock

    def choices(self, user: Identity) -> Choices:
        """What the user chose, and which channels would work."""
        return Choices(
            channels=self._channels,
            targets=tuple(self.recipients.of_user(user)),
            wishes=frozenset(self._preferences.wishes(user.user_id)),
            profile=self._profiles.of_user(user.user_id),
        )

    def choose(
        self, user: Identity, wishes: Iterable[Wish], profile: NotificationProfile | None
    ) -> Choices:
        """Replace the user's choices and, if given, his terms. Raises InvalidInput."""
        now = self._clock.now()
        if profile is not None:
            check_profile(profile)
            self._profiles.replace(user.user_id, profile, now)
        self._preferences.replace(user.user_id, wishes, now)
        return self.choices(user)

    def history(self, user: Identity) -> list[SentMessage]:
        """The user's newest messages, newest first."""
        return self._history.latest(user.user_id, HISTORY_LENGTH)


def check_profile(profile: NotificationProfile) -> None:
    """Raises InvalidInput naming what is wrong with a user's terms."""
    try:
        ZoneInfo(profile.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            "Write a time zone such as Europe/Berlin.", field="profile.timeZone"
        ) from error
    if (profile.quiet_from is None) != (profile.quiet_to is None):
        raise InvalidInput("Quiet hours need a beginning and an end.", field="profile.quietTo")


def occasions() -> list[tuple[str, Severity]]:
    """What can be chosen and how urgent it is, in the order to show it."""
    return [(occasion.value, SEVERITY[occasion]) for occasion in Occasion]
