"""A fresh, migrated database file for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.database import Database, migrate, open_database


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema and no rows: copy it, do not open it."""
    path = tmp_path_factory.mktemp("template") / "trading.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(tmp_path: Path, migrated_file: Path) -> str:
    """Where this test's own database is."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'trading.db')}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """This test's own database, opened."""
    opened = open_database(url)
    yield opened
    opened.dispose()
