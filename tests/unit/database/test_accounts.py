"""Accounts, sessions and failed logins."""

import pytest

from src.database import Database, FailureCount, LoginFailures, Sessions, Users
from src.domain.errors import Conflict
from tests.unit.database.facts import START


@pytest.fixture
def user_id(database: Database) -> int:
    """An account to have sessions."""
    return Users(database).add("trader@example.com", b"hash", START)


def allow(_account: FailureCount, _address: FailureCount) -> None:
    """Refuse nothing."""


class Refuse(Exception):
    """What a throttle raises."""


def test_an_account_is_found_by_its_address(database: Database, user_id: int) -> None:
    found = Users(database).by_email("trader@example.com")
    assert found is not None
    assert (found.id, found.email, found.password_hash) == (user_id, "trader@example.com", b"hash")
    assert Users(database).by_email("nobody@example.com") is None


def test_an_address_has_one_account(database: Database, user_id: int) -> None:
    with pytest.raises(Conflict):
        Users(database).add("trader@example.com", b"other", START)
    found = Users(database).by_email("trader@example.com")
    assert found is not None
    assert found.password_hash == b"hash"


def test_a_session_says_whose_it_is_and_when_it_ends(database: Database, user_id: int) -> None:
    sessions = Sessions(database)
    sessions.add("jti", user_id, START, START + 1_000)
    found = sessions.find("jti")
    assert found is not None
    assert (found.user_id, found.email) == (user_id, "trader@example.com")
    assert (found.expires_at, found.revoked_at) == (START + 1_000, None)
    assert sessions.find("other") is None


def test_only_sessions_neither_expired_nor_revoked_are_live(
    database: Database, user_id: int
) -> None:
    sessions = Sessions(database)
    for name, lifetime in (("short", 10), ("long", 1_000), ("revoked", 1_000)):
        sessions.add(name, user_id, START, START + lifetime)
    sessions.revoke("revoked", START + 5)
    sessions.revoke("revoked", START + 7)
    asked = ["short", "long", "revoked", "unknown"]
    assert sessions.live(asked, START + 9) == {"short", "long"}
    assert sessions.live(asked, START + 10) == {"long"}
    found = sessions.find("revoked")
    assert found is not None
    assert found.revoked_at == START + 5


def test_expired_sessions_are_cleared_when_a_new_one_begins(
    database: Database, user_id: int
) -> None:
    sessions = Sessions(database)
    sessions.add("old", user_id, START, START + 10)
    sessions.add("new", user_id, START + 10, START + 20)
    assert sessions.find("old") is None
    assert sessions.find("new") is not None


def test_failures_are_counted_per_account_and_per_address(database: Database) -> None:
    failures = LoginFailures(database)
    seen: list[tuple[FailureCount, FailureCount]] = []

    def look(account: FailureCount, address: FailureCount) -> None:
        seen.append((account, address))

    failures.count("a@example.com", "10.0.0.1", START, START - 100, allow)
    failures.count("a@example.com", "10.0.0.2", START + 1, START - 100, allow)
    failures.count("b@example.com", "10.0.0.1", START + 2, START - 100, allow)
    failures.count("a@example.com", "10.0.0.1", START + 3, START - 100, look)
    assert seen == [(FailureCount(2, START + 1), FailureCount(2, START + 2))]


def test_nothing_is_counted_when_the_attempt_is_refused(database: Database) -> None:
    failures = LoginFailures(database)
    seen: list[FailureCount] = []

    def refuse(account: FailureCount, _address: FailureCount) -> None:
        seen.append(account)
        raise Refuse

    for _ in range(2):
        with pytest.raises(Refuse):
            failures.count("a@example.com", "10.0.0.1", START, START - 100, refuse)
    assert seen == [FailureCount(0, None)] * 2


def test_failures_are_forgotten_with_time_and_after_a_success(database: Database) -> None:
    failures = LoginFailures(database)
    seen: list[FailureCount] = []

    def look(account: FailureCount, _address: FailureCount) -> None:
        seen.append(account)

    failures.count("a@example.com", "10.0.0.1", START, START, allow)
    failures.count("a@example.com", "10.0.0.1", START + 50, START + 1, look)
    failures.clear("a@example.com")
    failures.count("a@example.com", "10.0.0.1", START + 60, START + 1, look)
    assert seen == [FailureCount(0, None), FailureCount(0, None)]
