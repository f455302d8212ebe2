"""Where candles come from: what the simulated market needs to know of its source."""

from typing import Protocol

from src.simulator.bars import Bars
from src.simulator.contracts import Contract


class Feed(Protocol):
    """Base candles of every symbol, the same on every call and after every restart.

    `first_time` is the open time of the oldest candle and `end_time` the instant after the
    newest one (None: the market goes on for ever), both UTC ms. `base_ms` is the length of a
    base candle.
    """

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols in the configured order."""
        ...

    @property
    def base_ms(self) -> int:
        """Length of a base candle, ms."""
        ...

    @property
    def first_time(self) -> int:
        """Open time of the oldest candle, UTC ms."""
        ...

    @property
    def end_time(self) -> int | None:
        """Close time of the newest candle, UTC ms; None when there is no last one."""
        ...

    @property
    def seed(self) -> int:
        """Number that fixes everything random."""
        ...

    @property
    def description(self) -> str:
        """What is served, in words for the log."""
        ...

    def contract(self, symbol: str) -> Contract:
        """Trading rules of a symbol. Raises KeyError for one not served."""
        ...

    def bars(self, symbol: str, start: int, end: int) -> Bars:
        """Base candles with start <= open time < end (UTC ms)."""
        ...

    def funding_rate(self, symbol: str, time: int) -> float:
        """Funding rate in force at `time`."""
        ...
