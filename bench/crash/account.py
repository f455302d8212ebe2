"""The account as its owner sees it with a client of its own, unmodified pybit."""

from decimal import Decimal
from typing import Any

from pybit.unified_trading import HTTP

Row = dict[str, Any]
_SIGN = {"Buy": 1, "Sell": -1, "": 0}


class OwnerAccount:
    """Everything the exchange will tell about the account."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._session = HTTP(testnet=False, api_key=key, api_secret=secret, recv_window=20_000)
        self._session.endpoint = url
        self._session.client.trust_env = False

    def close(self) -> None:
        """Release the connections."""
        self._session.client.close()

    def live_orders(self) -> list[Row]:
        """Entries that rest and stops that wait."""
        return self._pages("get_open_orders", settleCoin="USDT", limit=50)

    def ended_orders(self) -> list[Row]:
        """The last seven days."""
        return self._pages("get_order_history", settleCoin="USDT", limit=50)

    def executions(self) -> list[Row]:
        """The last seven days: trades and funding."""
        return self._pages("get_executions", limit=100)

    def positions(self) -> dict[str, Decimal]:
        """Signed size of what is open, by symbol."""
        rows = self._pages("get_positions", settleCoin="USDT")
        sizes = {row["symbol"]: Decimal(row["size"]) * _SIGN[row["side"]] for row in rows}
        return {symbol: size for symbol, size in sizes.items() if size}

    def wallet(self) -> Decimal:
        """Cash, USDT."""
        rows = self._session.get_wallet_balance(accountType="UNIFIED")["result"]["list"]
        return Decimal(rows[0]["totalWalletBalance"])

    def _pages(self, name: str, **parameters: Any) -> list[Row]:
        rows: list[Row] = []
        cursor = ""
        while True:
            answer = getattr(self._session, name)(category="linear", cursor=cursor, **parameters)
            rows += answer["result"]["list"]
            cursor = answer["result"]["nextPageCursor"]
            if not cursor:
                return rows
