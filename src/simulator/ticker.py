"""The ticker of a simulated perpetual, field by field as Bybit sends it."""

from functools import lru_cache
from typing import NamedTuple

from src.simulator.bars import DAY_MS
from src.simulator.market import Market

_MARK_LAG = 0.15
_FUNDING_MS = 8 * 3_600_000
_HOUR_MS = 3_600_000


class DayFigures(NamedTuple):
    """Rolling figures of the 24 hours before a base candle."""

    high: float
    low: float
    first: float
    hour_ago: float
    previous_close: float
    volume: float
    turnover: float


class Tickers:
    """Tickers of a market; what changes once per base candle is computed once."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._figures = lru_cache(maxsize=64)(self._day_figures)

    def at(self, symbol: str, now: int) -> dict[str, str]:
        """Every field, as strings. Raises LookupError where nothing has traded yet."""
        feed = self._market.feed
        contract = feed.contract(symbol)
        last = self._market.price(symbol, now)
        figures = self._figures(symbol, now - now % feed.base_ms)
        mark = last
        if self._market.clock.mode == "realtime":
            mark += (figures.previous_close - last) * _MARK_LAG
        price, quantity = contract.price_text, contract.quantity_text
        interest = contract.minute_volume * 1_000
        size = quantity(contract.minute_volume / 10)
        rate = feed.funding_rate(symbol, now)
        return {
            "symbol": symbol,
            "lastPrice": price(last),
            "markPrice": price(mark),
            "indexPrice": price(mark),
            "prevPrice24h": price(figures.first),
            "price24hPcnt": f"{last / figures.first - 1:.6f}",
            "highPrice24h": price(max(figures.high, last)),
            "lowPrice24h": price(min(figures.low, last)),
            "prevPrice1h": price(figures.hour_ago),
            "openInterest": quantity(interest),
            "openInterestValue": f"{interest * figures.previous_close:.2f}",
            "turnover24h": f"{figures.turnover:.4f}",
            "volume24h": f"{figures.volume:.4f}",
            "fundingRate": f"{rate:.6f}",
            "nextFundingTime": str(now - now % _FUNDING_MS + _FUNDING_MS),
            "fundingIntervalHour": "8",
            "bid1Price": price(last - contract.tick),
            "bid1Size": size,
            "ask1Price": price(last),
            "ask1Size": size,
            "tickDirection": "PlusTick" if last >= figures.previous_close else "MinusTick",
        }

    def _day_figures(self, symbol: str, base_open: int) -> DayFigures:
        bars = self._market.feed.bars(symbol, base_open - DAY_MS, base_open)
        if bars.size == 0:
            close = self._market.previous_close(symbol, base_open)
            return DayFigures(close, close, close, close, close, 0.0, 0.0)
        hour = bars.between(base_open - _HOUR_MS, base_open)
        return DayFigures(
            high=float(bars.high.max()),
            low=float(bars.low.min()),
            first=float(bars.open[0]),
            hour_ago=float((hour if hour.size else bars).open[0]),
            previous_close=float(bars.close[-1]),
            volume=float(bars.volume.sum()),
            turnover=float(bars.turnover.sum()),
        )
