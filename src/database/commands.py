"""What people ask of the engine: written by the web, handled by the one engine there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.database.lease import Fence
from src.database.tables import commands
from src.domain.ports import Clock


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command that waits. `created_at` is wall time, UTC ms."""

    id: int
    type: str
    payload: dict[str, Any]
    requested_by: str
    created_at: int


class Commands:
    """The commands of one environment. `epoch` fences the engine; those who ask give none."""

    def __init__(
        self,
        database: Database,
        environment: str,
        clock: Clock = SYSTEM_CLOCK,
        epoch: int | None = None,
    ) -> None:
        self._database = database
        self._environment = environment
        self._clock = clock
        self._fence = Fence(epoch)

    def request(self, type_: str, payload: Mapping[str, Any], requested_by: str) -> int:
        """Ask for something; returns the id to follow it by."""
        statement = (
            insert(commands)
            .values(
                environment=self._environment,
                type=type_,
                payload=dict(payload),
                requested_by=requested_by,
                created_at=self._clock.now(),
            )
            .returning(commands.c.id)
        )
        with self._database.writing() as connection:
            command_id: int = connection.execute(statement).scalar_one()
            return command_id

    def pending(self) -> list[CommandRow]:
        """Commands not handled yet, oldest first."""
        query = (
            select(
                commands.c.id,
                commands.c.type,
                commands.c.payload,
                commands.c.requested_by,
                commands.c.created_at,
            )
            .where(commands.c.environment == self._environment, commands.c.handled_at.is_(None))
            .order_by(commands.c.id)
        )
        with self._database.reading() as connection:
            return [CommandRow(*row) for row in connection.execute(query)]

    def complete(self, command_id: int, result: Mapping[str, Any]) -> None:
        """Record the outcome; the first one stays. Raises LeaseLost when fenced out."""
        with self._database.writing() as connection:
            self._fence.check(connection)
            connection.execute(
                update(commands)
                .where(
                    commands.c.id == command_id,
                    commands.c.environment == self._environment,
                    commands.c.handled_at.is_(None),
                )
                .values(handled_at=self._clock.now(), result=dict(result))
            )

    def result(self, command_id: int) -> dict[str, Any] | None:
        """The outcome of a command; None while it waits."""
        query = select(commands.c.result).where(
            commands.c.id == command_id, commands.c.environment == self._environment
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()
