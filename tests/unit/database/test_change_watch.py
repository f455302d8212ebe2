"""A tailing reader asks one cheap question; its answer must never hide a commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.database import Database, LiveState, migrate, open_database
from src.database.change_watch import ChangeWatch


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """The same file opened twice, as two processes would."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    mine, theirs = open_database(url), open_database(url)
    yield mine, theirs
    mine.dispose()
    theirs.dispose()


def test_every_commit_is_noticed_once_whoever_made_it(
    shared: tuple[Database, Database],
) -> None:
    mine, theirs = shared
    watch = ChangeWatch(mine)
    assert [watch.changed(), watch.changed()] == [True, False]
    for database in (mine, theirs):
        LiveState(database, "simulator").write("prices", {"equity": 1.0})
        assert [watch.changed(), watch.changed()] == [True, False]
    watch.close()


def test_reading_is_no_change(shared: tuple[Database, Database]) -> None:
    mine, theirs = shared
    watch = ChangeWatch(mine)
    watch.changed()
    LiveState(theirs, "simulator").read("prices")
    LiveState(mine, "simulator").read("prices")
    assert not watch.changed()
    watch.close()


def test_what_was_committed_while_it_was_closed_is_noticed(
    shared: tuple[Database, Database],
) -> None:
    mine, _ = shared
    watch = ChangeWatch(mine)
    watch.changed()
    watch.close()
    assert watch.changed()
    watch.close()
