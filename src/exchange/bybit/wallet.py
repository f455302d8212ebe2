"""One question to an account: what does it hold?"""

from decimal import Decimal

from src.domain.ports import Clock
from src.exchange.bybit.environment import ApiKey, BybitEnvironment
from src.exchange.bybit.orders import wallet_of
from src.exchange.bybit.signed_client import SignedClient


def account_wallet(environment: BybitEnvironment, key: ApiKey, clock: Clock) -> Decimal:
    """The account's USDT after fees, funding and closed P&L. Raises ExchangeError."""
    client = SignedClient(environment, key, clock)
    try:
        return client.read(
            "get_wallet_balance", lambda result: wallet_of(result["list"][0]).cash,
            accountType="UNIFIED", coin="USDT",
        )  # fmt: skip
    finally:
        client.close()
