"""The settings check of a deployment: its exit status, and the sentences it prints."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPLETE = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "FLASK_ENV": "production",
    "MARKET_DATA": "bybit",
}


def check(folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.check_settings"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_pass(tmp_path: Path) -> None:
    result = check(tmp_path, COMPLETE)
    assert (result.returncode, result.stdout) == (0, "The settings are complete (production).\n")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "hunter2"}, "SECRET_KEY has only 7 characters"),
        ({"SECRET_KEY": "your-secure-random-key-here"}, "SECRET_KEY is still the example's"),
        ({"MARKET_DATA": "auto"}, "MARKET_DATA is 'auto'"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS is '*'"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG is on"),
        ({"TRADING_MODE": "live", "BYBIT_TESTNET": "false"}, "LIVE_TRADING_CONFIRM is not set"),
    ],
)
def test_production_refuses_to_start_and_names_the_line(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    result = check(tmp_path, {**COMPLETE, **changed})
    assert result.returncode == 1
    assert f"\n{sentence}" in result.stderr
    assert "hunter2" not in result.stderr


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAX_POSITIONS=0\nMAX_LEVERAGE=0\n", encoding="utf-8")
    result = check(tmp_path, {**COMPLETE, "MAX_POSITIONS": "2"})
    assert "MAX_POSITIONS" not in result.stderr
    assert "MAX_LEVERAGE is '0'" in result.stderr
