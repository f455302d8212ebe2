"""The strategy of one symbol on one timeframe: closed candles in, setups and a reading out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle
from src.domain.signal import SetupUpdate
from src.strategy import records
from src.strategy.calendar import FIRST_TIME, LAST_TIME
from src.strategy.codes import EXTERNAL
from src.strategy.compiled import Records
from src.strategy.parameters import StrategyParameters
from src.strategy.reading import explain, present_score
from src.strategy.sentences import window_names
from src.strategy.setup_updates import SetupReader, SetupUpdates
from src.strategy.snapshot import load_snapshot, take_snapshot
from src.strategy.whole_fold import WholeFold, new_whole_state


@dataclass(frozen=True, slots=True)
class StructureView:
    """Where the market stands at the last close.

    `trend` is the external structure's and `bias` that of the higher timeframes (+1, -1, 0);
    `range_position` is 0 at the dealing range's low and 1 at its high, None while unknown; the
    scores are those of an entry at the last close; `reading` says why nothing trades now;
    `added` is what each added detector shows, by its name.
    """

    trend: int
    bias: int
    kill_zones: tuple[str, ...]
    range_position: float | None
    score_long: float
    score_short: float
    live_setups: int
    reading: str
    added: Mapping[str, Mapping[str, float | int | None]]


class SymbolStrategy:
    """Folds candles of one symbol; the same compiled code takes one candle or a whole history."""

    def __init__(
        self,
        symbol: str,
        timeframe: Timeframe,
        parameters: StrategyParameters,
        tick_size: float = 0.0,
    ) -> None:
        self._symbol = symbol
        self._timeframe = timeframe
        self._parameters = parameters
        self._tick = tick_size
        self._fold = WholeFold(parameters, timeframe.milliseconds, tick_size, record_events=False)
        self._reader = SetupReader(symbol, timeframe, parameters, tick_size, self._fold.models)

    @classmethod
    def restore(
        cls,
        symbol: str,
        timeframe: Timeframe,
        parameters: StrategyParameters,
        tick_size: float,
        snapshot: bytes,
    ) -> "SymbolStrategy":
        """Continue where `snapshot` was taken. Raises InvalidInput if it does not belong here."""
        strategy = cls(symbol, timeframe, parameters, tick_size)
        strategy._fold.state = load_snapshot(
            snapshot,
            new_whole_state(parameters, timeframe.milliseconds),
            symbol,
            timeframe.value,
            parameters,
            tick_size,
        )
        return strategy

    def snapshot(self) -> bytes:
        """Everything remembered; restoring it continues byte for byte."""
        return take_snapshot(
            self._fold.state, self._symbol, self._timeframe.value, self._parameters, self._tick
        )

    @property
    def last_time(self) -> int | None:
        """Open time (UTC ms) of the newest candle folded, None before the first."""
        time = int(self._fold.core.state.memory["last_time"][0])
        return None if time < 0 else time

    def update(self, candles: Sequence[Candle], peers: Sequence[Candle] = ()) -> list[SetupUpdate]:
        """Fold closed candles, oldest first; returns what became of setups, in order.

        `peers` are candles of the symbol that SMT compares with, each used beside the candle of
        the same open time and needed for no other.

        Raises InvalidCandle, before folding any, if one belongs elsewhere or is not newer than
        the one before it.
        """
        return list(self.fold(candles, peers))

    def fold(self, candles: Sequence[Candle], peers: Sequence[Candle] = ()) -> SetupUpdates:
        """As `update`, with setups (and their sentences) made only when read."""
        self._check(candles)
        rows = candle_rows(candles, peers)
        return SetupUpdates(_kept(self._fold.feed(rows).setups), self._reader)

    def view(self) -> StructureView:
        """The market's structure and the reason nothing trades now, as of the last close."""
        core, live = self._fold.core, self._fold.live_setups()
        memory = core.state.memory[0]
        long_row = present_score(core, 0)
        short_row = present_score(core, 1)
        position = float(long_row["range_position"])
        return StructureView(
            trend=int(memory["trends"][EXTERNAL]),
            bias=max(int(long_row["bias"]), -1),
            kill_zones=window_names(int(memory["windows"])),
            range_position=None if np.isnan(position) else position,
            score_long=float(long_row["score"]),
            score_short=float(short_row["score"]),
            live_setups=len(live),
            reading=explain(core.state, live, self._reader),
            added=self._fold.view(),
        )

    def _check(self, candles: Sequence[Candle]) -> None:
        before = int(self._fold.core.state.memory["last_time"][0])
        for candle in candles:
            if candle.symbol != self._symbol or candle.timeframe is not self._timeframe:
                raise InvalidCandle(
                    f"{_named(candle)}: this is the {self._symbol} strategy's, not its own"
                )
            if candle.open_time <= before:
                raise InvalidCandle(
                    f"{_named(candle)}: it is not newer than the one before, at {before}"
                )
            if not FIRST_TIME <= candle.open_time < LAST_TIME:
                raise InvalidCandle(f"{_named(candle)}: the time lies outside the calendar")
            before = candle.open_time


def _kept(rows: Records) -> Records:
    """A copy; numpy's own goes column by column, which costs a live candle more than its fold."""
    return np.frombuffer(bytearray(rows.tobytes()), rows.dtype)


def _named(candle: Candle) -> str:
    return f"{candle.symbol} {candle.timeframe.value} candle at {candle.open_time}"


def candle_rows(candles: Sequence[Candle], peers: Sequence[Candle] = ()) -> Records:
    """Candles as rows for the fold, a peer's beside that of the same open time."""
    beside = {peer.open_time: peer for peer in peers}
    table = [
        (
            candle.open_time,
            candle.open,
            candle.high,
            candle.low,
            candle.close,
            *_peer_prices(beside.get(candle.open_time)),
        )
        for candle in candles
    ]
    return np.array(table, records.CANDLE)


def _peer_prices(peer: Candle | None) -> tuple[float, float, float]:
    return (peer.high, peer.low, peer.close) if peer else (np.nan, np.nan, np.nan)


def compile_kernels(
    report: Callable[[str], None], parameters: StrategyParameters | None = None
) -> None:
    """Compile (or load from the cache) every kernel a live strategy calls, additions included."""
    report("Compiling the strategy (once per version)")
    strategy = SymbolStrategy("WARMUP", Timeframe.M5, parameters or StrategyParameters())
    strategy.update([Candle("WARMUP", Timeframe.M5, 1_700_000_100_000, 2.0, 3.0, 1.0, 2.0, 1.0)])
    strategy.view()
    report("The strategy is compiled")
