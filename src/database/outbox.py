"""The outbox: messages that wait, were sent or were given up.

An event becomes rows of the outbox in the transaction that moves the cursor past it, so a
process that dies in between neither loses an event nor queues it twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, insert, select, update

from src.database.engines import Database
from src.database.lease import Fence
from src.database.notification_store import PENDING
from src.database.notification_tables import (
    notification_cursors,
    notification_targets,
    notifications,
)
from src.database.tables import events, users
from src.database.upsert import upsert

NOTIFICATIONS_LEASE = "notifications"
"""Name of the lease that the delivery runs under."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message for the outbox. A key that was queued before is not queued again."""

    user_id: int
    channel: str
    event: str
    event_id: int
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message whose time has come. `address` is None when the user has left none.

    `market_time` and `recorded_at` (wall time) are the event's, UTC ms; `payload` is its wire JSON.
    """

    id: int
    channel: str
    event: str
    dedupe_key: str
    attempts: int
    address: str | None
    market_time: int
    recorded_at: int
    payload: dict[str, Any]


class Outbox:
    """The messages of one environment. Its writes raise LeaseLost when `epoch` is fenced out."""

    def __init__(self, database: Database, environment: str, epoch: int | None = None) -> None:
        self._database = database
        self._environment = environment
        self._fence = Fence(epoch, NOTIFICATIONS_LEASE)

    def cursor(self) -> int | None:
        """Id of the newest event that was looked at; None before the first look."""
        query = select(notification_cursors.c.event_id).where(
            notification_cursors.c.environment == self._environment
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def queue(self, messages: Sequence[Queued], cursor: int, now: int) -> None:
        """Add messages and move the cursor, both or neither. `now`: wall time, UTC ms."""
        with self._database.writing() as connection:
            self._fence.check(connection)
            keys = [message.dedupe_key for message in messages]
            known = set(
                connection.execute(
                    select(notifications.c.dedupe_key).where(notifications.c.dedupe_key.in_(keys))
                ).scalars()
            )
            for message in messages:
                if message.dedupe_key in known:
                    continue
                known.add(message.dedupe_key)
                connection.execute(
                    insert(notifications).values(
                        environment=self._environment,
                        user_id=message.user_id,
                        channel=message.channel,
                        event=message.event,
                        event_id=message.event_id,
                        dedupe_key=message.dedupe_key,
                        status=PENDING,
                        attempts=0,
                        next_attempt_at=now,
                        created_at=now,
                    )
                )
            upsert(
                connection,
                notification_cursors,
                {"environment": self._environment, "event_id": cursor},
            )

    def next_due(self, channels: Iterable[str], now: int) -> DueMessage | None:
        """The message of these channels that has waited longest; None when none is due."""
        query = (
            _due_columns()
            .where(
                notifications.c.environment == self._environment,
                notifications.c.status == PENDING,
                notifications.c.next_attempt_at <= now,
                notifications.c.channel.in_(list(channels)),
            )
            .order_by(notifications.c.next_attempt_at, notifications.c.id)
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else DueMessage(*row)

    def settle(
        self, message_id: int, status: str, error: str | None, now: int, *, attempted: bool = True
    ) -> None:
        """End a message as sent, failed or expired, with the reason when it was not sent."""
        self._update(
            message_id,
            status=status,
            error=error,
            finished_at=now,
            attempts=notifications.c.attempts + int(attempted),
        )

    def postpone(self, message_id: int, error: str, until: int) -> None:
        """Count an attempt that failed and try again at `until` (wall time, UTC ms)."""
        self._update(
            message_id,
            error=error,
            next_attempt_at=until,
            attempts=notifications.c.attempts + 1,
        )

    def newest_market_time(self) -> int:
        """Market time (UTC ms) of the newest event of the log; 0 when it is empty."""
        query = (
            select(events.c.market_time)
            .where(events.c.environment == self._environment)
            .order_by(events.c.id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def _update(self, message_id: int, **values: Any) -> None:
        with self._database.writing() as connection:
            self._fence.check(connection)
            connection.execute(
                update(notifications)
                .where(
                    notifications.c.id == message_id,
                    notifications.c.environment == self._environment,
                )
                .values(**values)
            )


def _due_columns() -> Select[Any]:
    address = func.coalesce(
        notification_targets.c.address,
        case((notifications.c.channel == "email", users.c.email)),
    )
    return (
        select(
            *(notifications.c.id, notifications.c.channel, notifications.c.event),
            *(notifications.c.dedupe_key, notifications.c.attempts, address),
            *(events.c.market_time, events.c.created_at, events.c.payload),
        )
        .join(users, users.c.id == notifications.c.user_id)
        .join(events, events.c.id == notifications.c.event_id)
        .outerjoin(
            notification_targets,
            and_(
                notification_targets.c.user_id == notifications.c.user_id,
                notification_targets.c.channel == notifications.c.channel,
            ),
        )
    )
