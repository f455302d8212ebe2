"""pybit's WebSocket at an address of our choice, safe against its known races."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import websocket
from pybit.unified_trading import WebSocket

_TEMPLATE = "wss://{SUBDOMAIN}"
# pybit raises after its last attempt even when that succeeded, so the last must never come:
# `is_connected` ends the loop when the first has failed.
_ONE_ATTEMPT = 2
# It calls every orderly close an error; what matters is reported by the supervisor.
logging.getLogger("websocket").setLevel(logging.CRITICAL)


class PybitStream(WebSocket):  # type: ignore[misc]  # pybit has no types
    """One connection to a channel: `connect`, subscribe, and at the end `discard`.

    It never reconnects by itself, because pybit does so without any pause.
    """

    def __init__(self, base_url: str, timeout: float, channel: str, **keys: Any) -> None:
        self._base_url = base_url
        self._timeout = timeout
        self._final_url = ""
        self._socket: socket.socket | None = None
        self._failure: Exception | None = None
        self._subscribing = threading.Lock()
        super().__init__(
            channel, testnet=False, retries=_ONE_ATTEMPT, restart_on_error=False,
            ping_interval=20, ping_timeout=10, **keys,
        )  # fmt: skip

    def connect(self) -> None:
        """Connect. Raises WebSocketException or OSError; each socket step has the timeout."""
        websocket.setdefaulttimeout(self._timeout)
        super()._connect(self._final_url)
        connection = self.ws.sock
        self._socket = connection.sock if connection is not None else None

    @property
    def is_alive(self) -> bool:
        """Whether the socket is open and read."""
        return not self.exited and self.wst.is_alive()

    def discard(self) -> None:
        """Close the socket and wait until the reading thread has ended.

        pybit's own `exit` closes the socket under the reading thread, which then sleeps on for
        a whole ping timeout, and websocket-client leaves a socket open that the other side
        closed first. So the reader is woken by a shutdown, and the socket closed after it.
        """
        self.exited = True
        self._stop_custom_ping_timer()
        if self._socket is None:
            return
        with contextlib.suppress(OSError):  # the other side may have gone first
            self._socket.shutdown(socket.SHUT_RDWR)
        self.wst.join(self._timeout)
        self._socket.close()

    def is_connected(self) -> bool:
        """Whether the socket is open. Raises once the stream has ended, with the reason.

        pybit would try again at once, or wait for ever for a connection that nobody makes.
        """
        if self.exited or (hasattr(self, "wst") and not self.wst.is_alive()):
            reason = "it was closed" if self._failure is None else str(self._failure)
            raise websocket.WebSocketConnectionClosedException(reason)
        return bool(super().is_connected())

    def subscribe(
        self, topic: str, callback: Callable[..., None], symbol: str | list[str] | bool = False
    ) -> None:
        """Subscribe; answers are held back until pybit has recorded what it asked for.

        pybit records a subscription after sending it, so a quick answer would find nothing.
        """
        with self._subscribing:
            super().subscribe(topic, callback, symbol)

    def _send_custom_ping(self) -> None:
        """Sent from a timer of its own; on a broken line the reader says what broke."""
        with contextlib.suppress(websocket.WebSocketException, OSError):
            super()._send_custom_ping()

    def _on_error(self, error: Exception) -> None:
        self._failure = error
        super()._on_error(error)

    def _on_message(self, message: str) -> None:
        with self._subscribing:
            super()._on_message(message)

    def _connect(self, url: str) -> None:
        """Called by pybit's constructor: only note the address; `connect` connects."""
        if not url.startswith(_TEMPLATE):
            raise ValueError(f"pybit's address template has changed: {url}")
        self._final_url = self._base_url + url[url.index("/v5/") :]
