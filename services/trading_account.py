"""Which trading venue a mode means, the key that opens it, and how one is built."""

import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal

from src.clock import SystemClock
from src.domain.instrument import Instrument
from src.domain.ports import Broker, StoredBook
from src.exchange.bybit import (
    DEMO,
    LIVE,
    TESTNET,
    AccountHistory,
    ApiKey,
    BrokerSettings,
    BybitBroker,
    BybitEnvironment,
    simulator_environment,
)
from src.exchange.bybit.preflight import require_fit
from src.exchange.paper.broker import PaperBroker
from src.exchange.paper.costs import StopTrigger, TradingCosts
from src.monitors.configuration import BrokerMaker

_ENVIRONMENTS = {"paper": LIVE, "demo": DEMO, "testnet": TESTNET, "live": LIVE}


def exchange_environment(mode: str, market: str, simulator_url: str) -> BybitEnvironment:
    """Where prices and orders of a mode go; `market` is settled: `bybit` or `simulator`.

    Paper watches the live market and sends no orders.
    """
    return simulator_environment(simulator_url) if market == "simulator" else _ENVIRONMENTS[mode]


def account_key(api_key: str | None, api_secret: str | None, secret_key: str) -> ApiKey:
    """The key of the settings, or else the one this installation uses at its own simulator.

    That one derives from `secret_key`, so every process of the installation knows it and no file
    has to hold it. Bybit knows no such key: settings without a key are refused there.
    """
    if api_key is not None and api_secret is not None:
        return ApiKey(api_key, api_secret)
    name, secret = (_derived(secret_key, purpose) for purpose in ("key", "secret"))
    return ApiKey(f"sim{name[:15]}", secret)


def paper_venue(
    costs: TradingCosts, balance: Decimal, max_leverage: Decimal, stop_trigger: str
) -> BrokerMaker:
    """Builds the venue inside this process, as it was stored last."""

    def build(instruments: Mapping[str, Instrument], book: StoredBook) -> Broker:
        trigger = StopTrigger(stop_trigger)
        return PaperBroker(instruments, costs, balance, max_leverage, book.venue_state, trigger)

    return build


def bybit_venue(
    environment: BybitEnvironment, key: ApiKey, stop_trigger: str, uid: str | None
) -> BrokerMaker:
    """Builds the venue that is an account at Bybit, or at the simulated one.

    Building raises NotFitToTrade with every failed check of the preflight, and errors of the
    ExchangeError tree. `uid` is the only account allowed, None where any is.
    """
    clock = SystemClock()

    def build(instruments: Mapping[str, Instrument], book: StoredBook) -> Broker:
        require_fit(environment, key, clock, tuple(instruments), uid)
        requests = [order.request for order in book.live_orders]
        settings = BrokerSettings(stop_trigger=stop_trigger)
        booked = book.booked_executions
        history = AccountHistory(book.valued_at, book.open_trades, book.payments)
        return BybitBroker(
            environment, key, clock, booked, requests, book.waits_since, settings, history
        )

    return build


def _derived(secret_key: str, purpose: str) -> str:
    message = f"simulated exchange account: {purpose}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()
