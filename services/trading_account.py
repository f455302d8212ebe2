"""Which exchange account a trading mode means, and the key that opens it."""

import hashlib
import hmac

from src.exchange.bybit import (
    DEMO,
    LIVE,
    TESTNET,
    ApiKey,
    BybitEnvironment,
    simulator_environment,
)

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


def _derived(secret_key: str, purpose: str) -> str:
    message = f"simulated exchange account: {purpose}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()
