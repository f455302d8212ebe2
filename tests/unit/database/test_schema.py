"""The schema: the promised columns first, exactly as promised, and nothing undeclared."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from src.database.columns import metadata
from src.database.tables import paper_trades

PROMISED = {
    "users": """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            email TEXT UNIQUE NOT NULL,
            password_hash BLOB NOT NULL,
            created_at TEXT NOT NULL
        )""",
    "paper_trades": """
        CREATE TABLE paper_trades (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            signal_id TEXT NOT NULL,
            symbol TEXT NOT NULL,
            direction TEXT NOT NULL,
            entry_price REAL NOT NULL,
            current_price REAL,
            exit_price REAL,
            position_size REAL NOT NULL,
            stop_loss REAL NOT NULL,
            take_profit REAL NOT NULL,
            status TEXT NOT NULL,
            unrealized_pnl REAL DEFAULT 0,
            realized_pnl REAL DEFAULT 0,
            risk_amount REAL NOT NULL,
            entry_time TEXT NOT NULL,
            exit_time TEXT,
            created_date TEXT NOT NULL
        )""",
    "signals": """
        CREATE TABLE signals (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            signal_id TEXT UNIQUE NOT NULL,
            symbol TEXT NOT NULL,
            direction TEXT NOT NULL,
            entry_price REAL NOT NULL,
            stop_loss REAL NOT NULL,
            take_profit REAL NOT NULL,
            confluence_score REAL NOT NULL,
            status TEXT NOT NULL
        )""",
}


@pytest.mark.parametrize("table", sorted(PROMISED))
def test_the_promised_columns_come_first_and_are_exactly_as_promised(
    table: str, migrated_file: Path
) -> None:
    """Name, type, NOT NULL, default and key of each column, as SQLite itself reports them."""
    with sqlite3.connect(":memory:") as promise:
        promise.execute(PROMISED[table])
        expected = promise.execute(f"PRAGMA table_info({table})").fetchall()
    promise.close()
    actual = _query(migrated_file, f"PRAGMA table_info({table})")
    assert actual[: len(expected)] == expected


@pytest.mark.parametrize(("table", "column"), [("users", "email"), ("signals", "signal_id")])
def test_the_promised_unique_columns_are_unique(
    table: str, column: str, migrated_file: Path
) -> None:
    unique = [row[1] for row in _query(migrated_file, f"PRAGMA index_list({table})") if row[2]]
    columns = [
        [row[2] for row in _query(migrated_file, f"PRAGMA index_info({name})")] for name in unique
    ]
    assert [column] in columns


@pytest.mark.parametrize("table", sorted(PROMISED))
def test_ids_are_never_used_twice(table: str, migrated_file: Path) -> None:
    [(statement,)] = _query(migrated_file, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
    assert "id INTEGER PRIMARY KEY AUTOINCREMENT" in str(statement)


def test_migrations_build_exactly_the_tables_the_code_speaks_of(migrated_file: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_file}", poolclass=NullPool)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_every_table_and_index_can_be_spelled_for_postgresql() -> None:
    dialect = make_url("postgresql://").get_dialect()()
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))
    assert "DOUBLE PRECISION" in str(CreateTable(paper_trades).compile(dialect=dialect))


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        constraint
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def _query(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()
