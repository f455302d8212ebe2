"""Bringing a database to the newest schema, from code and without a configuration file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from src.database.engines import is_sqlite, migration_engine, sqlite_path

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_SERVER_LOCK = 4_207_001  # any constant will do, as long as it stays the same


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to `revision`, creating the database when it is missing.

    Does nothing on a database that is there already. Safe to call from several processes at
    once: one upgrades, the others wait and find it done. Each call is one transaction.
    """
    with _exclusive(url), _migration_connection(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to `revision` (`base` removes every table). What the newer schema held is lost."""
    with _exclusive(url), _migration_connection(url) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(url: str) -> str | None:
    """The revision the database is at; None when it has never been migrated."""
    with _migration_connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migration_connection(url: str) -> Iterator[Connection]:
    engine = migration_engine(url)
    try:
        with engine.begin() as connection:
            if not is_sqlite(url):
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_SERVER_LOCK})"))
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _exclusive(url: str) -> Iterator[None]:
    """Hold the file that serialises migrations; a server's own lock does it elsewhere.

    BEGIN IMMEDIATE alone is not enough: the switch to WAL happens outside any transaction and
    fails at once, without waiting, when another process is in the middle of one.
    """
    if not is_sqlite(url):
        yield
        return
    path = Path(sqlite_path(url))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        engine = migration_engine(url)
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        finally:
            raw.close()
            engine.dispose()
        yield
