"""Public WebSocket connections: commands in, topics out, one queue per client."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import uuid4

from aiohttp import WSMsgType, web

from src.simulator.envelope import text_of
from src.simulator.market import Market

_SILENCE_SECONDS = 600.0
_GOODBYE_SECONDS = 2.0
_LONGEST_QUEUE = 50_000


class Topic(NamedTuple):
    """A stream a client can follow: `kline` of an interval, or `tickers` (interval empty)."""

    kind: str
    interval: str
    symbol: str

    @property
    def name(self) -> str:
        """As Bybit writes it."""
        return ".".join(part for part in self if part)


class Connection:
    """One client. Messages are queued and written by a task of its own, so a slow client
    delays nobody; one that falls hopelessly behind is dropped, as an exchange would."""

    def __init__(self) -> None:
        self.identity = str(uuid4())
        self.topics: dict[str, Topic] = {}
        self.sent_tickers: dict[str, dict[str, str]] = {}
        self.overrun = asyncio.Event()
        self._queue: asyncio.Queue[str] = asyncio.Queue(_LONGEST_QUEUE)

    def send(self, content: object) -> None:
        """Queue a message; marks the connection as overrun when the queue is full."""
        try:
            self._queue.put_nowait(text_of(content))
        except asyncio.QueueFull:
            self.overrun.set()

    async def write_to(self, socket: web.WebSocketResponse) -> None:
        """Write queued messages until the client falls too far behind or is gone."""
        with contextlib.suppress(ConnectionError):
            while not self.overrun.is_set():
                await socket.send_str(await self._queue.get())
        await socket.close()


class PublicStream:
    """`/v5/public/linear`: keeps the connections and understands their commands.

    `on_subscribe(connection, topic)` is called after each (re)subscription is acknowledged.
    """

    def __init__(self, market: Market, on_subscribe: Callable[[Connection, Topic], None]) -> None:
        self._market = market
        self._on_subscribe = on_subscribe
        self._sockets: dict[Connection, web.WebSocketResponse] = {}

    @property
    def connections(self) -> Iterable[Connection]:
        """Everybody connected now."""
        return tuple(self._sockets)

    async def close(self) -> None:
        """Say goodbye to everybody."""
        for socket in list(self._sockets.values()):
            await socket.close(code=1001, message=b"server shutdown")

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it leaves or has been silent for ten minutes."""
        socket = web.WebSocketResponse(timeout=_GOODBYE_SECONDS, receive_timeout=_SILENCE_SECONDS)
        await socket.prepare(request)
        connection = Connection()
        self._sockets[connection] = socket
        writer = asyncio.create_task(connection.write_to(socket))
        try:
            while True:
                message = await socket.receive()
                if message.type is not WSMsgType.TEXT:
                    break
                self._obey(connection, message.data)
        except TimeoutError:
            await socket.close()
        finally:
            del self._sockets[connection]
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    def _obey(self, connection: Connection, text: str) -> None:
        try:
            command = json.loads(text)
            operation = command["op"]
            arguments = [str(name) for name in command.get("args", [])]
        except (ValueError, KeyError, TypeError, AttributeError):
            connection.send(_reply(connection, {}, "error:invalid request", success=False))
            return
        if operation == "ping":
            connection.send(_reply(connection, command, "pong"))
        elif operation == "subscribe":
            self._subscribe(connection, command, arguments)
        elif operation == "unsubscribe":
            for name in arguments:
                connection.topics.pop(name, None)
                connection.sent_tickers.pop(name, None)
            connection.send(_reply(connection, command, ""))
        else:
            connection.send(_reply(connection, command, "error:unknown op", success=False))

    def _subscribe(
        self, connection: Connection, command: dict[str, object], names: list[str]
    ) -> None:
        topics = [self._topic(name) for name in names]
        unknown = [name for name, topic in zip(names, topics, strict=True) if topic is None]
        if unknown or not names:
            message = f"error:handler not found,topic:{','.join(unknown)}"
            connection.send(_reply(connection, command, message, success=False))
            return
        connection.send(_reply(connection, command, ""))
        for topic in topics:
            if topic is not None:
                connection.topics[topic.name] = topic
                self._on_subscribe(connection, topic)

    def _topic(self, name: str) -> Topic | None:
        kind, _, rest = name.partition(".")
        interval, _, symbol = rest.rpartition(".")
        known = symbol in self._market.feed.symbols
        if known and kind == "kline" and self._market.serves(interval):
            return Topic(kind, interval, symbol)
        if known and kind == "tickers" and not interval:
            return Topic(kind, "", symbol)
        return None


def _reply(
    connection: Connection, command: dict[str, object], message: str, success: bool = True
) -> dict[str, object]:
    return {
        "success": success,
        "ret_msg": message,
        "conn_id": connection.identity,
        "req_id": command.get("req_id", ""),
        "op": command.get("op", ""),
    }
