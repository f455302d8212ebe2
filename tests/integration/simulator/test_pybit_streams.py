"""Every topic of the simulator, followed with the real pybit WebSocket."""

import copy
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from src.exchange.bybit.pybit_stream import PybitStream
from tests.integration.simulator.private import PrivateSide, private_side

DEADLINE = 60


@contextmanager
def stream(side: PrivateSide, channel: str, **keys: str) -> Iterator[PybitStream]:
    """pybit's client without its races: a quick answer to a subscription made it wait for ever."""
    client = PybitStream(side.url.replace("http", "ws"), DEADLINE, channel, **keys)
    client.connect()
    yield client
    client.discard()


class Heard:
    """Messages by topic kind, in the order of their arrival."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.by_topic: dict[str, list[dict[str, Any]]] = {}

    def hear(self, message: dict[str, Any]) -> None:
        self._queue.put(copy.deepcopy(message))  # pybit merges deltas into what it handed out

    def until(self, topic: str, count: int = 1) -> list[dict[str, Any]]:
        while len(self.by_topic.get(topic, [])) < count:
            message = self._queue.get(timeout=DEADLINE)
            self.by_topic.setdefault(message["topic"].partition(".")[0], []).append(message)
        return self.by_topic[topic]


def test_public_topics() -> None:
    with private_side() as side, stream(side, "linear") as client:
        heard = Heard()
        client.kline_stream(interval=5, symbol="BTCUSDT", callback=heard.hear)
        client.ticker_stream(symbol="BTCUSDT", callback=heard.hear)
        client.trade_stream(symbol="BTCUSDT", callback=heard.hear)
        client.orderbook_stream(depth=50, symbol="BTCUSDT", callback=heard.hear)
        heard.until("tickers")
        heard.until("orderbook")
        side.move(50_200.0)
        candle = heard.until("kline")[0]["data"][0]
        assert (candle["confirm"], candle["close"]) == (True, "50200.00")
        assert type(candle["start"]) is type(candle["end"]) is type(candle["timestamp"]) is int
        trade = heard.until("publicTrade")[0]["data"][0]
        assert (trade["p"], trade["S"], trade["L"]) == ("50200.00", "Buy", "PlusTick")
        first, second = (message["data"] for message in heard.until("orderbook", 2)[:2])
        assert (first["a"][0][0], second["a"][0][0]) == ("50100.00", "50200.00")
        assert second["u"] > first["u"] > 1
        assert len(second["a"]) == len(second["b"]) == 25


def test_private_topics() -> None:
    keys = {"api_key": "key", "api_secret": "secret"}
    with private_side() as side, stream(side, "private", **keys) as client:
        heard = Heard()
        for follow in (
            client.order_stream, client.execution_stream, client.position_stream,
            client.wallet_stream,
        ):  # fmt: skip
            follow(callback=heard.hear)
        order_id = side.market()
        side.move(50_100.0)
        statuses = [m["data"][0]["orderStatus"] for m in heard.until("order", 2)]
        assert statuses == ["New", "Filled"]
        (execution,) = heard.until("execution")
        assert execution["data"][0]["orderId"] == order_id
        position = heard.until("position")[0]["data"][0]
        assert (position["size"], position["side"]) == ("0.01", "Buy")
        assert heard.until("wallet")[0]["data"][0]["coin"][0]["coin"] == "USDT"
