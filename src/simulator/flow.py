"""`publicTrade` and `orderbook` topics: what trades, and what stands around the last price."""

from collections.abc import Iterable

from src.simulator.book import Book, book_at, changes, rows
from src.simulator.market import Market
from src.simulator.stream import Connection, Topic
from src.simulator.trades import Trade, trades_between

_BEST_ONLY = "1"


class Flow:
    """Turns a stretch of market time into trades and book changes."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def welcome(self, connection: Connection, topic: Topic, now: int) -> None:
        """A book subscription is answered with a snapshot before any delta."""
        if topic.kind == "orderbook":
            book = book_at(self._market, topic.symbol, now, int(topic.interval))
            connection.sent_books[topic.name] = book
            connection.push(
                _book_message(topic, "snapshot", rows(book.bids), rows(book.asks), book)
            )

    def tell(self, connections: Iterable[Connection], symbol: str, start: int, now: int) -> None:
        """Publish the symbol's trades of (start, now] and its book as of `now`."""
        followers = [
            (connection, topic)
            for connection in connections
            for topic in tuple(connection.topics.values())
            if topic.symbol == symbol and topic.kind in ("publicTrade", "orderbook")
        ]
        if not followers:
            return
        trades = trades_between(self._market, symbol, start, now)
        for connection, topic in followers:
            if topic.kind == "orderbook":
                self._tell_book(connection, topic, now)
            elif trades:
                connection.push(_trade_message(topic, trades))

    def _tell_book(self, connection: Connection, topic: Topic, now: int) -> None:
        before = connection.sent_books[topic.name]
        book = book_at(self._market, topic.symbol, now, int(topic.interval))
        if book.update <= before.update:
            return
        connection.sent_books[topic.name] = book
        if topic.interval == _BEST_ONLY:
            message = _book_message(topic, "snapshot", rows(book.bids), rows(book.asks), book)
        else:
            bids, asks = changes(before.bids, book.bids), changes(before.asks, book.asks)
            message = _book_message(topic, "delta", bids, asks, book)
        connection.push(message)


def _trade_message(topic: Topic, trades: list[Trade]) -> dict[str, object]:
    data = [
        {
            "T": trade.time, "s": trade.symbol, "S": trade.side, "v": trade.size,
            "p": trade.price, "L": trade.direction, "i": trade.identity, "BT": False,
        }
        for trade in trades
    ]  # fmt: skip
    return {"topic": topic.name, "type": "snapshot", "ts": trades[-1].time, "data": data}


def _book_message(
    topic: Topic, kind: str, bids: list[list[str]], asks: list[list[str]], book: Book
) -> dict[str, object]:
    data = {
        "s": topic.symbol, "b": bids, "a": asks, "u": book.update, "seq": book.update,
    }  # fmt: skip
    return {"topic": topic.name, "type": kind, "ts": book.time, "cts": book.time, "data": data}
