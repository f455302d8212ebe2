"""What stands between a client and the exchange when the network is bad.

`FaultyGateway` forwards HTTP untouched until told what to do to the next requests of a path;
`CuttableLine` forwards a TCP connection until it is cut.
"""

import contextlib
import json
import socket
import threading
from collections import defaultdict, deque
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple

import requests


class Fault(Enum):
    """What happens to one request."""

    LOST = auto()  # never arrives
    DROPPED = auto()  # arrives, the connection breaks before the answer
    EMPTY = auto()  # arrives, the answer has no body
    BAD_GATEWAY = auto()  # arrives, the answer is HTTP 502
    UNSURE = auto()  # arrives, the answer is retCode 10016
    FULL = auto()  # refused with 10006 and a reset time long past
    SKEWED = auto()  # refused with 10002
    FORBIDDEN = auto()  # refused with HTTP 403 and a web page


class Answer(NamedTuple):
    """What a client gets back."""

    status: int
    body: bytes
    headers: dict[str, str]


def _envelope(code: int) -> Answer:
    """A retCode, with a reset time that has long passed."""
    content = {"retCode": code, "retMsg": "no", "result": {}}
    return Answer(200, json.dumps(content).encode(), {"X-Bapi-Limit-Reset-Timestamp": "1000"})


_REFUSED = (Fault.LOST, Fault.FULL, Fault.SKEWED, Fault.FORBIDDEN)
_ANSWERS: dict[Fault | None, Answer] = {
    Fault.EMPTY: Answer(200, b"", {}),
    Fault.BAD_GATEWAY: Answer(502, b"<html></html>", {}),
    Fault.FORBIDDEN: Answer(403, b"<html></html>", {}),
    Fault.UNSURE: _envelope(10016),
    Fault.FULL: _envelope(10006),
    Fault.SKEWED: _envelope(10002),
}


class FaultyGateway:
    """`with FaultyGateway(url) as gateway: gateway.url`; `gateway.fail(path, fault, …)`."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.requests: list[str] = []
        self.bodies: dict[str, list[str]] = defaultdict(list)
        handler = type("Handler", (_Handler,), {"gateway": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, path: str, *faults: Fault) -> None:
        self._faults[path].extend(faults)

    def count(self, path: str) -> int:
        return self.requests.count(path)

    def __enter__(self) -> "FaultyGateway":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next_fault(self, path: str, body: str) -> Fault | None:
        self.requests.append(path)
        self.bodies[path].append(body)
        waiting = self._faults[path]
        return waiting.popleft() if waiting else None

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method, self._target + path, data=body or None, headers=headers, timeout=10
            )
        limits = {name: v for name, v in answer.headers.items() if name.startswith("X-Bapi")}
        return Answer(answer.status_code, answer.content, limits)


class _Handler(BaseHTTPRequestHandler):
    gateway: FaultyGateway

    def do_GET(self) -> None:
        self._forward()

    def do_POST(self) -> None:
        self._forward()

    def log_request(self, *_: object) -> None:
        """Quiet."""

    def _forward(self) -> None:
        path = self.path.partition("?")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.gateway.next_fault(path, body.decode())
        answer = None
        if fault not in _REFUSED:
            headers = dict(self.headers.items())
            answer = self.gateway.pass_on(self.command, self.path, headers, body)
        if fault in (Fault.LOST, Fault.DROPPED):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(answer if fault is None and answer is not None else _ANSWERS[fault])

    def _answer(self, answer: "Answer") -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


class CuttableLine:
    """A TCP line to a local port. `cut()` breaks it; `mend()` lets new connections through;

    `mute()` keeps it open and swallows what the server says.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: list[socket.socket] = []
        self._whole = True
        self._muted = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        self._whole = False
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mute(self) -> None:
        self._muted = True

    def mend(self) -> None:
        self._whole = True

    def __enter__(self) -> "CuttableLine":
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()  # after it no connection can slip in between
        self.cut()
        for thread in self._threads:
            thread.join()
        for end in (*self._open, self._listener):
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._port))
            self._open += [near, far]
            for source, sink, is_answer in ((near, far, False), (far, near, True)):
                thread = threading.Thread(
                    target=self._copy, args=(source, sink, is_answer), daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _copy(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if not (is_answer and self._muted):
                    sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
