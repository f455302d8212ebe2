"""Password hashing: slow on purpose, and never more than two at a time.

bcrypt reads at most 72 bytes and stops at NUL, so it is fed the base64 of the SHA-256 of the
password: 44 safe bytes for any password. The stored value starts with the scheme's version,
so that a later scheme can be told apart.
"""

import base64
import hashlib
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import bcrypt

from services.errors import TooManyAttempts
from src.domain.errors import InvalidInput, TradingSystemError

MIN_LENGTH = 8
MAX_LENGTH = 256
_SCHEME = b"v1$"
_BCRYPT_DIGEST_LENGTH = 31


class UnreadablePasswordHash(TradingSystemError):
    """A stored password hash was written by a scheme this version does not know."""


def check_new_password(password: str) -> None:
    """Refuse a new password that is too short or too long, naming the field."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInput(
            f"The password needs {MIN_LENGTH} to {MAX_LENGTH} characters.", field="password"
        )


class PasswordHasher:
    """Hashes and verifies passwords.

    `cost` is bcrypt's work factor (12 takes about a quarter of a second). At most `parallel`
    hashes are computed at once and `waiting` more may queue, so that a flood of logins cannot
    take the processor from trading; beyond that TooManyAttempts is raised.
    """

    def __init__(self, cost: int = 12, parallel: int = 2, waiting: int = 16) -> None:
        self._cost = cost
        self._working = threading.BoundedSemaphore(parallel)
        self._admitted = threading.BoundedSemaphore(parallel + waiting)
        self._nobody = _SCHEME + bcrypt.gensalt(cost) + b"." * _BCRYPT_DIGEST_LENGTH

    def hash(self, password: str) -> bytes:
        """The value to store for `password`."""
        with self._turn():
            return _SCHEME + bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._cost))

    def verify(self, password: str, stored: bytes | None) -> bool:
        """Whether `password` is the one stored.

        Without a stored hash (no such user) the same work is done and the answer is False, so
        the time taken does not tell who has an account. Raises UnreadablePasswordHash.
        """
        expected = self._nobody if stored is None else stored
        if not expected.startswith(_SCHEME):
            raise UnreadablePasswordHash("A stored password hash has an unknown scheme.")
        with self._turn():
            matches = bcrypt.checkpw(_digest(password), expected.removeprefix(_SCHEME))
        return matches and stored is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise TooManyAttempts("Too many people are signing in; try again shortly.", 2)
        try:
            with self._working:
                yield
        finally:
            self._admitted.release()


def _digest(password: str) -> bytes:
    """Equal for equal text however the keyboard composed its accents."""
    text = unicodedata.normalize("NFC", password)
    return base64.b64encode(hashlib.sha256(text.encode()).digest())
