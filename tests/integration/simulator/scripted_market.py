"""A market that trades exactly where a test says: one five-minute candle per price."""

import numpy as np

from src.simulator.bars import Bars, join
from src.simulator.clock import LockStepClock
from src.simulator.contracts import Contract, contract_for

NOON = 1_772_366_400_000
STEP = 300_000
SYMBOL = "BTCUSDT"


class ScriptedFeed:
    """Candles that run from the last price to the next; it has `history` before NOON."""

    base_ms = STEP
    seed = 0
    end_time = None
    description = "a scripted market"

    def __init__(
        self, first_price: float, symbols: tuple[str, ...] = (SYMBOL,), funding_rate: float = 0.0001
    ) -> None:
        self.symbols = symbols
        self.first_time = NOON - STEP
        self._rate = funding_rate
        self._last = dict.fromkeys(symbols, first_price)
        self._bars = {
            symbol: _candle(self.first_time, first_price, first_price) for symbol in symbols
        }

    def trade(self, time: int, prices: dict[str, float]) -> None:
        """Add the candle that opens at `time`; symbols without a price stand still."""
        for symbol in self.symbols:
            price = prices.get(symbol, self._last[symbol])
            candle = _candle(time, self._last[symbol], price)
            self._bars[symbol] = join([self._bars[symbol], candle])
            self._last[symbol] = price

    def contract(self, symbol: str) -> Contract:
        return contract_for(symbol)

    def bars(self, symbol: str, start: int, end: int) -> Bars:
        return self._bars[symbol].between(start, end)

    def funding_rate(self, symbol: str, time: int) -> float:
        return self._rate


def scripted_clock() -> LockStepClock:
    return LockStepClock(NOON, None)


def _candle(time: int, opening: float, close: float) -> Bars:
    prices = (opening, max(opening, close), min(opening, close), close, 1.0, close)
    return Bars(np.array([time], dtype=np.int64), *(np.array([price]) for price in prices))
