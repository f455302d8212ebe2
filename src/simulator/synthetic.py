"""The seeded synthetic market: days made on demand and kept."""

from collections.abc import Sequence
from functools import lru_cache

from src.domain.errors import InvalidInput
from src.simulator.bars import DAY_MS, MINUTE_MS, Bars, join
from src.simulator.contracts import Contract, contract_for
from src.simulator.randomness import daily_normal
from src.simulator.synthetic_day import day_bars

HISTORY_DAYS = 68
_FUNDING_INTERVAL_MS = 8 * 3_600_000
_KEPT_DAYS = 400


class SyntheticFeed:
    """One-minute candles as a pure function of (seed, symbol, time); it never ends.

    History starts HISTORY_DAYS whole UTC days before `origin` (UTC ms).
    """

    def __init__(self, symbols: Sequence[str], seed: int, origin: int) -> None:
        if not symbols:
            raise InvalidInput("A simulated market needs at least one symbol.", "symbols")
        self._contracts = {symbol: contract_for(symbol) for symbol in symbols}
        self._seed = seed
        self._first_day = origin // DAY_MS - HISTORY_DAYS
        self._day = lru_cache(maxsize=_KEPT_DAYS)(self._make_day)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols in the configured order."""
        return tuple(self._contracts)

    @property
    def base_ms(self) -> int:
        """One minute."""
        return MINUTE_MS

    @property
    def first_time(self) -> int:
        """Open time of the oldest candle."""
        return self._first_day * DAY_MS

    @property
    def end_time(self) -> int | None:
        """None: there is always another day."""
        return None

    @property
    def seed(self) -> int:
        """The number everything follows from."""
        return self._seed

    @property
    def description(self) -> str:
        """What is served."""
        return f"synthetic market with seed {self._seed}"

    def contract(self, symbol: str) -> Contract:
        """Trading rules of a symbol."""
        return self._contracts[symbol]

    def bars(self, symbol: str, start: int, end: int) -> Bars:
        """One-minute candles with start <= open time < end."""
        start = max(start, self.first_time)
        days = range(start // DAY_MS, (end - 1) // DAY_MS + 1)
        return join([self._day(symbol, day) for day in days]).between(start, end)

    def funding_rate(self, symbol: str, time: int) -> float:
        """A rate that changes every eight hours and hovers above zero."""
        period = time // _FUNDING_INTERVAL_MS
        draw = daily_normal(self._seed, f"funding {symbol}", period)
        return round(min(max(0.00008 + 0.00006 * draw, -0.0003), 0.0005), 6)

    def _make_day(self, symbol: str, day: int) -> Bars:
        return day_bars(self._seed, self._contracts[symbol], day)
