"""A database of its own for every test, and a clock that moves when it is told to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.auth import Authentication
from services.passwords import PasswordHasher
from src.database import Database, migrate, open_database
from tests.unit.services.fakes import KEY, ManualClock


@pytest.fixture(scope="session")
def hasher() -> PasswordHasher:
    return PasswordHasher(cost=4)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    database = open_database(url)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def authentication(
    database: Database, clock: ManualClock, hasher: PasswordHasher
) -> Authentication:
    return Authentication(database, clock, KEY, hasher)
