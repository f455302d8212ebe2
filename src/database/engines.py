"""The three engines over one database.

`read` cannot write. `write` is for rows that must survive a power loss, `fast_write` for
rows that may lose the last moment then (live state, warm-up candles); neither ever reads a
stale snapshot, because every transaction takes the write lock when it begins.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from src.database.errors import StorageUnavailable, UnstorableValue
from src.domain.errors import SettingsError

BUSY_TIMEOUT_MS = 5_000
_POOL = {"pool_size": 8, "max_overflow": 56, "pool_timeout": 10}

_inherited: list[Any] = []
"""Connections a fork carried over. Closing them here could unlock the parent's; keep them."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database, opened. Safe to share between threads and to carry across a fork."""

    read: Engine
    write: Engine
    fast_write: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view for every statement inside. Raises StorageUnavailable."""
        with _translated(), self.read.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction: everything inside is stored, or nothing. Raises StorageUnavailable."""
        engine = self.write if durable else self.fast_write
        with _translated(), engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close every pooled connection; the next use opens new ones."""
        for engine in (self.read, self.write, self.fast_write):
            engine.dispose()


def open_database(url: str) -> Database:
    """Engines for `url` (`sqlite:///path` or a PostgreSQL URL). Connects on first use only.

    Raises SettingsError for an in-memory SQLite database, which processes cannot share.
    """
    if is_sqlite(url):
        sqlite_path(url)
        return Database(
            read=_sqlite_engine(url, begin="BEGIN", pragmas=("query_only=ON",)),
            write=_sqlite_engine(url, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL",)),
            fast_write=_sqlite_engine(
                url, begin="BEGIN IMMEDIATE", pragmas=("synchronous=NORMAL",)
            ),
        )
    return Database(
        read=_server_engine(url, ("default_transaction_read_only=on",)),
        write=_server_engine(url, ()),
        fast_write=_server_engine(url, ("synchronous_commit=off",)),
    )


def migration_engine(url: str) -> Engine:
    """An engine without a pool or enforced foreign keys, as rebuilding tables needs."""
    if not is_sqlite(url):
        return create_engine(url, poolclass=NullPool)
    engine = create_engine(
        url, poolclass=NullPool, connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000}
    )
    event.listen(engine, "connect", _configure(("synchronous=FULL",)))
    event.listen(engine, "begin", _begin("BEGIN IMMEDIATE"))
    return engine


def is_sqlite(url: str) -> bool:
    """Whether `url` names a SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_path(url: str) -> str:
    """The file `url` names. Raises SettingsError when it names none."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise SettingsError(
            "DATABASE_URL must name a file, such as sqlite:///data/trading.db: "
            "processes cannot share a database in memory"
        )
    return path


def _sqlite_engine(url: str, *, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000}, **_POOL)
    event.listen(engine, "connect", _configure(("foreign_keys=ON", *pragmas)))
    event.listen(engine, "begin", _begin(begin))
    _forget_connections_after_fork(engine)
    return engine


def _server_engine(url: str, options: tuple[str, ...]) -> Engine:
    arguments = {"options": " ".join(f"-c {option}" for option in options)} if options else {}
    engine = create_engine(url, connect_args=arguments, pool_pre_ping=True, **_POOL)
    _forget_connections_after_fork(engine)
    return engine


def _configure(
    pragmas: tuple[str, ...],
) -> Callable[[sqlite3.Connection, ConnectionPoolEntry], None]:
    def configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not open transactions by itself: it would begin them deferred, and a
        # read followed by a write would then silently lose another process's update.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return configure


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _forget_connections_after_fork(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def remember_owner(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["owner"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def check_owner(_connection: Any, entry: Any, proxy: Any) -> None:
        if entry.info["owner"] == os.getpid():
            return
        _inherited.append(entry.dbapi_connection)
        entry.dbapi_connection = proxy.dbapi_connection = None
        raise DisconnectionError("this connection belongs to the parent process")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StorageUnavailable(f"the database did not answer: {error.orig}") from error
    except StatementError as error:
        # What a column type refuses arrives wrapped; its own words are the useful ones.
        if isinstance(error.orig, UnstorableValue):
            raise error.orig from error
        raise
