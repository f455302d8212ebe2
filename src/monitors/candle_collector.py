"""Turns a stream of closed candles into batches: each instant once, in order, without gaps.

All symbols' candles of one instant form one batch, in the configured order of symbols, so that
what the engine decides never depends on which message the network delivered first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle


@dataclass(frozen=True, slots=True)
class Gap:
    """Candles of `symbol` with start <= open_time < end (UTC ms) that never arrived."""

    symbol: str
    start: int
    end: int


class CandleCollector:
    """Holds candles until their batch is complete. Knows nothing of clocks or networks."""

    def __init__(
        self, symbols: Sequence[str], timeframe: Timeframe, newest: Mapping[str, Candle]
    ) -> None:
        """`newest` is the last candle already processed, by symbol."""
        self._symbols = tuple(symbols)
        self._step = timeframe.milliseconds
        self._newest = dict(newest)
        self._waiting: dict[int, dict[str, Candle]] = {}

    @property
    def newest_close(self) -> int:
        """Close time of the newest processed candle of any symbol; 0 before the first."""
        return max((candle.close_time for candle in self._newest.values()), default=0)

    def offer(self, candle: Candle) -> bool:
        """Take a candle in. False when it was already processed or is waiting.

        Raises InvalidCandle when a repeated candle differs from the first: data that changes
        after the fact must not be traded on silently.
        """
        newest = self._newest.get(candle.symbol)
        waiting = self._waiting.get(candle.open_time, {}).get(candle.symbol)
        known = newest if newest and newest.open_time == candle.open_time else waiting
        if known is not None:
            if known != candle:
                raise InvalidCandle(f"the venue changed a closed candle: {known} became {candle}")
            return False
        if newest is not None and candle.open_time < newest.open_time:
            return False
        self._waiting.setdefault(candle.open_time, {})[candle.symbol] = candle
        return True

    def gaps(self) -> list[Gap]:
        """What is certainly missing: an earlier candle than one that already waits."""
        found = []
        for symbol in self._symbols:
            newest = self._newest.get(symbol)
            times = sorted(time for time, batch in self._waiting.items() if symbol in batch)
            if newest is not None and times and times[0] > newest.open_time + self._step:
                found.append(Gap(symbol, newest.open_time + self._step, times[0]))
        return found

    def laggards(self, until: int) -> list[Gap]:
        """Per symbol, the candles up to close time `until` that have not arrived yet."""
        found = []
        for symbol in self._symbols:
            newest = self._newest.get(symbol)
            if newest is None:
                continue
            times = [time for time, batch in self._waiting.items() if symbol in batch]
            start = max([newest.open_time, *times]) + self._step
            if start + self._step <= until:
                found.append(Gap(symbol, start, until))
        return found

    def take(self, *, incomplete: bool = False) -> list[Candle]:
        """The oldest batch once every symbol has arrived, else nothing.

        `incomplete` takes it without the symbols that have no such candle.
        """
        if not self._waiting:
            return []
        oldest = min(self._waiting)
        batch = self._waiting[oldest]
        if len(batch) < len(self._symbols) and not incomplete:
            return []
        del self._waiting[oldest]
        candles = [batch[symbol] for symbol in self._symbols if symbol in batch]
        self._newest.update({candle.symbol: candle for candle in candles})
        return candles

    @property
    def waits(self) -> bool:
        """Whether any candle is held back for others of its instant."""
        return bool(self._waiting)
