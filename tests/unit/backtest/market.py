"""A small market to backtest on: the simulator's synthetic candles, with holes if wanted."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from src.domain.candle import DAY_MS, Timeframe
from src.domain.instrument import Instrument
from src.simulator.bars import aggregate
from src.simulator.synthetic import SyntheticFeed
from src.strategy.candle_arrays import CandleArrays

TIMEFRAME = Timeframe.M5
ORIGIN = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC

INSTRUMENTS = {
    symbol: Instrument(
        symbol,
        tick_size=Decimal(tick),
        quantity_step=Decimal(step),
        min_quantity=Decimal(step),
        max_quantity=Decimal(100_000),
        min_notional=Decimal(5),
        max_leverage=Decimal(100),
        funding_interval_minutes=480,
    )
    for symbol, tick, step in (
        ("BTCUSDT", "0.1", "0.001"),
        ("ETHUSDT", "0.01", "0.01"),
        ("SOLUSDT", "0.01", "0.1"),
    )
}


def market(
    symbols: tuple[str, ...], days: int, seed: int = 7, holes: int = 0
) -> Mapping[str, CandleArrays]:
    """Five-minute candles of each symbol; `holes` stretches of them are missing."""
    feed = SyntheticFeed(list(symbols), seed, ORIGIN)
    start, end = feed.first_time, feed.first_time + days * DAY_MS
    dice = np.random.default_rng(seed)
    found = {}
    for symbol in symbols:
        bars = aggregate(feed.bars(symbol, start, end), TIMEFRAME.milliseconds)
        kept = np.ones(bars.size, bool)
        for first in dice.integers(0, bars.size, holes):
            kept[first : first + dice.integers(1, 200)] = False
        prices = (bars.open, bars.high, bars.low, bars.close)
        found[symbol] = CandleArrays(bars.time[kept], *(column[kept] for column in prices))
    return found
