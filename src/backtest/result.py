"""What a backtest found, as numbers; sentences are made when somebody reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from src.backtest import account_rows
from src.backtest.account_record import AccountRecord
from src.backtest.request import BacktestRequest
from src.backtest.setup_log import SetupLog
from src.domain.instrument import Instrument
from src.domain.signal import Signal
from src.domain.trade import Trade
from src.strategy.candle_arrays import CandleArrays


@dataclass(frozen=True, slots=True)
class EquityArrays:
    """The account in quote currency, mark to market: after every UTC day and every closed trade.

    `time` is UTC ms, rising, without repetition; `wallet` is cash, `equity` adds what open trades
    would earn at the last close. The first point is the initial balance where trading begins.
    """

    time: NDArray[np.int64]
    wallet: NDArray[np.float64]
    equity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CandleGap:
    """Candles of `symbol` missing with start <= open time < end (UTC ms)."""

    symbol: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of a run: the strategy over all candles, then the account over its setups."""

    strategy: float
    account: float

    @property
    def total(self) -> float:
        """Seconds of the run, without loading candles."""
        return self.strategy + self.account


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """One run's outcome. Equal requests on equal candles give equal results.

    `candles` are those that were read, warm-up included; the account lives from `begins_at` to
    `ends_at` (UTC ms).
    """

    request: BacktestRequest
    instruments: Mapping[str, Instrument]
    account: AccountRecord
    setups: Mapping[str, SetupLog]
    equity: EquityArrays
    candles: Mapping[str, CandleArrays]
    gaps: tuple[CandleGap, ...]
    begins_at: int
    ends_at: int
    timings: Timings

    @property
    def trades(self) -> tuple[Trade, ...]:
        """Closed trades in order of their exits, made when they are first asked for."""
        return self.account.trades

    @property
    def open_trades(self) -> tuple[Trade, ...]:
        """Trades that the end of the candles found open, in order of entry. They are in the
        equity, not in the trades."""
        return self.account.open_trades

    @property
    def ambiguous(self) -> int:
        """Trades whose last candle touched both stop and target, where the stop was assumed."""
        return int(self.account.closed[:, account_rows.AMBIGUOUS].sum())

    @property
    def candle_count(self) -> int:
        """Candles folded, of all symbols."""
        return sum(len(candles) for candles in self.candles.values())

    def refusals(self) -> dict[str, int]:
        """How many setups were not taken, by reason; a setup with two reasons counts in both."""
        counts: dict[str, int] = {}
        for log in self.setups.values():
            for reason, count in log.refusals().items():
                counts[reason] = counts.get(reason, 0) + count
        return counts

    def signals(self) -> Iterator[Signal]:
        """Every setup as a signal with its sentences, symbol by symbol, in order of time."""
        for log in self.setups.values():
            yield from log

    def signal_of(self, trade: Trade) -> Signal:
        """The signal a trade came from."""
        return self.setups[trade.symbol].by_id(trade.signal_id)
