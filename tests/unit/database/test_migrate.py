"""Migrations: from nothing, again, back, and after the file is gone."""

import sqlite3
from pathlib import Path

import pytest

from src.database import (
    StoredSettings,
    current_revision,
    downgrade,
    migrate,
    open_database,
)
from src.domain.errors import SettingsError


def test_a_missing_file_and_its_folders_are_created(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "trading.db"
    migrate(f"sqlite:///{path}")
    assert "paper_trades" in _tables(path)


def test_migrating_again_changes_nothing_and_keeps_every_row(url: str) -> None:
    database = open_database(url)
    StoredSettings(database).set("market", "bybit")
    revision = current_revision(url)
    migrate(url)
    assert current_revision(url) == revision
    assert StoredSettings(database).get("market") == "bybit"
    database.dispose()


def test_down_to_nothing_and_up_again(url: str, tmp_path: Path) -> None:
    downgrade(url, "base")
    assert _tables(tmp_path / "trading.db") == {"alembic_version", "sqlite_sequence"}
    assert current_revision(url) is None
    migrate(url)
    assert "paper_trades" in _tables(tmp_path / "trading.db")


def test_deleting_the_file_starts_afresh_even_with_its_log_left_behind(
    url: str, tmp_path: Path
) -> None:
    """Only the `.db` file is deleted, as people do; the WAL of a killed process stays."""
    database = open_database(url)
    StoredSettings(database).set("market", "bybit")
    assert (tmp_path / "trading.db-wal").stat().st_size > 0
    (tmp_path / "trading.db").unlink()
    migrate(url)
    reopened = open_database(url)
    assert StoredSettings(reopened).get("market") is None
    reopened.dispose()
    database.dispose()


def test_the_database_keeps_a_write_ahead_log(url: str) -> None:
    database = open_database(url)
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_by_name_of_the_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        open_database(url)
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        migrate(url)


def test_a_failing_migration_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    """A table in the way makes the upgrade fail half-way; none of its tables remain."""
    downgrade(url, "base")
    path = tmp_path / "trading.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE settings (in_the_way TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(Exception, match="settings already exists"):
        migrate(url)
    assert _tables(path) == {"alembic_version", "sqlite_sequence", "settings"}


def _tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}
    finally:
        connection.close()
