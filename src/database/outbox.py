"""The outbox: messages that wait, were sent or were given up.

An event becomes rows of the outbox in the transaction that moves the cursor past it, so a
process that dies in between neither loses an event nor queues it twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, insert, select, update

from src.database.engines import Database
from src.database.lease import Fence
from src.database.notification_store import PENDING, SENT
from src.database.notification_tables import (
    notification_cursors,
    notification_targets,
    notifications,
)
from src.database.tables import events
from src.database.upsert import upsert

NOTIFICATIONS_LEASE = "notifications"
"""Name of the lease that the delivery runs under."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A message for the outbox. A key that was queued before is not queued again.

    It tells of an event of the log, or of `payload` when the log does not hold it.
    """

    user_id: int
    channel: str
    target_id: int
    event: str
    severity: str
    dedupe_key: str
    event_id: int | None = None
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message whose time has come. `address` (sealed) is None when its target is gone.

    `queued_at` (wall time) is when it came into the outbox; `market_time` and `recorded_at` (wall
    time) are the event's, all UTC ms; `payload` is its wire JSON. Messages with one `digest_key`
    are sent together.
    """

    id: int
    user_id: int
    channel: str
    target_id: int
    event: str
    severity: str
    dedupe_key: str
    attempts: int
    digest_key: str | None
    address: str | None
    queued_at: int
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

    def queue(self, messages: Sequence[Queued], now: int, cursor: int | None = None) -> None:
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
                if message.dedupe_key not in known:
                    known.add(message.dedupe_key)
                    connection.execute(insert(notifications).values(self._row(message, now)))
            if cursor is not None:
                upsert(
                    connection,
                    notification_cursors,
                    {"environment": self._environment, "event_id": cursor},
                )

    def next_due(self, channels: Iterable[str], now: int) -> DueMessage | None:
        """The message of these channels that has waited longest; None when none is due.

        What is critical goes first.
        """
        query = (
            self._pending(now)
            .where(notifications.c.channel.in_(list(channels)))
            .order_by(
                (notifications.c.severity != "critical"),
                notifications.c.next_attempt_at,
                notifications.c.id,
            )
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _message(row)

    def companions(self, message: DueMessage, now: int, limit: int) -> list[DueMessage]:
        """The due messages that may be told together with `message`, itself included."""
        query = self._pending(now).where(notifications.c.target_id == message.target_id)
        if message.digest_key is not None:
            query = query.where(notifications.c.digest_key == message.digest_key)
        else:
            query = query.where(
                notifications.c.digest_key.is_(None),
                notifications.c.severity != "critical",
                notifications.c.attempts == 0,
            )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(notifications.c.id).limit(limit))
            return [_message(row) for row in rows]

    def bind(self, ids: Sequence[int], digest_key: str) -> None:
        """From now on these messages are told together, also after a crash."""
        self._update(ids, digest_key=digest_key)

    def told_since(self, target_id: int, since: int) -> int:
        """How many times a target was sent something since then; a digest counts once."""
        told = func.coalesce(notifications.c.digest_key, cast(notifications.c.id, String))
        query = select(func.count(func.distinct(told))).where(
            notifications.c.target_id == target_id,
            notifications.c.status == SENT,
            notifications.c.finished_at > since,
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def settle(
        self,
        ids: Sequence[int],
        status: str,
        error: str | None,
        now: int,
        *,
        attempted: bool = True,
    ) -> None:
        """End messages as sent, failed or expired, with the reason when they were not sent."""
        self._update(
            ids,
            status=status,
            error=error,
            finished_at=now,
            attempts=notifications.c.attempts + int(attempted),
        )

    def postpone(self, ids: Sequence[int], error: str, until: int) -> None:
        """Count an attempt that failed and try again at `until` (wall time, UTC ms)."""
        self._update(
            ids,
            error=error,
            next_attempt_at=until,
            attempts=notifications.c.attempts + 1,
        )

    def hold(self, ids: Sequence[int], until: int, why: str) -> None:
        """Do not try before `until` (wall time, UTC ms); `why` is shown meanwhile."""
        self._update(ids, next_attempt_at=until, error=why)

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

    def _row(self, message: Queued, now: int) -> dict[str, Any]:
        return {
            "environment": self._environment,
            "user_id": message.user_id,
            "channel": message.channel,
            "target_id": message.target_id,
            "event": message.event,
            "severity": message.severity,
            "event_id": message.event_id,
            "payload": message.payload,
            "dedupe_key": message.dedupe_key,
            "status": PENDING,
            "attempts": 0,
            "next_attempt_at": now,
            "created_at": now,
        }

    def _pending(self, now: int) -> Select[Any]:
        return _due_columns().where(
            notifications.c.environment == self._environment,
            notifications.c.status == PENDING,
            notifications.c.next_attempt_at <= now,
        )

    def _update(self, ids: Sequence[int], **values: Any) -> None:
        with self._database.writing() as connection:
            self._fence.check(connection)
            connection.execute(
                update(notifications)
                .where(
                    notifications.c.id.in_(list(ids)),
                    notifications.c.environment == self._environment,
                )
                .values(**values)
            )


def _due_columns() -> Select[Any]:
    message = notifications.c
    return (
        select(
            *(message.id, message.user_id, message.channel, message.target_id, message.event),
            *(message.severity, message.dedupe_key, message.attempts, message.digest_key),
            notification_targets.c.address,
            message.created_at.label("queued_at"),
            func.coalesce(events.c.market_time, message.created_at).label("market_time"),
            func.coalesce(events.c.created_at, message.created_at).label("recorded_at"),
            message.payload.label("own_payload"),
            events.c.payload.label("event_payload"),
        )
        .outerjoin(events, events.c.id == message.event_id)
        .outerjoin(notification_targets, notification_targets.c.id == message.target_id)
    )


def _message(row: Any) -> DueMessage:
    facts = dict(row._mapping)
    own_payload, event_payload = facts.pop("own_payload"), facts.pop("event_payload")
    return DueMessage(**facts, payload=own_payload or event_payload or {})
