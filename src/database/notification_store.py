"""What people want to be told, and what became of it; every statement names their owner."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, tuple_, update

from src.database.engines import Database
from src.database.notification_tables import (
    notification_preferences,
    notification_targets,
    notifications,
)

PENDING, SENT, FAILED, EXPIRED = "pending", "sent", "failed", "expired"


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing a user wants to be told, and by which channel."""

    event: str
    channel: str


@dataclass(frozen=True, slots=True)
class Listener:
    """A verified target of somebody who wants to be told of an event."""

    user_id: int
    channel: str
    target_id: int


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message as its owner sees it. Times are UTC ms, wall time."""

    id: int
    channel: str
    event: str
    severity: str
    target: str | None
    status: str
    attempts: int
    error: str | None
    digested: bool
    created_at: int
    finished_at: int | None
    next_attempt_at: int


class NotificationPreferences:
    """The event by channel matrix."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def wishes(self, user_id: int) -> set[Wish]:
        """What a user wants to be told."""
        columns = notification_preferences.c
        query = select(columns.event, columns.channel).where(
            columns.user_id == user_id, columns.enabled.is_(True)
        )
        with self._database.reading() as connection:
            return {Wish(*row) for row in connection.execute(query)}

    def replace(self, user_id: int, wishes: Iterable[Wish], now: int) -> None:
        """Put these in the place of everything the user had chosen before.

        Messages that wait and are no longer wanted expire at `now` (wall time, UTC ms).
        """
        wanted = [(wish.event, wish.channel) for wish in set(wishes)]
        with self._database.writing() as connection:
            connection.execute(
                update(notifications)
                .where(
                    notifications.c.user_id == user_id,
                    notifications.c.status == PENDING,
                    tuple_(notifications.c.event, notifications.c.channel).not_in(wanted),
                )
                .values(status=EXPIRED, error="Switched off before it was sent.", finished_at=now)
            )
            connection.execute(
                delete(notification_preferences).where(
                    notification_preferences.c.user_id == user_id
                )
            )
            for event, channel in wanted:
                connection.execute(
                    insert(notification_preferences).values(
                        user_id=user_id, event=event, channel=channel, enabled=True
                    )
                )

    def audience(self, event: str, user_id: int | None = None) -> list[Listener]:
        """Who is told of `event`, and where; only `user_id` if the event is his alone."""
        columns, targets = notification_preferences.c, notification_targets.c
        query = (
            select(columns.user_id, columns.channel, targets.id)
            .join(
                notification_targets,
                (targets.user_id == columns.user_id) & (targets.channel == columns.channel),
            )
            .where(
                columns.event == event,
                columns.enabled.is_(True),
                targets.verified_at.is_not(None),
            )
            .order_by(columns.user_id, columns.channel, targets.id)
        )
        if user_id is not None:
            query = query.where(columns.user_id == user_id)
        with self._database.reading() as connection:
            return [Listener(*row) for row in connection.execute(query)]


class NotificationHistory:
    """What became of a user's messages."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database = database
        self._environment = environment

    def latest(self, user_id: int, limit: int) -> list[SentMessage]:
        """The newest messages of a user, newest first."""
        columns, targets = notifications.c, notification_targets.c
        query = (
            select(
                *(columns.id, columns.channel, columns.event, columns.severity, targets.label),
                *(columns.status, columns.attempts, columns.error),
                columns.digest_key.is_not(None),
                *(columns.created_at, columns.finished_at, columns.next_attempt_at),
            )
            .outerjoin(notification_targets, targets.id == columns.target_id)
            .where(columns.user_id == user_id, columns.environment == self._environment)
            .order_by(columns.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [SentMessage(*row) for row in connection.execute(query)]
