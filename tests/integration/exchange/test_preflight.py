"""The preflight says what is wrong with host, key and account, and what to do about it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from src.clock import SystemClock
from src.domain.errors import NotFitToTrade, RegionBlocked, Unavailable
from src.exchange.bybit import ApiKey, simulator_environment
from src.exchange.bybit.preflight import Check, preflight, require_fit
from src.simulator.account.model import AccountSettings
from tests.integration.exchange.bybit_venue import KEY
from tests.integration.exchange.faulty_gateway import Fault, FaultyGateway
from tests.integration.exchange.test_bybit_start import OffClock
from tests.integration.simulator.private import private_side

ACCOUNT = AccountSettings(KEY.key, KEY.secret, Decimal(1000))
SYMBOLS = ("BTCUSDT",)


def failed(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks if not check.passed}


def test_an_account_in_order_passes_and_an_unbound_key_is_only_warned_of() -> None:
    with private_side(ACCOUNT) as side:
        environment = simulator_environment(side.url)
        checks = preflight(environment, KEY, SystemClock(), SYMBOLS, ACCOUNT.uid)
        require_fit(environment, KEY, SystemClock(), SYMBOLS, ACCOUNT.uid)
    assert failed(checks) == {}
    assert [check.name for check in checks if check.is_warning and check.remedy] == ["IP binding"]
    assert {"host", "clock", "key", "withdrawal", "account", "balance"} <= {c.name for c in checks}


def test_every_failure_has_its_remedy() -> None:
    empty = replace(ACCOUNT, balance=Decimal(0))
    with private_side(empty) as side:
        environment = simulator_environment(side.url)
        checks = preflight(environment, KEY, OffClock(-700), ("BTCUSDT", "NOSUCHUSDT"), "42")
        found = failed(checks)
        with pytest.raises(NotFitToTrade, match="LIVE_TRADING_CONFIRM names 42"):
            require_fit(environment, KEY, SystemClock(), SYMBOLS, "42")
    assert set(found) == {"clock", "uid", "balance", "instruments"}
    assert all(check.remedy for check in found.values())
    assert "NOSUCHUSDT" in found["instruments"].finding


def test_a_wrong_secret_ends_the_checks_and_never_shows_itself() -> None:
    with private_side(ACCOUNT) as side:
        wrong = ApiKey(KEY.key, "not-the-secret")
        checks = preflight(simulator_environment(side.url), wrong, SystemClock(), SYMBOLS)
    assert set(failed(checks)) == {"key"}
    assert "not-the-secret" not in repr(checks)
    assert KEY.key not in repr(checks)


def test_hedge_mode_is_switched_at_the_start_unless_something_is_open() -> None:
    with private_side(ACCOUNT) as side:
        environment = simulator_environment(side.url)
        side.session.switch_position_mode(category="linear", coin="USDT", mode=3)
        assert failed(preflight(environment, KEY, SystemClock(), SYMBOLS)) == {}
        side.market(positionIdx=1)
        side.move(50_100.0)
        assert set(failed(preflight(environment, KEY, SystemClock(), SYMBOLS))) == {"position mode"}


def test_nobody_there_is_tried_again_and_a_blocked_region_is_not() -> None:
    with pytest.raises(Unavailable):
        require_fit(simulator_environment("http://127.0.0.1:9"), KEY, SystemClock(), SYMBOLS)
    with private_side(ACCOUNT) as side, FaultyGateway(side.url) as gateway:
        gateway.fail("/v5/market/time", Fault.FORBIDDEN)
        environment = replace(simulator_environment(side.url), rest_url=gateway.url)
        with pytest.raises(RegionBlocked):
            require_fit(environment, KEY, SystemClock(), SYMBOLS)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"permissions": {"Wallet": ["AccountTransfer", "Withdraw"]}}, "withdrawal"),
        ({"readOnly": 1}, "key"),
        ({"permissions": {"ContractTrade": ["Order"]}}, "key"),
    ],
)
def test_a_key_that_may_too_much_or_too_little_is_refused(
    facts: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from src.simulator.account.account_endpoints import AccountEndpoints

    usual = AccountEndpoints.query_api
    monkeypatch.setattr(
        AccountEndpoints, "query_api", lambda self, asked: {**usual(self, asked), **facts}
    )
    with private_side(ACCOUNT) as side:
        checks = preflight(simulator_environment(side.url), KEY, SystemClock(), SYMBOLS)
    assert name in failed(checks)
