"""Whatever the numbers of a market are, the account is that of the plain loop."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.backtest.account_numbers import counting_of
from src.backtest.request import BacktestRequest
from src.backtest.runner import run_backtest
from src.domain.instrument import Instrument
from src.strategy.candle_arrays import CandleArrays
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market
from tests.unit.backtest.plain_backtest import run_plainly

SYMBOLS = ("BTCUSDT", "SOLUSDT")


def request(balance: str = "100000", leverage: str = "10") -> BacktestRequest:
    """Two symbols."""
    plain = BacktestRequest(SYMBOLS, TIMEFRAME, initial_balance=Decimal(balance))
    return replace(plain, risk=replace(plain.risk, max_leverage=Decimal(leverage)))


def with_tick(symbol: str, tick: str) -> dict[str, Instrument]:
    """The usual rules, one symbol with another tick."""
    return INSTRUMENTS | {symbol: replace(INSTRUMENTS[symbol], tick_size=Decimal(tick))}


def assert_as_candle_by_candle(
    asked: BacktestRequest, instruments: dict[str, Instrument], seed: int
) -> None:
    candles = market(SYMBOLS, days=6, seed=seed)
    fast = run_backtest(asked, candles, instruments)
    slow = run_plainly(asked, candles, instruments, fast.begins_at)
    assert len(fast.trades) > 5, "too quiet a market proves nothing"
    assert fast.trades == tuple(slow.trades)
    assert fast.open_trades == slow.open_trades


def test_prices_finer_than_their_tick_are_counted_finer() -> None:
    assert_as_candle_by_candle(request(), with_tick("BTCUSDT", "2.5"), seed=1)


def test_leverage_that_divides_nothing_evenly_binds_the_same_margin() -> None:
    assert_as_candle_by_candle(request("500", leverage="1.7"), INSTRUMENTS, seed=2)


def test_an_account_too_large_for_64_bits_is_folded_in_larger_numbers() -> None:
    asked = request("12345678901234.56789")
    huge = {name: replace(one, max_quantity=Decimal(10**12)) for name, one in INSTRUMENTS.items()}
    assert counting_of(asked, huge, market(SYMBOLS, days=1)).is_wide
    assert_as_candle_by_candle(asked, huge, seed=3)


def test_an_account_that_outgrows_64_bits_begins_anew_in_larger_numbers() -> None:
    """The first positions are worth more than the largest that is folded in 64 bits."""
    asked = request("900000000")
    huge = {name: replace(one, max_quantity=Decimal(10**12)) for name, one in INSTRUMENTS.items()}
    assert not counting_of(asked, huge, market(SYMBOLS, days=1)).is_wide
    assert_as_candle_by_candle(asked, huge, seed=1)


@pytest.mark.parametrize("decimals", [9, 12])
def test_ticks_too_fine_for_64_bits_are_folded_in_larger_numbers(decimals: int) -> None:
    assert_as_candle_by_candle(request(), with_tick("SOLUSDT", f"1e-{decimals}"), seed=4)


def test_a_price_beyond_every_count_is_counted_in_larger_numbers() -> None:
    candles = market(SYMBOLS, days=1)
    dear = candles["BTCUSDT"]
    columns = (column * 1e300 for column in (dear.open, dear.high, dear.low, dear.close))
    beyond = {**candles, "BTCUSDT": CandleArrays(dear.time, *columns)}
    assert counting_of(request(), INSTRUMENTS, beyond).is_wide
