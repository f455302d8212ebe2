"""Bybit's prices as the domain's MarketData."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from src.domain.candle import Candle, Tick, Timeframe
from src.domain.errors import Rejected
from src.domain.instrument import Instrument
from src.domain.ports import Clock, FeedHealth, RawMessage
from src.exchange.bybit.environment import BybitEnvironment
from src.exchange.bybit.public_stream import PublicStream
from src.exchange.bybit.rest_client import RestClient
from src.exchange.bybit.stream import StreamSettings, SupervisedStream
from src.exchange.bybit.translate import (
    INTERVAL_OF,
    candle_of_row,
    candles_of_push,
    instrument_of,
    tick_of_push,
)

_CANDLES_PER_PAGE = 1000
_INSTRUMENTS_PER_PAGE = 1000
_NEVER_STREAMED = FeedHealth(connected=False, last_message_at=0, reconnects=0)


class BybitMarketData:
    """Linear perpetuals of one Bybit environment, through unmodified pybit."""

    def __init__(
        self,
        environment: BybitEnvironment,
        clock: Clock,
        stream_settings: StreamSettings | None = None,
    ) -> None:
        self._environment = environment
        self._clock = clock
        self._stream_settings = stream_settings or StreamSettings()
        self._rest = RestClient(environment, clock)
        self._stream: SupervisedStream | None = None

    def server_time(self) -> int:
        """Bybit's wall clock, UTC ms."""
        read = self._rest.session.get_server_time
        return self._rest.call(read, lambda result: int(result["timeNano"]) // 1_000_000)

    def instruments(self, symbols: Sequence[str]) -> Mapping[str, Instrument]:
        """Trading rules by symbol. Raises Rejected for an unknown symbol, naming it."""
        wanted = set(symbols)
        found: dict[str, Instrument] = {}
        cursor: str | None = None
        while len(found) < len(wanted):
            rows, cursor = self._instruments_page(cursor)
            found.update(
                (row["symbol"], instrument_of(row)) for row in rows if row["symbol"] in wanted
            )
            if not cursor:
                break
        missing = [symbol for symbol in symbols if symbol not in found]
        if missing:
            raise Rejected(f"Bybit lists no linear perpetual called {', '.join(missing)}.")
        return {symbol: found[symbol] for symbol in symbols}

    def candles(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Candle]:
        """Closed candles with start <= open_time < end, oldest first, paging as needed.

        Closed means that the candle's end is not after Bybit's clock: the newest row Bybit
        sends is normally still open, and nothing in it says so.
        """
        length = timeframe.milliseconds
        now = self.server_time()
        last_end = min(end, now)
        found: dict[int, Candle] = {}
        for page_start in range(start, last_end, _CANDLES_PER_PAGE * length):
            page_end = min(page_start + _CANDLES_PER_PAGE * length, last_end) - 1
            for candle in self._candles_page(symbol, timeframe, page_start, page_end):
                if candle.close_time <= now and start <= candle.open_time < end:
                    found[candle.open_time] = candle
        return [found[open_time] for open_time in sorted(found)]

    def subscribe(
        self, symbols: Sequence[str], timeframe: Timeframe, sink: Callable[[RawMessage], None]
    ) -> None:
        """Stream candles and tickers; `sink` runs on a foreign thread and must only enqueue.

        Raises RuntimeError when this object already streams.
        """
        if self._stream is not None:
            raise RuntimeError("This market data already streams.")
        settings, interval = self._stream_settings, INTERVAL_OF[timeframe]
        deadlines = {f"tickers.{symbol}": settings.ticker_deadline_ms for symbol in symbols} | {
            f"kline.{interval}.{symbol}": settings.kline_deadline_ms for symbol in symbols
        }

        def build() -> PublicStream:
            url = self._environment.public_ws
            return PublicStream(url, settings.connect_timeout, interval, list(symbols))

        self._stream = SupervisedStream("market", build, deadlines, sink, self._clock, settings)
        self._stream.start()

    def decode(self, raw: RawMessage) -> Sequence[Candle | Tick]:
        """Facts in a streamed message: closed candles, or one tick.

        Raises InvalidCandle for a candle that cannot be true.
        """
        topic = str(raw.get("topic", ""))
        if topic.startswith("kline."):
            return candles_of_push(raw)
        if topic.startswith("tickers."):
            return [tick_of_push(raw)]
        return []

    def health(self) -> FeedHealth:
        """Freshness of the stream."""
        return self._stream.health() if self._stream is not None else _NEVER_STREAMED

    def close(self) -> None:
        """Stop streaming and release sockets. Safe to call twice."""
        self._rest.close()
        if self._stream is not None:
            self._stream.close()

    def _instruments_page(self, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        return self._rest.call(
            lambda: self._rest.session.get_instruments_info(
                category="linear", limit=_INSTRUMENTS_PER_PAGE, cursor=cursor
            ),
            lambda result: (list(result["list"]), result.get("nextPageCursor") or None),
        )

    def _candles_page(
        self, symbol: str, timeframe: Timeframe, start: int, end: int
    ) -> list[Candle]:
        """Up to a page of candles with start <= open_time <= end, in no order to rely on."""
        return self._rest.call(
            lambda: self._rest.session.get_kline(
                category="linear", symbol=symbol, interval=INTERVAL_OF[timeframe],
                start=start, end=end, limit=_CANDLES_PER_PAGE,
            ),
            lambda result: [candle_of_row(symbol, timeframe, row) for row in result["list"]],
        )  # fmt: skip
