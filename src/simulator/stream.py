"""Public WebSocket connections: commands in, topics out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from aiohttp import web

from src.simulator.book import Book
from src.simulator.clients import Client, Clients, Command, Message
from src.simulator.market import Market

_DEPTHS = ("1", "50", "200", "1000")
_LONGEST_ARGUMENTS = 21_000


class Topic(NamedTuple):
    """A stream a client can follow.

    `interval` is that of a `kline`, the depth of an `orderbook`, and empty for `tickers` and
    `publicTrade`.
    """

    kind: str
    interval: str
    symbol: str

    @property
    def name(self) -> str:
        """As Bybit writes it."""
        return ".".join(part for part in self if part)


class Connection(Client):
    """A client of the public stream, with what it follows."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[str, Topic] = {}
        self.sent_tickers: dict[str, dict[str, str]] = {}
        self.sent_books: dict[str, Book] = {}


class PublicStream:
    """`/v5/public/linear`: keeps the connections and understands their commands.

    `on_subscribe(connection, topic)` is called after each (re)subscription is acknowledged.
    """

    def __init__(
        self,
        market: Market,
        on_subscribe: Callable[[Connection, Topic], None],
        deliver: Callable[[Client, Message], None] | None = None,
    ) -> None:
        self._market = market
        self._on_subscribe = on_subscribe
        self._clients = Clients(Connection, self._obey, deliver)

    @property
    def connections(self) -> Iterable[Connection]:
        """Everybody connected now."""
        return self._clients.everybody

    async def close(self) -> None:
        """Say goodbye to everybody."""
        await self._clients.close()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one client until it leaves or has been silent for ten minutes."""
        return await self._clients.handle(request)

    def _obey(self, connection: Connection, command: Command, arguments: list[str]) -> None:
        operation = command["op"]
        if operation == "ping":
            connection.reply(command, "pong")
        elif operation == "subscribe":
            self._subscribe(connection, command, arguments)
        elif operation == "unsubscribe":
            for name in arguments:
                connection.topics.pop(name, None)
                connection.sent_tickers.pop(name, None)
                connection.sent_books.pop(name, None)
            connection.reply(command)
        else:
            connection.reply(command, "error:unknown op", success=False)

    def _subscribe(self, connection: Connection, command: Command, names: list[str]) -> None:
        if sum(len(name) for name in (*connection.topics, *names)) > _LONGEST_ARGUMENTS:
            connection.reply(command, "error:args too long", success=False)
            return
        topics = [self._topic(name) for name in names]
        unknown = [name for name, topic in zip(names, topics, strict=True) if topic is None]
        if unknown or not names:
            message = f"error:handler not found,topic:{','.join(unknown)}"
            connection.reply(command, message, success=False)
            return
        connection.reply(command)
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
        if known and kind in ("tickers", "publicTrade") and not interval:
            return Topic(kind, "", symbol)
        if known and kind == "orderbook" and interval in _DEPTHS:
            return Topic(kind, interval, symbol)
        return None
