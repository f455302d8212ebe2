"""The engines: what each may do, and how their failures are told."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from src.database import Database, StorageUnavailable, open_database
from src.database.tables import sessions, settings


def test_the_read_engine_cannot_write(database: Database) -> None:
    with pytest.raises(StorageUnavailable, match="readonly"), database.reading() as connection:
        connection.execute(insert(settings).values(key="a", value="b", updated_at=0))


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 1)])
def test_durable_writes_sync_fully_and_fast_ones_normally(
    database: Database, durable: bool, synchronous: int
) -> None:
    with database.writing(durable=durable) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == synchronous
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5_000


def test_a_write_transaction_holds_the_write_lock_from_its_beginning(
    database: Database, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "trading.db", timeout=0, isolation_level=None)
    with database.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_what_is_raised_inside_leaves_nothing_behind(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(settings).values(key="a", value="b", updated_at=0))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_and_fail()
    with database.reading() as connection:
        assert connection.execute(select(settings)).all() == []


def test_reading_sees_one_moment_throughout(database: Database) -> None:
    with database.reading() as reader:
        assert reader.execute(select(settings)).all() == []
        with database.writing() as writer:
            writer.execute(insert(settings).values(key="a", value="b", updated_at=0))
        assert reader.execute(select(settings)).all() == []


def test_a_reference_to_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(sessions).values(id="j", user_id=99, created_at=0, expires_at=1))


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/missing/trading.db")
    with pytest.raises(StorageUnavailable), database.reading():
        pass
    database.dispose()


def test_a_full_disk_is_told_as_unavailable_and_stored_rows_stay_readable(
    database: Database,
) -> None:
    with database.writing() as connection:
        connection.execute(insert(settings).values(key="a", value="b", updated_at=0))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageUnavailable, match="full"), database.writing() as connection:
        connection.execute(insert(settings).values(key="c", value="d" * 100_000, updated_at=0))
    with database.reading() as connection:
        assert connection.execute(select(settings.c.key)).scalars().all() == ["a"]


def test_disposing_closes_connections_and_the_next_use_opens_new_ones(database: Database) -> None:
    with database.reading() as connection:
        connection.execute(select(settings)).all()
    database.dispose()
    with database.reading() as connection:
        assert connection.execute(select(settings)).all() == []
