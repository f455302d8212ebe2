"""Candles and tickers of some symbols over one connection."""

from collections.abc import Callable
from typing import Any

from src.exchange.bybit.pybit_stream import PybitStream


class PublicStream(PybitStream):
    """One connection to the public linear stream."""

    def __init__(self, base_url: str, timeout: float, interval: str, symbols: list[str]) -> None:
        self._interval = interval
        self._symbols = symbols
        super().__init__(base_url, timeout, "linear")

    def follow(self, callback: Callable[[dict[str, Any]], None]) -> None:
        """Subscribe to candles and tickers of every symbol. Raises WebSocketException."""
        self.kline_stream(interval=self._interval, symbol=self._symbols, callback=callback)
        self.ticker_stream(symbol=self._symbols, callback=callback)
