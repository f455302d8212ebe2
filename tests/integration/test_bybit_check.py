"""`flask bybit check` as a person runs it, against `flask simulator --account`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bench.ports import free_port
from src.exchange.bybit.simulator_control import simulator_answers
from src.simulator.account.account_endpoints import AccountEndpoints
from tests.commands import flask
from tests.integration.exchange.bybit_venue import ACCOUNT, KEY
from tests.integration.simulator.faults import control, inject
from tests.integration.simulator.private import private_side
from tests.product import ROOT, wait_until

SECRET_KEY = "a-key-that-only-the-tests-know-0123456789"


def environment(folder: Path, url: str, **changes: str) -> dict[str, str]:
    """An installation whose .env says no more than that it trades on Demo, offline."""
    return {
        **os.environ,
        "FLASK_ENV": "development",
        "SECRET_KEY": SECRET_KEY,
        "TRADING_MODE": "demo",
        "MARKET_DATA": "simulator",
        "SIMULATOR_URL": url,
        "SYMBOLS": "BTCUSDT",
        "DATABASE_URL": f"sqlite:///{folder / 'trading.db'}",
        "DATA_DIRECTORY": str(folder),
        **changes,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="module")
def exchange(folder: Path) -> Iterator[str]:
    """The simulated exchange with the account of this installation."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    where = ["--port", str(port), "--symbols", "BTCUSDT", "--data-directory", str(folder)]
    command = [sys.executable, "-m", "flask", "simulator", "--account", "--forget-account", *where]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(folder, url))
    try:
        wait_until(lambda: simulator_answers(url), 60, "the simulated exchange")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def whole_exchange(exchange: str) -> Iterator[str]:
    """The same without the faults of the test before."""
    yield exchange
    control(exchange, "DELETE")


def check(folder: Path, url: str, **changes: str) -> tuple[int, str]:
    """Exit code and what is printed."""
    done = flask(environment(folder, url, **changes), "bybit", "check")
    return done.exit_code, done.stdout


def refusals(printed: str) -> dict[str, str]:
    """What failed and its remedy."""
    lines = printed.splitlines()
    return {
        line.split()[1]: remedy.strip()
        for line, remedy in pairwise(lines)
        if line.startswith("FAIL")
    }


def test_an_installation_that_may_trade_passes(folder: Path, whole_exchange: str) -> None:
    code, printed = check(folder, whole_exchange)
    assert code == 0, printed
    assert refusals(printed) == {}
    assert "The key cannot withdraw." in printed


def test_a_wrong_key_is_refused_and_never_printed(folder: Path, whole_exchange: str) -> None:
    wrong = {"BYBIT_API_KEY": "another", "BYBIT_API_SECRET": "not-the-secret"}
    code, printed = check(folder, whole_exchange, **wrong)
    assert code == 1
    assert refusals(printed)["key"].startswith("-> Check BYBIT_API_KEY and BYBIT_API_SECRET")
    assert "not-the-secret" not in printed


@pytest.mark.parametrize(
    ("fault", "details", "name", "remedy"),
    [
        ("clock_skew", {"milliseconds": -700, "times": 0}, "clock", "Set it by NTP"),
        ("forbidden", {"path": "/v5/market/time"}, "host", "wait ten minutes"),
    ],
)
def test_what_is_wrong_with_this_machine_is_refused(
    folder: Path, whole_exchange: str, fault: str, details: dict[str, object], name: str,
    remedy: str,
) -> None:  # fmt: skip
    inject(whole_exchange, fault, **details)
    code, printed = check(folder, whole_exchange)
    assert code == 1
    assert remedy in refusals(printed)[name]


def test_a_key_that_may_withdraw_and_an_open_hedge_position_are_refused_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = AccountEndpoints.query_api
    rights = {"ContractTrade": ["Order", "Position"], "Wallet": ["Withdraw"]}
    monkeypatch.setattr(
        AccountEndpoints,
        "query_api",
        lambda self, asked: usual(self, asked) | {"permissions": rights},
    )
    with private_side(ACCOUNT) as side:
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        side.market(positionIdx=1)
        side.move(50_100.0)
        own = {"BYBIT_API_KEY": KEY.key, "BYBIT_API_SECRET": KEY.secret}
        code, printed = check(folder, side.url, **own)
    assert code == 1
    found = refusals(printed)
    assert found["withdrawal"] == "-> Make one without that right: trading never needs it."
    assert found["position"] == "-> Close it, then switch the account to one-way mode."
