"""Candles and the timeframes they are cut in."""

import enum
import math
from dataclasses import dataclass
from typing import NoReturn

from src.domain.errors import InvalidCandle

MINUTE_MS = 60_000
DAY_MS = 86_400_000
SYMBOL_PATTERN = "[A-Z0-9]{3,30}"
"""How exchanges write the name of a contract."""
# Nothing trades beyond these, and within them no sum or product of prices leaves the numbers.
SMALLEST_PRICE = 1e-100
LARGEST_PRICE = 1e100


class Timeframe(enum.Enum):
    """Length of a candle. The value is the name people write (`5m`, `4h`); `word` is
    that name and `milliseconds` that length in milliseconds."""

    M1 = "1m"
    M3 = "3m"
    M5 = "5m"
    M15 = "15m"
    M30 = "30m"
    H1 = "1h"
    H2 = "2h"
    H4 = "4h"
    H6 = "6h"
    H12 = "12h"
    D1 = "1d"

    def __init__(self, word: str) -> None:
        unit = {"m": MINUTE_MS, "h": 60 * MINUTE_MS, "d": DAY_MS}[word[-1]]
        # Plain attributes, because they are read several times for every candle of a history.
        self.milliseconds = int(word[:-1]) * unit
        self.word = word

    def open_time(self, time: int) -> int:
        """Open time (UTC ms) of the candle that holds `time` (UTC ms)."""
        return time - time % self.milliseconds


@dataclass(frozen=True, slots=True)
class Candle:
    """One closed candle.

    `open_time` is UTC milliseconds; prices are quote currency per base unit; volume is in
    base units. Construction refuses what cannot be true, so no reader needs to check again.
    """

    symbol: str
    timeframe: Timeframe
    open_time: int
    open: float
    high: float
    low: float
    close: float
    volume: float

    def __post_init__(self) -> None:
        plausible = (
            SMALLEST_PRICE <= self.low <= self.open <= self.high <= LARGEST_PRICE
            and self.low <= self.close <= self.high
            and 0 <= self.volume < math.inf
            and not self.open_time % self.timeframe.milliseconds
        )
        if not plausible:
            self._refuse()

    def _refuse(self) -> NoReturn:
        prices = (self.open, self.high, self.low, self.close)
        where = f"{self.symbol} {self.timeframe.value} candle at {self.open_time}"
        if not all(math.isfinite(price) and price > 0 for price in prices):
            raise InvalidCandle(f"{where}: prices must be finite and above zero, got {prices}")
        if max(prices) > LARGEST_PRICE or min(prices) < SMALLEST_PRICE:
            raise InvalidCandle(f"{where}: no price is as large or as small as that: {prices}")
        if self.high < max(self.open, self.close) or self.low > min(self.open, self.close):
            raise InvalidCandle(f"{where}: high and low do not enclose open and close: {prices}")
        if not (math.isfinite(self.volume) and self.volume >= 0):
            raise InvalidCandle(f"{where}: volume must be finite and not negative: {self.volume}")
        raise InvalidCandle(f"{where}: the time does not start a {self.timeframe.value} candle")

    @property
    def close_time(self) -> int:
        """First instant after the candle, UTC ms: when it becomes known."""
        return self.open_time + self.timeframe.milliseconds


@dataclass(frozen=True, slots=True)
class Tick:
    """One traded price seen live. `time` is the exchange's event time, UTC ms."""

    symbol: str
    time: int
    last: float
    mark: float
    bid: float
    ask: float
    funding_rate: float
    next_funding_time: int
