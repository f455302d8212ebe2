"""In which whole numbers an account is folded, and whether they fit 64 bits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from src.backtest.account_rows import numbers_row
from src.backtest.request import BacktestRequest
from src.domain.candle import MINUTE_MS
from src.domain.instrument import Instrument
from src.engine.contract_numbers import finest_money, grid_of
from src.engine.entry_rules import Grid, Limits
from src.engine.sizing import limits_of
from src.engine.whole_numbers import decimals_of, whole
from src.exchange.paper.costs import FUNDING_RATE_MINUTES, charges_of
from src.strategy.candle_arrays import CandleArrays

MOST_DECIMALS = 8
"""More decimals of a price are not tried in 64 bits."""

_PRODUCTS = 4 * 10**18
_DIGITS = 10**15
_HEADROOM = 4
"""How far above the dearest candle a setup's prices are expected at most."""

AMOUNTS = 10**17
"""The largest wallet and position that are folded in 64 bits."""


@dataclass(frozen=True)
class Counting:
    """How every symbol's numbers are counted: decimals of prices by symbol, of money for all.

    `rows` are the contract numbers (account_rows.numbers_row), symbol by symbol. With `is_wide`
    they are not held to 64 bits.
    """

    request: BacktestRequest
    instruments: tuple[Instrument, ...]
    price_decimals: tuple[int, ...]
    money_decimals: int
    is_wide: bool
    rows: tuple[list[int], ...] = ()

    @property
    def opening(self) -> int:
        """The initial balance as a count."""
        return whole(self.request.initial_balance, self.money_decimals)


def counting_of(
    request: BacktestRequest,
    instruments: Mapping[str, Instrument],
    candles: Mapping[str, CandleArrays],
) -> Counting:
    """Prices counted as fine as the tick."""
    rules = tuple(instruments[symbol] for symbol in candles)
    decimals = tuple(decimals_of(one.tick_size) for one in rules)
    return _counted(request, rules, decimals, candles)


def finer(counting: Counting, candles: Mapping[str, CandleArrays]) -> Counting:
    """Prices counted one decimal finer."""
    decimals = tuple(one + 1 for one in counting.price_decimals)
    if max(decimals) > MOST_DECIMALS:
        return wide(counting, candles)
    return _counted(counting.request, counting.instruments, decimals, candles)


def wide(counting: Counting, candles: Mapping[str, CandleArrays]) -> Counting:
    """Prices counted as fine as the finest, in numbers of any size."""
    decimals = tuple(
        max(decimals_of(rules.tick_size), _finest(series))
        for rules, series in zip(counting.instruments, candles.values(), strict=True)
    )
    return _counted(counting.request, counting.instruments, decimals, candles, is_wide=True)


def _counted(
    request: BacktestRequest,
    instruments: tuple[Instrument, ...],
    decimals: tuple[int, ...],
    candles: Mapping[str, CandleArrays],
    is_wide: bool = False,
) -> Counting:
    money = max(
        decimals_of(request.initial_balance),
        *(finest_money(rules, one) for rules, one in zip(instruments, decimals, strict=True)),
    )
    counting = Counting(request, instruments, decimals, money, is_wide)
    found = []
    for rules, one, series in zip(instruments, decimals, candles.values(), strict=True):
        grid = grid_of(rules, one, money)
        limits = limits_of(rules, request.risk, money, 0 if is_wide else _PRODUCTS)
        highest = float(series.high.max()) * grid.scale * _HEADROOM
        if not is_wide and not _fits(grid, limits, highest, counting):
            return wide(counting, candles)
        charges = charges_of(request.costs)
        found.append(numbers_row(grid, limits, charges, _funding(request, rules)))
    return replace(counting, rows=tuple(found))


def _fits(grid: Grid, limits: Limits, dearest: float, counting: Counting) -> bool:
    """Whether everything that is reckoned with such prices fits 64 bits."""
    if dearest >= _DIGITS:
        return False
    rate, turn, highest = limits.one, limits.turn, math.ceil(dearest)
    with_fees = rate * turn + 2 * limits.taker * limits.leverage
    lost = highest * 2 * (rate + limits.fee)
    worth = grid.worth * grid.step
    return (
        max(lost * worth, highest * worth * max(with_fees, turn)) < _PRODUCTS
        and counting.opening < AMOUNTS
        and limits.leverage * turn * grid.cent < _PRODUCTS
    )


def _funding(request: BacktestRequest, rules: Instrument) -> tuple[int, int, int]:
    """The rate of one funding interval, what it is counted in, and the interval in ms."""
    rate = request.costs.funding_rate
    decimals = decimals_of(rate)
    minutes = rules.funding_interval_minutes
    counted, one = whole(rate, decimals) * minutes, 10**decimals * FUNDING_RATE_MINUTES
    common = math.gcd(counted, one)
    return counted // common, one // common, minutes * MINUTE_MS


def _finest(candles: CandleArrays) -> int:
    """Decimals that every price of the candles is written with."""
    prices = np.unique(np.concatenate((candles.open, candles.high, candles.low, candles.close)))
    return max(decimals_of(Decimal(repr(price))) for price in prices.tolist())
