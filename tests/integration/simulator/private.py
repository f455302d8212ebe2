"""The private side of a simulator as tests use it: the real pybit, signed, and raw requests."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import requests
from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP

from src.exchange.bybit.simulator_control import step
from src.simulator.account.model import AccountSettings
from src.simulator.account.signing import signature
from src.simulator.clock import LockStepClock, wall_now
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.scripted_market import (
    NOON,
    STEP,
    SYMBOL,
    ScriptedFeed,
)

RICH = AccountSettings("key", "secret", Decimal(100_000))


@dataclass
class PrivateSide:
    """A simulated account on a market at 50,100 that trades where the test says."""

    url: str
    session: HTTP
    feed: ScriptedFeed
    time: int = NOON

    def now(self) -> int:
        return self.time

    def move(self, *prices: float) -> None:
        for price in prices:
            self.feed.trade(self.time, {SYMBOL: price})
            self.time = step(self.url).market_time

    def buy(self, **changes: object) -> str:
        """A limit buy of 0.01 at 50,000 unless changed; answers its orderId."""
        usual: dict[str, object] = {
            "category": "linear", "symbol": SYMBOL, "side": "Buy", "orderType": "Limit",
            "qty": "0.01", "price": "50000", "positionIdx": 0,
        }  # fmt: skip
        return str(self.session.place_order(**(usual | changes))["result"]["orderId"])

    def market(self, **changes: object) -> str:
        return self.buy(orderType="Market", price=None, **changes)

    def order(self, order_id: str) -> dict[str, Any]:
        rows = self.session.get_open_orders(category="linear", orderId=order_id)["result"]["list"]
        return dict(rows[0])

    def open_orders(self, **filters: object) -> list[dict[str, Any]]:
        asked = {"category": "linear", "symbol": SYMBOL, **filters}
        return list(self.session.get_open_orders(**asked)["result"]["list"])

    def executions(self, **filters: object) -> list[dict[str, Any]]:
        asked = {"category": "linear", **filters}
        return list(self.session.get_executions(**asked)["result"]["list"])

    def position(self) -> dict[str, Any]:
        asked = {"category": "linear", "symbol": SYMBOL}
        (row,) = self.session.get_positions(**asked)["result"]["list"]
        return dict(row)

    def coin(self) -> dict[str, Any]:
        (account,) = self.session.get_wallet_balance(accountType="UNIFIED")["result"]["list"]
        return dict(account["coin"][0])


class PatientHTTP(HTTP):  # type: ignore[misc]  # pybit has no types
    """pybit's client; its own wait for a rate limit fails when that is over a moment before."""

    def _handle_retryable_error(
        self, response: requests.Response, code: int, words: str, window: int
    ) -> int:
        try:
            return int(super()._handle_retryable_error(response, code, words, window))
        except ValueError:  # slept for less than nothing
            return window


def signed_session(url: str, key: str, secret: str) -> HTTP:
    session = PatientHTTP(testnet=False, api_key=key, api_secret=secret)
    session.endpoint = url
    session.client.trust_env = False
    return session


def apply_money(session: HTTP, amount: str = "50000", *, take: bool = False) -> None:
    """Ask Demo Trading for play money, or give some back; pybit itself refuses on other hosts."""
    coins = [{"coin": "USDT", "amountStr": amount}]
    session._submit_request(
        method="POST", path=f"{session.endpoint}/v5/account/demo-apply-money", auth=True,
        query={"adjustType": int(take), "utaDemoApplyMoney": coins},
    )  # fmt: skip


@contextmanager
def private_side(
    settings: AccountSettings = RICH, feed: ScriptedFeed | None = None, step_ms: int = STEP
) -> Iterator[PrivateSide]:
    """The account on a market whose time moves by `step_ms`: one candle each, then nothing."""
    market = feed or ScriptedFeed(50_100.0)
    clock = LockStepClock(NOON, None, step_ms)
    with BackgroundSimulator(market, clock, account=settings) as simulator:
        session = signed_session(simulator.url, settings.api_key, settings.api_secret)
        yield PrivateSide(simulator.url, session, market)
        session.client.close()


@contextmanager
def refused_with(code: int, words: str | None = None) -> Iterator[None]:
    with pytest.raises(InvalidRequestError, match=words) as caught:
        yield
    assert int(caught.value.status_code) == code


def raw(
    url: str, method: str, path: str, payload: str, *, key: str = "key", secret: str = "secret",
    clock_error: int = 0, window: str = "5000", headers: Mapping[str, str] = MappingProxyType({}),
) -> requests.Response:  # fmt: skip
    """A request signed by hand over exactly the text that is sent."""
    time = str(wall_now() + clock_error)
    signed = signature(secret, f"{time}{key}{window}{payload}")
    fields = {
        "X-BAPI-API-KEY": key, "X-BAPI-TIMESTAMP": time, "X-BAPI-SIGN": signed,
        "X-BAPI-RECV-WINDOW": window, "Content-Type": "application/json",
    } | dict(headers)  # fmt: skip
    address = f"{url}{path}" + (f"?{payload}" if method == "GET" else "")
    body = payload if method == "POST" else None
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, address, data=body, headers=fields, timeout=30)


def code_of(response: requests.Response) -> int:
    """The retCode; business errors come with HTTP 200."""
    assert response.status_code == 200
    content = json.loads(response.text)
    assert set(content) == {"retCode", "retMsg", "result", "retExtInfo", "time"}
    return int(content["retCode"])
