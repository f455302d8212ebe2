"""Filling the stored history from an exchange: what is there is not fetched again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from src.database.candle_history import CandleHistory, Span
from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidInput
from src.domain.instrument import Instrument

CANDLES_A_STEP = 2_000
"""Candles fetched and stored together: what a kill can lose."""


class CandleSource(Protocol):
    """What a download asks of a market (domain/ports.py, MarketData)."""

    def server_time(self) -> int:
        """The venue's wall clock, UTC ms."""
        ...

    def instruments(self, symbols: Sequence[str]) -> Mapping[str, Instrument]:
        """Trading rules by symbol."""
        ...

    def candles(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Candle]:
        """Closed candles with start <= open_time < end, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Candles asked for so far, of all that were not stored when the download began."""

    symbol: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What became of one symbol: candles added, and the gaps the exchange itself has."""

    symbol: str
    added: int
    gaps: tuple[Span, ...]


def download_candles(
    market: CandleSource,
    history: CandleHistory,
    symbol: str,
    timeframe: Timeframe,
    start: int,
    end: int,
    report: Callable[[DownloadProgress], None],
) -> Downloaded:
    """Fetch the candles with start <= open time < end (UTC ms) that are not stored yet.

    Every step is committed by itself, so a download that was ended goes on where it stood. Raises
    errors of the ExchangeError tree; InvalidInput when there is nothing to ask for.
    """
    if start >= end:
        raise InvalidInput("The end of a download must lie after its start.", "end")
    step = timeframe.milliseconds
    end = min(end, timeframe.open_time(market.server_time()))
    if start >= end:
        raise InvalidInput("No candle has closed between these dates.", "end")
    history.remember_instrument(market.instruments([symbol])[symbol])
    missing = history.missing(symbol, timeframe, start, end)
    total = sum((span.end - span.start) // step for span in missing)
    done = added = 0
    report(DownloadProgress(symbol, done, total))
    for span in missing:
        for first in range(span.start, span.end, CANDLES_A_STEP * step):
            last = min(first + CANDLES_A_STEP * step, span.end)
            added += history.add(market.candles(symbol, timeframe, first, last))
            done += (last - first) // step
            report(DownloadProgress(symbol, done, total))
    gaps = tuple(history.missing(symbol, timeframe, start, end)) if total else ()
    return Downloaded(symbol, added, gaps)
