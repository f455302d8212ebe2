"""When and how people are told: time zone, quiet hours, digest, what to leave out."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from src.database.engines import Database
from src.database.notification_store import PENDING
from src.database.notification_tables import (
    known_devices,
    notification_profiles,
    notifications,
)
from src.database.upsert import upsert


@dataclass(frozen=True, slots=True)
class NotificationProfile:
    """A user's terms. Quiet hours are minutes after his midnight, both or neither.

    `minimum_severity` is info, warning or critical; `digest` is off, hourly or daily;
    `summary_hour` (0..23) is when a day is summed up, and when a daily digest goes out.
    """

    time_zone: str = "UTC"
    quiet_from: int | None = None
    quiet_to: int | None = None
    minimum_severity: str = "info"
    digest: str = "off"
    summary_hour: int = 20
    hide_amounts: bool = False


class NotificationProfiles:
    """The profiles of all users; one without a row has the defaults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_user(self, user_id: int) -> NotificationProfile:
        """A user's terms."""
        query = select(*_PROFILE).where(_COLUMNS.user_id == user_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return NotificationProfile() if row is None else NotificationProfile(*row)

    def replace(self, user_id: int, profile: NotificationProfile, now: int) -> None:
        """Take these terms, also for what waits: it is looked at again at `now` (UTC ms)."""
        with self._database.writing() as connection:
            values = {name: getattr(profile, name) for name in _FIELDS}
            upsert(connection, notification_profiles, {"user_id": user_id, **values})
            connection.execute(
                update(notifications)
                .where(
                    notifications.c.user_id == user_id,
                    notifications.c.status == PENDING,
                    notifications.c.attempts == 0,
                )
                .values(next_attempt_at=now)
            )

    def summary_sent_for(self, user_id: int) -> str | None:
        """The date (ISO, the user's own) of the last daily summary; None before the first."""
        query = select(_COLUMNS.summary_sent_for).where(_COLUMNS.user_id == user_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def mark_summary(self, user_id: int, date: str) -> None:
        """The summary of `date` is in the outbox."""
        profile = self.of_user(user_id)
        values = {name: getattr(profile, name) for name in _FIELDS}
        with self._database.writing() as connection:
            upsert(
                connection,
                notification_profiles,
                {"user_id": user_id, **values, "summary_sent_for": date},
                {"summary_sent_for": date},
            )


class KnownDevices:
    """Browsers that users have signed in with before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saw(self, user_id: int, fingerprint: str, now: int) -> bool:
        """Remember a browser; whether it is new for somebody who already had another."""
        columns = known_devices.c
        with self._database.writing() as connection:
            known = set(
                connection.execute(
                    select(columns.fingerprint).where(columns.user_id == user_id)
                ).scalars()
            )
            if fingerprint in known:
                connection.execute(
                    update(known_devices)
                    .where(columns.user_id == user_id, columns.fingerprint == fingerprint)
                    .values(last_seen_at=now)
                )
                return False
            connection.execute(
                insert(known_devices).values(
                    user_id=user_id, fingerprint=fingerprint, first_seen_at=now, last_seen_at=now
                )
            )
            return bool(known)


_COLUMNS = notification_profiles.c
_FIELDS = (
    "time_zone",
    "quiet_from",
    "quiet_to",
    "minimum_severity",
    "digest",
    "summary_hour",
    "hide_amounts",
)
_PROFILE = tuple(_COLUMNS[name] for name in _FIELDS)
