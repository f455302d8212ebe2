"""A backtest from its request to its result."""

import enum
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from src.backtest.account import run_account
from src.backtest.equity import equity_arrays
from src.backtest.proposals import Alter, Proposals, propose, unaltered
from src.backtest.request import BacktestRequest
from src.backtest.result import BacktestResult, CandleGap, Timings
from src.backtest.setup_log import SetupLog
from src.domain.errors import InvalidInput
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays
from src.strategy.setup_updates import SetupReader
from src.strategy.whole_fold import added_models_of

REPORT_EVERY = 4096
"""Setups between two reports of the account's progress."""


class Stage(enum.StrEnum):
    """What a run is doing."""

    STRATEGY = "strategy"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is: candles folded, or setups decided, of all there are."""

    stage: Stage
    done: int
    total: int


Report = Callable[[Progress], None]
"""Told how far a run is. To cancel the run it raises an error of its own."""


def unreported(_progress: Progress) -> None:
    """Tell nobody."""


def run_backtest(
    request: BacktestRequest,
    market: Mapping[str, CandleArrays],
    instruments: Mapping[str, Instrument],
    report: Report = unreported,
    alter: Alter = unaltered,
) -> BacktestResult:
    """Trade the request over `market` (candles of every symbol, checked, oldest first).

    `alter` changes what the strategy proposes, for stress tests. Raises InvalidInput when a
    symbol has no candles or no instrument.
    """
    candles = _candles_until(request, market)
    begins_at, ends_at = _span(request, candles)
    for symbol in request.symbols:
        if symbol not in instruments:
            raise InvalidInput(f"The trading rules of {symbol} are not known.", "symbols")
    started = time.perf_counter()
    proposals = {
        symbol: alter(found, candles[symbol])
        for symbol, found in _propose_all(request, candles, instruments, begins_at, report).items()
    }
    folded = time.perf_counter()
    readers = {symbol: _reader(request, instruments[symbol]) for symbol in proposals}

    def decided(done: int, total: int) -> None:
        report(Progress(Stage.ACCOUNT, done, total))

    account = run_account(request, instruments, candles, proposals, readers, decided, REPORT_EVERY)
    equity = equity_arrays(account, candles, request.timeframe.milliseconds, begins_at, ends_at)
    return BacktestResult(
        request=request,
        instruments={symbol: instruments[symbol] for symbol in request.symbols},
        account=account,
        setups={
            symbol: SetupLog(readers[symbol], found, account, number)
            for number, (symbol, found) in enumerate(proposals.items())
        },
        equity=equity,
        candles=candles,
        gaps=_gaps(request, candles, begins_at, ends_at),
        begins_at=begins_at,
        ends_at=ends_at,
        timings=Timings(folded - started, time.perf_counter() - folded),
    )


def _candles_until(
    request: BacktestRequest, market: Mapping[str, CandleArrays]
) -> dict[str, CandleArrays]:
    """The candles of each symbol that close by the end of the request."""
    found = {}
    for symbol in request.symbols:
        series = market.get(symbol)
        if series is not None:
            series = series.part(0, _closed_by_end(request, series))
        if series is None or not len(series):
            raise InvalidInput(f"There are no {request.timeframe.value} candles of {symbol}.")
        found[symbol] = series
    return found


def candles_read(request: BacktestRequest, market: Mapping[str, CandleArrays]) -> int:
    """How many candles a run of the request folds, of all its symbols."""
    series = (market[symbol] for symbol in request.symbols if symbol in market)
    return sum(_closed_by_end(request, one) for one in series)


def _closed_by_end(request: BacktestRequest, series: CandleArrays) -> int:
    if request.end is None:
        return len(series)
    latest = request.end - request.timeframe.milliseconds
    return int(np.searchsorted(series.time, latest, side="right"))


def _span(request: BacktestRequest, candles: Mapping[str, CandleArrays]) -> tuple[int, int]:
    """When the account begins and ends, UTC ms."""
    step = request.timeframe.milliseconds
    first = min(int(series.time[0]) for series in candles.values())
    ends_at = max(int(series.time[-1]) for series in candles.values()) + step
    begins_at = first if request.start is None else max(first, request.start)
    if begins_at >= ends_at:
        raise InvalidInput("No candle closes after the start of the backtest.", "start")
    return begins_at, ends_at


def _reader(request: BacktestRequest, instrument: Instrument) -> SetupReader:
    tick = float(instrument.tick_size)
    return SetupReader(
        instrument.symbol,
        request.timeframe,
        request.parameters,
        tick,
        added_models_of(request.parameters),
    )


def _propose_all(
    request: BacktestRequest,
    candles: Mapping[str, CandleArrays],
    instruments: Mapping[str, Instrument],
    begins_at: int,
    report: Report,
) -> dict[str, Proposals]:
    total, done = sum(len(series) for series in candles.values()), 0
    peers = dict(request.smt_pairs)

    def folded(count: int) -> None:
        nonlocal done
        done += count
        report(Progress(Stage.STRATEGY, done, total))

    return {
        symbol: propose(
            series,
            request.timeframe,
            request.parameters,
            float(instruments[symbol].tick_size),
            begins_at,
            folded,
            candles[peers[symbol]] if symbol in peers else None,
        )
        for symbol, series in candles.items()
    }


def _gaps(
    request: BacktestRequest,
    candles: Mapping[str, CandleArrays],
    begins_at: int,
    ends_at: int,
) -> tuple[CandleGap, ...]:
    """What each symbol lacks between its candles, and of the time that was traded before its first
    and after its last: where one symbol's history is shorter, the others trade alone."""
    step = request.timeframe.milliseconds
    begun = request.timeframe.open_time(begins_at + step - 1)
    found = []
    for symbol, series in candles.items():
        before = min(begun, int(series.time[0])) - step
        behind = max(ends_at, int(series.time[-1]) + step)
        opens = np.concatenate(([before], series.time, [behind]))
        found += [
            CandleGap(symbol, int(opens[i]) + step, int(opens[i + 1]))
            for i in np.flatnonzero(np.diff(opens) > step)
        ]
    return tuple(found)
