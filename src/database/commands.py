"""What people ask of the engine: written by the web, handled by the one engine there is.

The table is the journal of commands: a row is stored before anything is done about it, and stays
pending until everything it asks for has happened, so that a crash in between repeats it. Every
change is told as a `command` event.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from src.database.clock import SYSTEM_CLOCK
from src.database.command_steps import step_values, steps_from
from src.database.engines import Database
from src.database.event_log import append_event
from src.database.lease import Fence
from src.database.tables import commands
from src.database.views import View, command_view
from src.domain.command import Command, CommandStep, CommandType, Outcome, StandingOrders
from src.domain.ports import Clock

KILL_SWITCH = "kill_switch"


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

    def request(self, type_: str, payload: Mapping[str, Any], requested_by: str) -> View:
        """Ask for something. What already waits is not asked for twice: it is answered instead."""
        with self._database.writing() as connection:
            for row in self._rows(connection, commands.c.handled_at.is_(None)):
                if row["type"] == type_ and row["payload"] == dict(payload):
                    return command_view(row)
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
            command_id: int = connection.execute(statement).scalar_one()
            if type_ == CommandType.KILL:
                self._tell_kill(connection, requested_by)
            return self._tell(connection, command_id)

    def pending(self) -> list[Command]:
        """Commands not handled yet, oldest first."""
        with self._database.reading() as connection:
            return [
                Command(
                    row["id"],
                    row["type"],
                    row["payload"],
                    row["requested_by"],
                    row["created_at"],
                    steps_from(row["steps"]),
                )
                for row in self._rows(connection, commands.c.handled_at.is_(None))
            ]

    def standing(self) -> StandingOrders:
        """Who paused or killed, unless somebody resumed since."""
        query = (
            select(commands.c.type, func.max(commands.c.id))
            .where(commands.c.environment == self._environment)
            .group_by(commands.c.type)
        )
        with self._database.reading() as connection:
            newest: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
            resumed = newest.get(CommandType.RESUME, 0)
            released = max(resumed, newest.get(CommandType.RESUME_ENTRIES, 0))
            paused = newest.get(CommandType.PAUSE_ENTRIES, 0)
            killed = newest.get(CommandType.KILL, 0)
            return StandingOrders(
                paused_by=self._who(connection, paused) if paused > released else None,
                killed_by=self._who(connection, killed) if killed > resumed else None,
            )

    def report(self, command_id: int, steps: Sequence[CommandStep]) -> None:
        """Tell how far each step of a pending command is. Raises LeaseLost when fenced out."""
        with self._database.writing() as connection:
            self._fence.check(connection)
            told = connection.execute(
                update(commands).where(*self._waiting(command_id)).values(steps=step_values(steps))
            )
            if told.rowcount:
                self._tell(connection, command_id)

    def complete(self, command_id: int, outcome: Outcome, sentence: str) -> None:
        """Record how a command ended; the first word stays. Raises LeaseLost when fenced out."""
        with self._database.writing() as connection:
            self._fence.check(connection)
            done = connection.execute(
                update(commands)
                .where(*self._waiting(command_id))
                .values(
                    handled_at=self._clock.now(),
                    result={"outcome": outcome.value, "sentence": sentence},
                )
            )
            if done.rowcount:
                self._tell(connection, command_id)

    def find(self, command_id: int) -> View | None:
        """One command and what became of it; None if there is no such command."""
        with self._database.reading() as connection:
            rows = self._rows(connection, commands.c.id == command_id)
            return command_view(rows[0]) if rows else None

    def newest(self, limit: int) -> list[View]:
        """The newest commands, newest first."""
        query = (
            select(commands)
            .where(commands.c.environment == self._environment)
            .order_by(commands.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [command_view(row) for row in connection.execute(query).mappings()]

    def _waiting(self, command_id: int) -> tuple[ColumnElement[bool], ...]:
        return (
            commands.c.id == command_id,
            commands.c.environment == self._environment,
            commands.c.handled_at.is_(None),
        )

    def _rows(self, connection: Connection, condition: Any) -> Sequence[RowMapping]:
        query = (
            select(commands)
            .where(commands.c.environment == self._environment, condition)
            .order_by(commands.c.id)
        )
        return connection.execute(query).mappings().all()

    def _who(self, connection: Connection, command_id: int) -> str:
        query = select(commands.c.requested_by).where(commands.c.id == command_id)
        return str(connection.execute(query).scalar_one())

    def _tell(self, connection: Connection, command_id: int) -> View:
        (row,) = self._rows(connection, commands.c.id == command_id)
        view = command_view(row)
        self._append(connection, "command", {"command": view})
        return view

    def _tell_kill(self, connection: Connection, requested_by: str) -> None:
        sentence = f"Kill switch: {requested_by} stops everything until it is released."
        guard = {"name": KILL_SWITCH, "sentence": sentence, "at": None, "until": None}
        self._append(connection, "guard", {"guard": guard})

    def _append(self, connection: Connection, kind: str, payload: View) -> None:
        now = self._clock.now()
        append_event(connection, self._environment, kind, now, now, payload)
