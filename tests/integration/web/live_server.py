"""A real server on loopback and the clients that listen to it."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import engineio
import socketio
import websocket
from werkzeug.serving import make_server

from src.web import Web

DEADLINE_SECONDS = 60.0
EVENTS = ("signal", "order", "trade_opened", "trade_updated", "trade_closed", "equity")
OTHERS = ("hello", "resync", "price", "monitor_status")


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Poll `condition` until it holds; fails naming `what` at the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s for {what}"
        pause.wait(0.01)


class LiveServer:
    """Serves a web face and runs its relay for the length of a `with` block."""

    def __init__(self, web: Web, *, relaying: bool = True) -> None:
        self.web = web
        self._relaying = relaying
        self._server = make_server("127.0.0.1", 0, web.app, threaded=True)
        # A small send buffer, which accepted sockets inherit: a client that does not read is
        # noticed after kilobytes instead of megabytes.
        self._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32_768)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        self._thread.start()
        if self._relaying:
            self.web.relay.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.web.relay.stop()
        self._server.shutdown()
        self._thread.join(DEADLINE_SECONDS)
        self._server.server_close()

    def raw_socket(self, **options: Any) -> websocket.WebSocket:
        """A WebSocket that has not said who it is, and speaks no Socket.IO by itself."""
        return websocket.create_connection(
            f"ws://{self.host}/socket.io/?EIO=4&transport=websocket",
            timeout=DEADLINE_SECONDS,
            suppress_origin=True,
            **options,
        )


class _InOrderEngine(engineio.Client):  # type: ignore[misc] # the library has no types
    """Handles each message before it reads the next; the library starts a thread for each."""

    def _trigger_event(self, event: str, *args: Any, **kwargs: Any) -> Any:
        return super()._trigger_event(event, *args, **{**kwargs, "run_async": False})


class InOrderClient(socketio.Client):  # type: ignore[misc] # the library has no types
    """A Socket.IO client that sees events in the order they were sent."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"reconnection": False, **options})

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrderEngine

    def close(self) -> None:
        """Leave, and close the TCP socket, which the library forgets when the server went first."""
        self.disconnect()
        if self.eio.ws is not None:
            self.eio.ws.shutdown()


class Listener:
    """A Socket.IO client that keeps everything it was sent, in order."""

    def __init__(self, server: LiveServer, **auth: object) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.counts: Counter[str] = Counter()
        self.disconnected = threading.Event()
        self._client = InOrderClient()
        for name in (*EVENTS, *OTHERS):
            self._client.on(name, self._keep(name))
        self._client.on("disconnect", lambda *_: self.disconnected.set())
        self._client.connect(
            server.url, auth=auth, transports=["websocket"], wait_timeout=int(DEADLINE_SECONDS)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.received]

    @property
    def ids(self) -> list[int]:
        """Ids of the durable events, in the order they came."""
        return [payload["id"] for name, payload in self.received if name in EVENTS]

    def payloads(self, name: str) -> list[dict[str, Any]]:
        return [payload for received, payload in self.received if received == name]

    def wait_for(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """The payloads of `name`, once there are `count` of them."""
        wait_until(lambda: self.counts[name] >= count, f"{count} x {name}")
        return self.payloads(name)

    def _keep(self, name: str) -> Callable[[dict[str, Any]], None]:
        def keep(payload: dict[str, Any]) -> None:
            self.received.append((name, payload))
            self.counts[name] += 1

        return keep
