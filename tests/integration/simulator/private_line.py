"""A raw client of the streams, for tests that look at single messages."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import websocket

from src.simulator.account.signing import signature


class Line:
    """A raw client."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket

    def ask(self, op: str, *arguments: object) -> dict[str, Any]:
        self._socket.send(json.dumps({"op": op, "args": arguments, "req_id": "r1"}))
        return self.hear()

    def hear(self) -> dict[str, Any]:
        return dict(json.loads(self._socket.recv()))

    def hear_until(self, topic: str) -> dict[str, Any]:
        while (message := self.hear())["topic"] != topic:
            pass
        return message

    def authenticate(self, secret: str = "secret", seconds: int = 10) -> dict[str, Any]:
        expires = int(time.time() * 1000) + seconds * 1000
        return self.ask("auth", "key", expires, signature(secret, f"GET/realtime{expires}"))


@contextmanager
def private_line(url: str, *topics: str) -> Iterator[Line]:
    """A client of the private stream; with topics, authenticated and subscribed."""
    address = url.replace("http", "ws") + "/v5/private"
    with closing(
        websocket.create_connection(address, timeout=60, http_no_proxy=["127.0.0.1"])
    ) as socket:
        line = Line(socket)
        if topics:
            assert line.authenticate()["success"]
            assert line.ask("subscribe", *topics)["success"]
        yield line
