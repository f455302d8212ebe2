"""A web face of its own for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from src.database import Database, migrate, open_database
from src.web import Web
from tests.integration.web.support import (
    CREDENTIALS,
    Ledger,
    ManualClock,
    new_web,
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the newest schema, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "trading.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    copy = shutil.copy(empty_database, tmp_path / "trading.db")
    database = open_database(f"sqlite:///{copy}")
    yield database
    database.dispose()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def web(database: Database, clock: ManualClock, tmp_path: Path) -> Web:
    return new_web(database, clock, tmp_path)


@pytest.fixture
def client(web: Web) -> FlaskClient:
    return web.app.test_client()


@pytest.fixture
def token(web: Web) -> str:
    return web.authentication.register(**CREDENTIALS, address="192.0.2.1").token


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
