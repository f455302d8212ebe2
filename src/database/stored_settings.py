"""Settings decided while running and kept for ever, such as which market `auto` meant."""

from sqlalchemy import select

from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.database.tables import settings
from src.database.upsert import upsert
from src.domain.ports import Clock


class StoredSettings:
    """Words by key."""

    def __init__(self, database: Database, clock: Clock = SYSTEM_CLOCK) -> None:
        self._database = database
        self._clock = clock

    def get(self, key: str) -> str | None:
        """The value of `key`; None when it was never set."""
        query = select(settings.c.value).where(settings.c.key == key)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def set(self, key: str, value: str) -> None:
        """Store `value` under `key`, replacing what was there."""
        with self._database.writing() as connection:
            upsert(
                connection,
                settings,
                {"key": key, "value": value, "updated_at": self._clock.now()},
            )
