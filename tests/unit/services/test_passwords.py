"""Passwords: what is accepted, how they are kept, and that a flood of them is bounded."""

import threading
import unicodedata

import pytest

from services.errors import TooManyAttempts
from services.passwords import PasswordHasher, UnreadablePasswordHash, check_new_password
from src.domain.errors import InvalidInput

COST = 4


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return PasswordHasher(COST)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "x" * 73,
        "x" * 256,
        "nul\x00inside",
        "\N{FACE WITH TEARS OF JOY}" * 64,
        "mot de passe à accents",
    ],
)
def test_any_text_can_be_a_password_and_every_character_counts(
    hasher: PasswordHasher, password: str
) -> None:
    stored = hasher.hash(password)
    assert hasher.verify(password, stored)
    assert not hasher.verify(password + "x", stored)
    assert not hasher.verify(password[:-1], stored)


def test_the_same_text_matches_however_the_keyboard_composed_it(hasher: PasswordHasher) -> None:
    stored = hasher.hash(unicodedata.normalize("NFC", "né à Bâle"))
    assert hasher.verify(unicodedata.normalize("NFD", "né à Bâle"), stored)


def test_the_stored_value_names_its_scheme_and_hides_the_password(hasher: PasswordHasher) -> None:
    stored = hasher.hash("secret words")
    assert stored.startswith(b"v1$$2b$04$")
    assert b"secret" not in stored
    assert stored != hasher.hash("secret words")


def test_an_unknown_user_never_matches(hasher: PasswordHasher) -> None:
    assert not hasher.verify("whatever", None)


def test_the_work_done_for_an_unknown_user_is_that_of_a_known_one(hasher: PasswordHasher) -> None:
    """What decides the time is bcrypt's cost, and it is part of both values."""
    known = hasher.hash("secret words")
    assert hasher._nobody.split(b"$")[:3] == known.split(b"$")[:3]
    assert len(hasher._nobody) == len(known)


def test_a_hash_of_an_unknown_scheme_is_an_error_not_a_wrong_password(
    hasher: PasswordHasher,
) -> None:
    with pytest.raises(UnreadablePasswordHash):
        hasher.verify("secret words", b"v9$whatever")


@pytest.mark.parametrize("password", ["", "1234567", "x" * 257])
def test_new_passwords_have_8_to_256_characters(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password)
    assert refused.value.field == "password"


def test_the_bounds_themselves_are_accepted() -> None:
    check_new_password("x" * 8)
    check_new_password("x" * 256)


def test_a_flood_is_turned_away_instead_of_queued_without_end() -> None:
    """With one at work and one waiting allowed, the third is refused at once."""
    hasher = PasswordHasher(COST, parallel=1, waiting=1)
    with hasher._turn():
        waiting = threading.Thread(target=hasher.hash, args=("patient",), daemon=True)
        waiting.start()
        with pytest.raises(TooManyAttempts):
            _fill(hasher)
    waiting.join(10)
    assert hasher.verify("after the flood", hasher.hash("after the flood"))


def _fill(hasher: PasswordHasher) -> None:
    """Take what is left of the queue; raises once the queue is full."""
    while True:
        if hasher._admitted.acquire(blocking=False):
            hasher._admitted.release()
            continue
        hasher.hash("one too many")
