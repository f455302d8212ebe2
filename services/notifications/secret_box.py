"""Sealing what must not be readable in a stolen database, and the key files that do it."""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from src.domain.errors import SettingsError

KEY_BYTES = 32
_VERSION = "v1:"
_NONCE_BYTES = 12


class SecretBox:
    """AES-256-GCM under one key; what is sealed for one owner opens for nobody else."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes, from `kept_key`."""
        self._key = key
        self._cipher = AESGCM(key)

    @staticmethod
    def is_sealed(text: str) -> bool:
        """Whether a stored text is sealed at all."""
        return text.startswith(_VERSION)

    def seal(self, owner: int, text: str) -> str:
        """The text so that it can be stored."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), _context(owner))
        return _VERSION + base64.urlsafe_b64encode(sealed).decode()

    def open(self, owner: int, sealed: str) -> str:
        """The text again. Raises SettingsError when the key is not the one it was sealed with."""
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
        try:
            text = self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _context(owner))
        except InvalidTag as error:
            raise SettingsError(
                "a notification address cannot be read with data/secrets.key: put the key file "
                "back that belongs to this database, or remove the address and add it again"
            ) from error
        return text.decode()

    def fingerprint(self, text: str) -> str:
        """A digest that finds a text again without showing it."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def kept_key(path: Path) -> bytes:
    """The key in `path`, made at the first call. Raises SettingsError when the file is no key."""
    text = kept_file(path, lambda: base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    with contextlib.suppress(ValueError):
        key = base64.b64decode(text.strip(), validate=True)
        if len(key) == KEY_BYTES:
            return key
    raise SettingsError(f"{path} does not hold a key of {KEY_BYTES} bytes in base64")


def kept_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of `path`; where it is missing, made once, whoever else tries at that moment.

    The file is readable by its owner only and appears with its whole content or not at all.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    return path.read_bytes()


def _context(owner: int) -> bytes:
    return f"notification target of user {owner}".encode()
