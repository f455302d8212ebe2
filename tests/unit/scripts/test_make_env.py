"""`.env`: made once, given a random SECRET_KEY, and otherwise left alone."""

import re
from pathlib import Path

import pytest

from scripts.make_env import make_env

EXAMPLE = "# Signs\nSECRET_KEY=your-secure-random-key-here\nFLASK_ENV=production\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def read(folder: Path) -> str:
    return (folder / ".env").read_text(encoding="utf-8")


def test_a_missing_env_is_made_from_the_example_with_a_random_key(folder: Path) -> None:
    assert make_env(folder) == "made .env with a random SECRET_KEY"
    assert re.fullmatch(r"# Signs\nSECRET_KEY=[0-9a-f]{64}\nFLASK_ENV=production\n", read(folder))
    assert (folder / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("line", ["SECRET_KEY=your-secure-random-key-here", "SECRET_KEY="])
def test_a_placeholder_is_replaced_and_every_other_line_kept(folder: Path, line: str) -> None:
    (folder / ".env").write_text(f"MAX_POSITIONS=5\n{line}\nSYMBOLS=BTCUSDT\n", encoding="utf-8")
    assert make_env(folder) == "gave .env a random SECRET_KEY"
    assert re.fullmatch(
        r"MAX_POSITIONS=5\nSECRET_KEY=[0-9a-f]{64}\nSYMBOLS=BTCUSDT\n", read(folder)
    )


@pytest.mark.parametrize("text", ["SECRET_KEY=mine\n", "MAX_POSITIONS=5\n", ""])
def test_an_env_without_a_placeholder_is_not_touched(folder: Path, text: str) -> None:
    (folder / ".env").write_text(text, encoding="utf-8")
    assert make_env(folder) is None
    assert read(folder) == text


def test_two_folders_get_different_keys(folder: Path) -> None:
    make_env(folder)
    first = read(folder)
    (folder / ".env").unlink()
    make_env(folder)
    assert read(folder) != first
