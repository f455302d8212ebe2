"""Where a backtest's candles and trading rules come from: the stored history, or files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from src.backtest.request import BacktestRequest
from src.database.candle_files import read_candle_file
from src.database.candle_history import CandleHistory
from src.database.history_reader import download_command
from src.database.times import to_iso
from src.database.trial_tables import UNKNOWN_SOURCE
from src.domain.candle import DAY_MS, SYMBOL_PATTERN, Timeframe
from src.domain.errors import InvalidInput
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays

WARM_UP_DAYS = 60
"""Candles folded before the first decision, as live trading does."""

_SYMBOL = re.compile(r"[A-Z0-9]{2,26}(?:USDT|USDC|PERP|USD)")
_FINEST_DECIMALS = 8
# Bybit's rules of the contracts most people test; any other symbol is given them by a download.
_KNOWN = {
    "BTCUSDT": ("0.10", "0.001", "119", "100"),
    "ETHUSDT": ("0.01", "0.01", "724", "100"),
    "SOLUSDT": ("0.010", "0.1", "11220", "100"),
}
_ORDINARY = ("0.0001", "0.1", "50000", "50")


@dataclass(frozen=True, slots=True)
class Market:
    """Candles and trading rules by symbol. `source` is whose candles they are, as
    `src.database.trial_ledger.Market` has it."""

    candles: Mapping[str, CandleArrays]
    instruments: Mapping[str, Instrument]
    source: str


def stored_market(request: BacktestRequest, history: CandleHistory) -> Market:
    """What is stored for a request, with WARM_UP_DAYS before its start.

    Raises InvalidInput naming the command that helps when a symbol has no candles there.
    """
    start = None if request.start is None else request.start - WARM_UP_DAYS * DAY_MS
    candles, instruments = {}, {}
    for symbol in request.symbols:
        series = history.load(symbol, request.timeframe, start, request.end).prices
        if not len(series):
            day = None if request.start is None else to_iso(request.start)[:10]
            command = download_command(symbol, request.timeframe, history.market, day)
            raise InvalidInput(
                f"No {request.timeframe.value} candles of {symbol} on the {history.market} "
                f"market are stored for these dates: run `{command}` or `flask candles import` "
                "first.",
                "symbols",
            )
        candles[symbol] = series
        instruments[symbol] = history.instrument(symbol) or assumed_instrument(symbol, series)
    return Market(candles, instruments, history.market)


def market_of_files(
    files: Mapping[str, Path], timeframe: Timeframe, source: str = UNKNOWN_SOURCE
) -> Market:
    """The candles of CSV or Parquet files by symbol, with assumed trading rules.

    A file does not tell whose candles it holds; `source` is what a person says of it.
    """
    candles = {symbol: read_candle_file(path, timeframe).prices for symbol, path in files.items()}
    rules = {symbol: assumed_instrument(symbol, series) for symbol, series in candles.items()}
    return Market(candles, rules, source)


def symbol_of_file(word: str) -> tuple[str, Path]:
    """The symbol and path written `SYMBOL=path`, or as a path whose name holds the symbol."""
    symbol, equals, path = word.partition("=")
    if equals:
        if not re.fullmatch(SYMBOL_PATTERN, symbol):
            raise InvalidInput(f"{symbol!r} is no symbol: write SYMBOL={path}.", "candles")
        return symbol, Path(path)
    found = _SYMBOL.search(Path(word).name)
    if found is None:
        raise InvalidInput(f"Write {word} as SYMBOL={word}: its name holds no symbol.", "candles")
    return found.group(), Path(word)


def assumed_instrument(symbol: str, candles: CandleArrays) -> Instrument:
    """Trading rules for a symbol nobody was asked about: Bybit's usual ones, and a tick as fine as
    the prices."""
    tick, step, largest, leverage = _KNOWN.get(symbol, _ORDINARY)
    instrument = Instrument(
        symbol=symbol,
        tick_size=Decimal(tick),
        quantity_step=Decimal(step),
        min_quantity=Decimal(step),
        max_quantity=Decimal(largest),
        min_notional=Decimal(5),
        max_leverage=Decimal(leverage),
        funding_interval_minutes=480,
    )
    finest = Decimal(1).scaleb(-_decimals(candles))
    if symbol in _KNOWN and finest >= instrument.tick_size:
        return instrument
    return replace(instrument, tick_size=finest)


def _decimals(candles: CandleArrays) -> int:
    """How many decimals the prices have."""
    prices = np.concatenate((candles.open, candles.high, candles.low, candles.close))
    for decimals in range(_FINEST_DECIMALS):
        if np.allclose(np.round(prices, decimals), prices, rtol=1e-12, atol=0.0):
            return decimals
    return _FINEST_DECIMALS
