"""From what waits in the outbox to messages for one reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.notifications.channels import Message
from services.notifications.notice import moment
from services.notifications.notices import notice_of
from services.notifications.occasions import Occasion, Severity
from services.notifications.writing import Manner, compose, digest
from src.database.notification_profiles import NotificationProfile
from src.database.outbox import DueMessage
from src.database.times import to_iso

Picture = Callable[[dict[str, Any]], bytes | None]
"""Draws what a payload is about; None where there is nothing to draw."""

Link = Callable[[int, str], str | None]
"""Where (user id, channel) can say that he wants no more; None when nobody knows an address."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes for readers of one market."""

    simulated: bool
    picture: Picture
    unsubscribe: Link

    def one(self, due: DueMessage, profile: NotificationProfile) -> Message:
        """The message about one event."""
        email = due.channel == "email"
        return compose(
            notice_of(Occasion(due.event), due.payload),
            due.dedupe_key,
            self._manner(profile),
            picture=self.picture(due.payload) if email else None,
            unsubscribe=self._link(due),
            urgent=due.severity == Severity.CRITICAL,
        )

    def many(self, due: Sequence[DueMessage], key: str, profile: NotificationProfile) -> Message:
        """One message about several events, oldest first."""
        manner = self._manner(profile)
        items = [
            (moment(to_iso(each.market_time)), notice_of(Occasion(each.event), each.payload))
            for each in due
        ]
        return compose(digest(items, manner), key, manner, unsubscribe=self._link(due[0]))

    def _manner(self, profile: NotificationProfile) -> Manner:
        return Manner(self.simulated, profile.hide_amounts)

    def _link(self, due: DueMessage) -> str | None:
        return self.unsubscribe(due.user_id, due.channel) if due.channel == "email" else None
