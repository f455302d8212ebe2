"""The append-only log of what happened: written by the engine, tailed by everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.database.tables import events
from src.domain.ports import Clock


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. `id` grows in commit order; `market_time` is UTC ms; `payload` is wire JSON."""

    id: int
    type: str
    market_time: int
    payload: dict[str, Any]


class EventLog:
    """The log of one environment."""

    def __init__(self, database: Database, environment: str, clock: Clock = SYSTEM_CLOCK) -> None:
        self._database = database
        self._environment = environment
        self._clock = clock

    def after(self, event_id: int, limit: int) -> list[EventRow]:
        """At most `limit` events with an id above `event_id`, oldest first."""
        query = (
            select(events.c.id, events.c.type, events.c.market_time, events.c.payload)
            .where(events.c.environment == self._environment, events.c.id > event_id)
            .order_by(events.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [EventRow(*row) for row in connection.execute(query)]

    def before(self, event_id: int, type_: str, limit: int) -> list[EventRow]:
        """At most `limit` events of a type with an id below `event_id`, newest first."""
        query = (
            select(events.c.id, events.c.type, events.c.market_time, events.c.payload)
            .where(
                events.c.environment == self._environment,
                events.c.type == type_,
                events.c.id < event_id,
            )
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [EventRow(*row) for row in connection.execute(query)]

    def newest_id(self) -> int:
        """Id of the newest event; 0 when there is none."""
        query = select(func.max(events.c.id)).where(events.c.environment == self._environment)
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def append(self, type_: str, market_time: int, payload: Mapping[str, Any]) -> int:
        """Add one event in its own transaction and return its id."""
        with self._database.writing() as connection:
            return append_event(
                connection, self._environment, type_, market_time, self._clock.now(), payload
            )


def append_event(
    connection: Connection,
    environment: str,
    type_: str,
    market_time: int,
    created_at: int,
    payload: Mapping[str, Any],
) -> int:
    """Add one event to the transaction at hand and return its id."""
    statement = (
        insert(events)
        .values(
            environment=environment,
            type=type_,
            market_time=market_time,
            created_at=created_at,
            payload=dict(payload),
        )
        .returning(events.c.id)
    )
    event_id: int = connection.execute(statement).scalar_one()
    return event_id
