"""Who is told of what: from an occasion to one message for every address that wants it."""

from collections.abc import Mapping

from services.notifications.occasions import Fact, Occasion, Severity, fact_of
from src.database import Database, EventLog, EventRow, NotificationPreferences, Outbox
from src.database.notification_profiles import NotificationProfiles
from src.database.outbox import Queued
from src.domain.ports import Clock

EARLIER_STATES = 20


class Announcer:
    """Fills the outbox of one environment. `epoch` None fences nothing: web requests queue too."""

    def __init__(
        self, database: Database, environment: str, clock: Clock, epoch: int | None = None
    ) -> None:
        self._preferences = NotificationPreferences(database)
        self._profiles = NotificationProfiles(database)
        self._outbox = Outbox(database, environment, epoch)
        self._events = EventLog(database, environment)
        self._environment = environment
        self._clock = clock

    def announce(
        self, fact: Fact, payload: Mapping[str, object], user_id: int | None = None
    ) -> None:
        """Queue what the log does not hold, for one user or for all who want it."""
        messages = self._messages(fact, user_id=user_id, payload=payload)
        if messages:
            self._outbox.queue(messages, self._clock.now())

    def messages_of(self, row: EventRow) -> list[Queued]:
        """The messages that tell of an event of the log; none for most.

        A monitor that stops again without having run is no news: it tries every few seconds.
        """
        fact = fact_of(row)
        if fact is None or (fact.occasion is Occasion.MONITOR_STOPPED and self._told(row)):
            return []
        return self._messages(fact, event_id=row.id)

    def _told(self, row: EventRow) -> bool:
        """Whether the monitor was in the same state since it ran last."""
        for earlier in self._events.before(row.id, row.type, EARLIER_STATES):
            fact = fact_of(earlier)
            if fact is None or fact.occasion is not Occasion.MONITOR_STOPPED:
                return False
            if earlier.payload["state"] == row.payload["state"]:
                return True
        return False

    def _messages(
        self,
        fact: Fact,
        *,
        event_id: int | None = None,
        user_id: int | None = None,
        payload: Mapping[str, object] | None = None,
    ) -> list[Queued]:
        subject = f"{self._environment}:{fact.occasion}:{fact.subject}"
        return [
            Queued(
                user_id=listener.user_id,
                channel=listener.channel,
                target_id=listener.target_id,
                event=fact.occasion.value,
                severity=fact.severity.value,
                dedupe_key=f"{subject}:{listener.user_id}:{listener.target_id}",
                event_id=event_id,
                payload=payload,
            )
            for listener in self._preferences.audience(fact.occasion.value, user_id)
            if fact.severity.rank >= self._least(listener.user_id)
        ]

    def _least(self, user_id: int) -> int:
        return Severity(self._profiles.of_user(user_id).minimum_severity).rank
