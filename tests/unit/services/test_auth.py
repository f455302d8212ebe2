"""Accounts and sessions, over a real database."""

import threading
from pathlib import Path

import pytest

from services.auth import (
    DEMO_EMAIL,
    DEMO_PASSWORD,
    SESSION_MS,
    Authentication,
    Grant,
    demo_user_exists,
    ensure_demo_user,
    normalise_email,
)
from services.errors import TooManyAttempts
from services.passwords import PasswordHasher
from src.database import Database, migrate, open_database
from src.domain.errors import Conflict, InvalidInput, TradingSystemError, Unauthenticated
from tests.unit.services.fakes import KEY, ManualClock

EMAIL, PASSWORD, ADDRESS = "trader@example.com", "correct horse", "192.0.2.1"


def registered(authentication: Authentication) -> Grant:
    return authentication.register(EMAIL, PASSWORD, ADDRESS)


def refusal_of(
    authentication: Authentication, email: str, password: str, address: str = ADDRESS
) -> TradingSystemError:
    with pytest.raises(TradingSystemError) as refused:
        authentication.login(email, password, address)
    return refused.value


def test_who_registers_is_signed_in(authentication: Authentication) -> None:
    grant = registered(authentication)
    assert grant.identity.email == EMAIL
    assert authentication.authenticate(grant.token) == grant.identity


def test_who_registered_can_sign_in_again_in_a_session_of_its_own(
    authentication: Authentication,
) -> None:
    first = registered(authentication)
    second = authentication.login(EMAIL, PASSWORD, ADDRESS)
    assert second.identity.user_id == first.identity.user_id
    assert second.identity.session_id != first.identity.session_id


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("demo@ict.com", "demo@ict.com"),
        ("Trader@Example.COM", "trader@example.com"),
        ("  trader@example.com", None),
        ("trader", None),
        ("trader@", None),
        ("trader@localhost", None),
        ("a b@example.com", None),
        ("\ud800@example.com", None),
        ("x" * 300 + "@example.com", None),
    ],
)
def test_an_address_is_kept_in_one_spelling_or_refused(written: str, kept: str | None) -> None:
    if kept is not None:
        assert normalise_email(written) == kept
        return
    with pytest.raises(InvalidInput) as refused:
        normalise_email(written)
    assert refused.value.field == "email"


def test_one_address_is_one_account_however_it_is_written(authentication: Authentication) -> None:
    registered(authentication)
    with pytest.raises(Conflict):
        authentication.register("Trader@EXAMPLE.com", "another password", ADDRESS)
    assert authentication.login("TRADER@example.com", PASSWORD, ADDRESS).identity.email == EMAIL


def test_an_unknown_user_and_a_wrong_password_are_told_apart_by_nobody(
    authentication: Authentication,
) -> None:
    registered(authentication)
    wrong = refusal_of(authentication, EMAIL, "wrong password")
    unknown = refusal_of(authentication, "nobody@example.com", "wrong password")
    assert isinstance(wrong, Unauthenticated)
    assert (type(wrong), str(wrong)) == (type(unknown), str(unknown))


def test_signing_out_ends_that_session_and_no_other(authentication: Authentication) -> None:
    first = registered(authentication)
    second = authentication.login(EMAIL, PASSWORD, ADDRESS)
    authentication.logout(first.identity)
    with pytest.raises(Unauthenticated):
        authentication.authenticate(first.token)
    assert authentication.authenticate(second.token) == second.identity
    assert authentication.ended([first.identity, second.identity]) == {first.identity.session_id}


def test_a_session_ends_after_twelve_hours(
    authentication: Authentication, clock: ManualClock
) -> None:
    grant = registered(authentication)
    clock.advance(SESSION_MS - 1)
    assert authentication.authenticate(grant.token) == grant.identity
    clock.advance(1)
    with pytest.raises(Unauthenticated):
        authentication.authenticate(grant.token)
    assert authentication.ended([grant.identity]) == {grant.identity.session_id}


def test_a_genuine_token_without_a_session_behind_it_is_worth_nothing(
    authentication: Authentication, clock: ManualClock, hasher: PasswordHasher, tmp_path: Path
) -> None:
    """The database was deleted and made anew; the key stayed."""
    grant = registered(authentication)
    url = f"sqlite:///{tmp_path / 'anew.db'}"
    migrate(url)
    database = open_database(url)
    with pytest.raises(Unauthenticated):
        Authentication(database, clock, KEY, hasher).authenticate(grant.token)
    database.dispose()


def test_the_sixth_guess_has_to_wait_and_waits_grow(
    authentication: Authentication, clock: ManualClock
) -> None:
    registered(authentication)
    for _ in range(5):
        assert isinstance(refusal_of(authentication, EMAIL, "wrong"), Unauthenticated)
    waits = []
    for _ in range(12):
        refused = refusal_of(authentication, EMAIL, "wrong")
        assert isinstance(refused, TooManyAttempts)
        waits.append(refused.retry_after)
        clock.advance(refused.retry_after * 1000)
        assert isinstance(refusal_of(authentication, EMAIL, "wrong"), Unauthenticated)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_even_the_right_password_waits_and_then_clears_the_count(
    authentication: Authentication, clock: ManualClock
) -> None:
    registered(authentication)
    for _ in range(5):
        refusal_of(authentication, EMAIL, "wrong")
    assert isinstance(refusal_of(authentication, EMAIL, PASSWORD), TooManyAttempts)
    clock.advance(1_000)
    authentication.login(EMAIL, PASSWORD, ADDRESS)
    assert isinstance(refusal_of(authentication, EMAIL, "wrong"), Unauthenticated)


def test_an_unknown_account_is_throttled_like_a_known_one(authentication: Authentication) -> None:
    for _ in range(5):
        assert isinstance(
            refusal_of(authentication, "nobody@example.com", "wrong"), Unauthenticated
        )
    assert isinstance(refusal_of(authentication, "nobody@example.com", "wrong"), TooManyAttempts)


def test_guessing_many_accounts_from_one_address_is_delayed_too(
    authentication: Authentication,
) -> None:
    for number in range(20):
        refused = refusal_of(authentication, f"somebody{number}@example.com", "wrong")
        assert isinstance(refused, Unauthenticated)
    assert isinstance(refusal_of(authentication, "one-more@example.com", "wrong"), TooManyAttempts)
    elsewhere = refusal_of(authentication, "one-more@example.com", "wrong", "198.51.100.7")
    assert isinstance(elsewhere, Unauthenticated)


def test_guesses_made_at_once_are_counted_one_by_one(
    database: Database, clock: ManualClock
) -> None:
    """Twelve threads, as several processes would: exactly five get to see the password check."""
    patient = PasswordHasher(cost=4, waiting=32)
    authentication = Authentication(database, clock, KEY, patient)
    outcomes: list[type[Exception]] = []
    start = threading.Barrier(12)

    def guess() -> None:
        start.wait(10)
        outcomes.append(type(refusal_of(authentication, EMAIL, "wrong")))

    threads = [threading.Thread(target=guess, daemon=True) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count(Unauthenticated) == 5
    assert outcomes.count(TooManyAttempts) == 7


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_registering_needs_a_password_of_sensible_length(
    authentication: Authentication, password: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        authentication.register(EMAIL, password, ADDRESS)
    assert refused.value.field == "password"


def test_the_demo_user_can_sign_in_although_its_password_is_short(
    authentication: Authentication, database: Database, clock: ManualClock, hasher: PasswordHasher
) -> None:
    assert not demo_user_exists(database, hasher)
    ensure_demo_user(database, clock, hasher)
    ensure_demo_user(database, clock, hasher)
    assert authentication.login(DEMO_EMAIL, DEMO_PASSWORD, ADDRESS).identity.email == DEMO_EMAIL
    assert demo_user_exists(database, hasher)


def test_a_demo_user_with_a_password_of_its_own_is_no_demo_user(
    authentication: Authentication, database: Database, hasher: PasswordHasher
) -> None:
    authentication.register(DEMO_EMAIL, "only the owner knows", ADDRESS)
    ensure_demo_user(database, hasher=hasher)
    assert not demo_user_exists(database, hasher)
