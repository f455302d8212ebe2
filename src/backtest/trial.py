"""One trial: a request, perhaps altered, and what is kept of its result."""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from src.analytics.figure import Figure
from src.backtest.alteration import UNALTERED, Alteration
from src.backtest.figures import equity_curve, figures
from src.backtest.proposals import Alter, unaltered
from src.backtest.request import BacktestRequest
from src.backtest.result import BacktestResult
from src.backtest.runner import run_backtest
from src.domain.candle import DAY_MS
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CandleMarket = Mapping[str, CandleArrays]
Instruments = Mapping[str, Instrument]


@dataclass(frozen=True, slots=True)
class Trial:
    """What to run."""

    request: BacktestRequest
    alteration: Alteration = UNALTERED

    def description(self) -> dict[str, object]:
        """Everything the result depends on besides the candles, ready for JSON.

        The seed is left out: a run draws nothing.
        """
        request = _fields(self.request)
        del request["seed"]
        return {"request": request, "alteration": _fields(self.alteration)}

    def identity(self) -> str:
        """SHA-256 of the description: equal for equal questions."""
        text = json.dumps(self.description(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is kept of a trial: small, and equal wherever it was run.

    `results_in_r` are those of the closed trades in order of their exits; `daily_returns` begin
    on UTC day number `first_day`. `unfinished` trades were open at the end.
    """

    trial: Trial
    results_in_r: tuple[float, ...]
    first_day: int
    daily_returns: tuple[float, ...]
    figures: Mapping[str, Figure]
    unfinished: int
    ambiguous: int

    @property
    def daily_sharpe(self) -> float | None:
        """Mean daily return over its standard deviation; None below two or without a spread."""
        returns = np.array(self.daily_returns)
        if len(returns) < 2 or np.ptp(returns) == 0:
            return None
        return float(returns.mean() / returns.std(ddof=1))

    @property
    def expectancy_in_r(self) -> float | None:
        """Mean result of the trades in R."""
        return self.figures["expectancy_in_r"].value


def evaluate(
    trial: Trial, market: CandleMarket, instruments: Instruments, before: Alter = unaltered
) -> Outcome:
    """Run a trial and keep what matters."""
    return outcome_of(trial, run_trial(trial, market, instruments, before))


def run_trial(
    trial: Trial, market: CandleMarket, instruments: Instruments, before: Alter = unaltered
) -> BacktestResult:
    """Run a trial and keep everything; `before` changes the proposals before the trial does."""
    request, alteration = trial.request, trial.alteration
    return run_backtest(
        alteration.request(request),
        market,
        instruments,
        alter=alteration.alter(request, before),
    )


def outcome_of(trial: Trial, result: BacktestResult) -> Outcome:
    """What is kept of a result."""
    return Outcome(
        trial=trial,
        results_in_r=result.account.results_in_r,
        first_day=result.begins_at // DAY_MS,
        daily_returns=tuple(equity_curve(result).returns().tolist()),
        figures=figures(result),
        unfinished=len(result.account.held),
        ambiguous=result.ambiguous,
    )


def fingerprint(market: CandleMarket) -> str:
    """SHA-256 of the candles, symbol by symbol in alphabetical order."""
    digest = hashlib.sha256()
    for symbol in sorted(market):
        candles = market[symbol]
        digest.update(symbol.encode())
        for column in (candles.time, candles.open, candles.high, candles.low, candles.close):
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _fields(value: "DataclassInstance") -> dict[str, object]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: object) -> object:
    """The value in what JSON knows; numbers that are equal look equal."""
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
