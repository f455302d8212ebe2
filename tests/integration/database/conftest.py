"""A fresh database file for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.database import Database, migrate, open_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where this test's own, migrated database is."""
    address = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(address)
    return address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """This test's own database, opened."""
    opened = open_database(url)
    yield opened
    opened.dispose()
