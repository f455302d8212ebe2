"""What the tests of trading on an account share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.database import Database, migrate, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database of its own."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    opened = open_database(url)
    yield opened
    opened.dispose()
