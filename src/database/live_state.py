"""State that is only ever needed newest: one row per name, replaced in place."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.database.lease import Fence
from src.database.tables import live_state
from src.database.upsert import upsert
from src.domain.ports import Clock


class LiveState:
    """The live rows of one environment. `epoch` fences the writer; readers give none."""

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

    def read(self, name: str, newer_than: int = 0) -> tuple[int, dict[str, Any]] | None:
        """(version, payload) of `name`; None when it has no version above `newer_than`."""
        query = select(live_state.c.version, live_state.c.payload).where(
            live_state.c.environment == self._environment,
            live_state.c.name == name,
            live_state.c.version > newer_than,
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.version, row.payload)

    def write(self, name: str, payload: Mapping[str, Any]) -> None:
        """Replace `name` and raise its version by one. Raises LeaseLost when fenced out."""
        with self._database.writing(durable=False) as connection:
            self._fence.check(connection)
            now, document = self._clock.now(), dict(payload)
            upsert(
                connection,
                live_state,
                {
                    "environment": self._environment,
                    "name": name,
                    "version": 1,
                    "payload": document,
                    "updated_at": now,
                },
                changes={
                    "version": live_state.c.version + 1,
                    "payload": document,
                    "updated_at": now,
                },
            )
