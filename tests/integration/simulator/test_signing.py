"""Signatures, clocks, keys and rate limits of the private side."""

import json

import pytest

from src.domain.errors import InvalidInput
from src.simulator.clock import wall_now
from src.simulator.command import account_of
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.private import code_of, private_side, raw, refused_with
from tests.integration.simulator.scripted_market import ScriptedFeed, scripted_clock

POSITIONS = "/v5/position/list"
LEVERAGE = "/v5/position/set-leverage"


def test_the_query_is_signed_as_it_was_sent_in_any_order_of_its_keys() -> None:
    with private_side() as side:
        for query in (
            "category=linear&symbol=BTCUSDT",
            "symbol=BTCUSDT&category=linear",
            "symbol=BTCUSDT&category=linear&cursor=page_token%3D5%26",
        ):
            assert code_of(raw(side.url, "GET", POSITIONS, query)) == 0


def test_the_body_is_signed_as_it_was_sent_spaced_or_compact() -> None:
    wanted = {"category": "linear", "symbol": "BTCUSDT", "buyLeverage": "7", "sellLeverage": "7"}
    with private_side() as side:
        assert code_of(raw(side.url, "POST", LEVERAGE, json.dumps(wanted))) == 0
        compact = json.dumps(wanted, separators=(",", ":"))
        assert code_of(raw(side.url, "POST", LEVERAGE, compact)) == 110043


def test_a_sign_type_header_changes_nothing() -> None:
    with private_side() as side:
        query = "category=linear&symbol=BTCUSDT"
        assert (
            code_of(raw(side.url, "GET", POSITIONS, query, headers={"X-BAPI-SIGN-TYPE": "2"})) == 0
        )


@pytest.mark.parametrize(
    ("clock_error", "code"), [(-4_000, 0), (-6_000, 10002), (500, 0), (1_500, 10002)]
)
def test_a_late_clock_is_negotiable_and_a_fast_one_is_not(clock_error: int, code: int) -> None:
    with private_side() as side:
        asked = raw(
            side.url, "GET", POSITIONS, "category=linear&symbol=BTCUSDT", clock_error=clock_error
        )
    assert code_of(asked) == code


@pytest.mark.parametrize(
    ("key", "secret", "code"), [("other", "secret", 10003), ("key", "other", 10004)]
)
def test_a_wrong_key_and_a_wrong_secret_are_told_apart(key: str, secret: str, code: int) -> None:
    with private_side() as side:
        asked = raw(side.url, "GET", POSITIONS, "category=linear", key=key, secret=secret)
    assert code_of(asked) == code


def test_a_request_without_a_signature_is_refused() -> None:
    with private_side() as side:
        unsigned = raw(side.url, "GET", POSITIONS, "category=linear", headers={"X-BAPI-SIGN": ""})
    assert code_of(unsigned) == 10001


def test_without_an_account_every_key_is_refused() -> None:
    with BackgroundSimulator(ScriptedFeed(50_100.0), scripted_clock()) as simulator:
        for path in (POSITIONS, "/v5/order/realtime", "/v5/account/info", "/v5/user/query-api"):
            assert code_of(raw(simulator.url, "GET", path, "category=linear")) == 10003


def test_the_command_takes_a_key_and_a_secret_or_neither() -> None:
    assert account_of(None, None) is None
    account = account_of("key", "secret")
    assert account is not None
    assert "secret" not in repr(account)
    with pytest.raises(InvalidInput, match="belong together"):
        account_of("key", None)


def test_headers_say_what_is_left_of_the_limit_and_too_much_is_10006() -> None:
    query = "category=linear&symbol=BTCUSDT"
    with private_side() as side:
        first = raw(side.url, "GET", POSITIONS, query)
        assert (first.headers["X-Bapi-Limit"], first.headers["X-Bapi-Limit-Status"]) == ("50", "49")
        body = json.dumps({"category": "linear", "coin": "USDT", "mode": 0})
        answers = [raw(side.url, "POST", "/v5/position/switch-mode", body) for _ in range(11)]
    assert [code_of(answer) for answer in answers] == [110025] * 10 + [10006]
    reset = int(answers[-1].headers["X-Bapi-Limit-Reset-Timestamp"])
    assert wall_now() - 5_000 < reset <= wall_now() + 1_000


def test_only_linear_perpetuals_are_served() -> None:
    with private_side() as side, refused_with(10001, "Category"):
        side.session.get_positions(category="spot", symbol="BTCUSDT")
