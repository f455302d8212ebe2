"""The account's own stream over one connection: orders, executions, positions and the wallet."""

import threading
from collections.abc import Callable
from typing import Any

from websocket import WebSocketException

from src.exchange.bybit.environment import ApiKey
from src.exchange.bybit.pybit_stream import PybitStream

_AUTH_VALID_SECONDS = 10


class PrivateStream(PybitStream):
    """One authenticated connection.

    pybit raises on its reading thread when Bybit refuses the key, and a later subscription then
    waits for ever; here `connect` waits for the answer and raises.
    """

    def __init__(self, base_url: str, timeout: float, key: ApiKey) -> None:
        self._answered = threading.Event()
        self._refusal = "no answer came"
        self._patience = timeout
        super().__init__(
            base_url, timeout, "private", api_key=key.key, api_secret=key.secret,
            private_auth_expire=_AUTH_VALID_SECONDS,
        )  # fmt: skip

    def connect(self) -> None:
        """Connect and authenticate. Raises WebSocketException or OSError."""
        super().connect()
        self._answered.wait(self._patience)
        if not self.auth:
            raise WebSocketException(f"the key was not accepted: {self._refusal}")

    def follow(self, callback: Callable[[dict[str, Any]], None]) -> None:
        """Subscribe to everything of the account. Raises WebSocketException."""
        self.order_stream(callback)
        self.execution_stream(callback)
        self.position_stream(callback)
        self.wallet_stream(callback)

    def _process_auth_message(self, message: dict[str, Any]) -> None:
        self.auth = message.get("success") is True
        self._refusal = str(message.get("ret_msg"))
        self._answered.set()
