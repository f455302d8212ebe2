"""What flows to subscribers as market time passes."""

from collections.abc import Iterable, Iterator

from src.simulator.bars import INTERVALS, Bars, following, opening
from src.simulator.contracts import Contract
from src.simulator.envelope import kline_row
from src.simulator.flow import Flow
from src.simulator.market import Market
from src.simulator.stream import Connection, Topic
from src.simulator.tick_path import SECOND_MS
from src.simulator.ticker import Tickers

TELLING_WINDOW_MS = INTERVALS["5"]


class Publisher:
    """Turns a stretch of market time into messages, in the order they would have happened."""

    def __init__(self, market: Market, tickers: Tickers) -> None:
        self._market = market
        self._tickers = tickers
        self.flow = Flow(market)

    def welcome(self, connection: Connection, topic: Topic, now: int) -> None:
        """A ticker subscription is answered with a snapshot before any delta."""
        if topic.kind == "kline":
            self._market.clock.kline_subscribed()
        if topic.kind != "tickers":
            self.flow.welcome(connection, topic, now)
            return
        fields = self._tickers.at(topic.symbol, now)
        connection.sent_tickers[topic.name] = fields
        connection.push(_ticker_message(topic, "snapshot", fields, now))

    def replay(self, connections: Iterable[Connection], start: int, end: int) -> None:
        """Publish start < t <= end as fast history: telling tickers and closed candles."""
        everybody = tuple(connections)
        for window_end in _boundaries(start, end, TELLING_WINDOW_MS):
            window = window_end - TELLING_WINDOW_MS
            instants = {
                (instant, position): symbol
                for position, symbol in enumerate(self._market.feed.symbols)
                for instant in self._market.telling_instants(symbol, window, window_end)
                if instant >= start
            }
            base_ms = self._market.feed.base_ms
            closings = iter(_boundaries(max(window, start), window_end, base_ms))
            closing = next(closings, None)
            for (instant, _), symbol in sorted(instants.items()):
                while closing is not None and closing <= instant:
                    self.close_candles(everybody, closing)
                    closing = next(closings, None)
                self.tick(everybody, symbol, instant)
                self.flow.tell(everybody, symbol, instant - SECOND_MS, instant)
            while closing is not None:
                self.close_candles(everybody, closing)
                closing = next(closings, None)

    def close_candles(self, connections: Iterable[Connection], time: int) -> None:
        """Publish every subscribed candle that closes at `time`, symbols in configured order."""
        for symbol in self._market.feed.symbols:
            for connection in connections:
                for topic in tuple(connection.topics.values()):
                    if topic.kind == "kline" and topic.symbol == symbol:
                        self._close_candle(connection, topic, time)

    def _close_candle(self, connection: Connection, topic: Topic, time: int) -> None:
        length = INTERVALS[topic.interval]
        if opening(time, length) != time:
            return
        start = opening(time - 1, length)
        bars = self._market.closed_bars(topic.symbol, length, start, time, time)
        if bars.size:
            contract = self._market.feed.contract(topic.symbol)
            connection.push(_kline_message(topic, contract, bars, confirm=True, now=time))

    def tick(self, connections: Iterable[Connection], symbol: str, now: int) -> None:
        """Publish what changed in a symbol's ticker since it was last sent."""
        followers = [
            (connection, topic)
            for connection in connections
            for topic in connection.topics.values()
            if topic.kind == "tickers" and topic.symbol == symbol
        ]
        if not followers:
            return
        fields = self._tickers.at(symbol, now)
        for connection, topic in followers:
            before = connection.sent_tickers[topic.name]
            changed = {name: text for name, text in fields.items() if before.get(name) != text}
            connection.sent_tickers[topic.name] = fields
            content = {"symbol": symbol, **changed}
            connection.push(_ticker_message(topic, "delta", content, now))

    def show_open_candles(self, connections: Iterable[Connection], now: int) -> None:
        """Publish the candles that are still open, as traded so far."""
        for connection in connections:
            for topic in tuple(connection.topics.values()):
                if topic.kind != "kline":
                    continue
                bars = self._market.open_bar(topic.symbol, INTERVALS[topic.interval], now)
                if bars.size:
                    contract = self._market.feed.contract(topic.symbol)
                    connection.push(_kline_message(topic, contract, bars, confirm=False, now=now))


def _boundaries(start: int, end: int, step: int) -> Iterator[int]:
    """Multiples of `step` in (start, end]."""
    return iter(range(start - start % step + step, end + 1, step))


def _ticker_message(topic: Topic, kind: str, fields: dict[str, str], now: int) -> dict[str, object]:
    return {"topic": topic.name, "type": kind, "data": dict(fields), "cs": now, "ts": now}


def _kline_message(
    topic: Topic, contract: Contract, bars: Bars, *, confirm: bool, now: int
) -> dict[str, object]:
    start, first, high, low, close, volume, turnover = kline_row(contract, bars, bars.size - 1)
    candle = {
        "start": int(start),
        "end": following(int(start), INTERVALS[topic.interval]) - 1,
        "interval": topic.interval,
        "open": first,
        "close": close,
        "high": high,
        "low": low,
        "volume": volume,
        "turnover": turnover,
        "confirm": confirm,
        "timestamp": now,
    }
    return {"topic": topic.name, "data": [candle], "ts": now, "type": "snapshot"}
