"""What is sealed can be read with its key, for its owner, and in no other way."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.secret_box import KEY_BYTES, SecretBox, kept_key
from src.domain.errors import SettingsError

BOX = SecretBox(bytes(range(KEY_BYTES)))


@given(owner=st.integers(1, 10**9), text=st.text(max_size=300))
def test_a_sealed_text_comes_back(owner: int, text: str) -> None:
    sealed = BOX.seal(owner, text)
    assert BOX.is_sealed(sealed)
    assert BOX.open(owner, sealed) == text


def test_two_seals_of_one_text_differ_and_show_nothing_of_it() -> None:
    first, second = BOX.seal(1, "+4915112345678"), BOX.seal(1, "+4915112345678")
    assert first != second
    assert "4915112345678" not in first


def test_another_key_or_owner_opens_nothing() -> None:
    sealed = BOX.seal(1, "secret")
    with pytest.raises(SettingsError, match=r"data/secrets\.key"):
        SecretBox(bytes(KEY_BYTES)).open(1, sealed)
    with pytest.raises(SettingsError):
        BOX.open(2, sealed)


def test_a_key_is_made_once_even_by_many_at_the_same_time(tmp_path: Path) -> None:
    path, keys = tmp_path / "data" / "secrets.key", []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        keys.append(kept_key(path))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secrets.key").write_text("not a key")
    with pytest.raises(SettingsError, match="does not hold a key"):
        kept_key(tmp_path / "secrets.key")
