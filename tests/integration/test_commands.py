"""The commands, run as a person runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.auth import DEMO_EMAIL, DEMO_PASSWORD, ensure_demo_user
from src.database import migrate, open_database
from tests.commands import flask
from tests.product import ROOT

NEW_PASSWORD = "correct horse battery staple"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder of its own, in development, on the simulated market."""
    return {
        **os.environ,
        "FLASK_ENV": "development",
        "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789",
        "MARKET_DATA": "simulator",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'trading.db'}",
        "DATA_DIRECTORY": str(tmp_path),
    }


def test_prepare_makes_everything_and_can_be_repeated(
    environment: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "prepare"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "paper trading on the simulator market" in done.stdout
    assert (tmp_path / "trading.db").exists()


def test_a_wrong_setting_stops_the_start_with_its_name(environment: dict[str, str]) -> None:
    done = flask({**environment, "MAX_POSITIONS": "many"}, "prepare")
    assert done.exit_code != 0
    assert "MAX_POSITIONS" in done.stderr


def test_an_addition_that_does_not_exist_stops_the_start(environment: dict[str, str]) -> None:
    done = flask({**environment, "STRATEGY_ADDITIONS": "swing_hierarchy,tea_leaves"}, "prepare")
    assert done.exit_code != 0
    assert "STRATEGY_ADDITIONS" in done.stderr
    assert "'tea_leaves'" in done.stderr


def test_production_refuses_the_demo_user_until_its_password_is_changed(
    environment: dict[str, str],
) -> None:
    url = environment["DATABASE_URL"]
    migrate(url)
    database = open_database(url)
    ensure_demo_user(database)
    database.dispose()
    production = {**environment, "FLASK_ENV": "production"}
    refused = flask(production, "prepare")
    assert refused.exit_code != 0
    assert f"flask users password {DEMO_EMAIL}" in refused.stderr
    assert DEMO_PASSWORD not in refused.stdout + refused.stderr
    typed = f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n"
    assert flask(production, "users", "password", DEMO_EMAIL, typed=typed).exit_code == 0
    assert flask(production, "prepare").exit_code == 0


def test_the_market_chosen_once_stays_until_it_is_changed(environment: dict[str, str]) -> None:
    automatic = {**environment, "MARKET_DATA": "auto"}
    migrate(environment["DATABASE_URL"])
    unsettled = flask(automatic, "market", "show")
    assert unsettled.exit_code == 1
    assert "flask prepare" in unsettled.stderr
    assert flask(automatic, "market", "use", "bybit").exit_code == 0
    shown = json.loads(flask(automatic, "market", "show", "--json").stdout)
    assert shown["market"] == "bybit"


def test_commands_run_beside_a_development_server_whose_settings_say_production(
    environment: dict[str, str],
) -> None:
    """As after `./start_dev.sh`, which serves in development whatever `.env` says."""
    automatic = {**environment, "MARKET_DATA": "auto"}
    assert flask({**automatic, "MARKET_DATA": "simulator"}, "prepare").exit_code == 0
    production = {**automatic, "FLASK_ENV": "production"}
    assert flask(production, "market", "use", "bybit").exit_code == 0
    assert flask(production, "candles", "coverage").exit_code == 0
    refused = flask(production, "prepare")
    assert refused.exit_code != 0
    assert "MARKET_DATA is 'auto', which production refuses" in refused.stderr


def test_an_account_that_does_not_exist_is_named(environment: dict[str, str]) -> None:
    migrate(environment["DATABASE_URL"])
    typed = f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n"
    done = flask(environment, "users", "password", "nobody@example.com", typed=typed)
    assert done.exit_code != 0
    assert "no account of nobody@example.com" in done.stderr
