"""Rules about money are read as Python and run compiled: both give the same whole numbers."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from src.engine.whole_numbers import (
    NOT_EXACT,
    ceiling_quotient,
    exact_price,
    floor_quotient,
    tick_at_or_above,
    tick_at_or_below,
    whole,
)
from src.strategy.compiled import compiled

AMOUNTS = st.integers(min_value=-(10**18), max_value=10**18)
FACTORS = st.integers(min_value=0, max_value=10**18)
DIVISORS = st.integers(min_value=1, max_value=4 * 10**18)
TICKS = st.sampled_from(["0.1", "0.5", "0.01", "0.0001", "5"])
PRICES = st.floats(min_value=0.001, max_value=1_000_000)
FITS = 1 << 62


@compiled
def compiled_floor(first: int, second: int, divisor: int) -> int:
    return floor_quotient(first, second, divisor)


@compiled
def compiled_ceiling(first: int, second: int, divisor: int) -> int:
    return ceiling_quotient(first, second, divisor)


@compiled
def compiled_exact(price: float, scale: int) -> int:
    return exact_price(price, scale)


@compiled
def compiled_ticks(price: float, tick: int, scale: int) -> tuple[int, int]:
    return tick_at_or_below(price, tick, scale), tick_at_or_above(price, tick, scale)


@settings(deadline=None, max_examples=500)
@given(AMOUNTS, FACTORS, DIVISORS)
@example(10**18, 10**18, 10**18)
@example(-(10**18), 999_999_999_999_999_999, 10**18)
def test_quotients_of_products_beyond_64_bits_are_exact(
    first: int, second: int, divisor: int
) -> None:
    floor, ceiling = first * second // divisor, -(-first * second // divisor)
    assert floor_quotient(first, second, divisor) == floor
    assert ceiling_quotient(first, second, divisor) == ceiling
    if max(abs(floor), abs(ceiling)) < FITS:
        assert compiled_floor(first, second, divisor) == floor
        assert compiled_ceiling(first, second, divisor) == ceiling


@settings(deadline=None, max_examples=500)
@given(PRICES, TICKS)
@example(100.1, "0.1")
@example(0.3, "0.1")
@example(1.1000000000000001, "0.1")
def test_a_price_is_put_on_the_ticks_around_the_decimal_it_is_written_as(
    price: float, tick_size: str
) -> None:
    tick, written = Decimal(tick_size), Decimal(repr(price))
    scale, units = 10**4, whole(tick, 4)
    below = int((written / tick).to_integral_value(ROUND_FLOOR)) * units
    above = int((written / tick).to_integral_value(ROUND_CEILING)) * units
    assert tick_at_or_below(price, units, scale) == below
    assert tick_at_or_above(price, units, scale) == above
    assert compiled_ticks(price, units, scale) == (below, above)


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10**13), st.integers(min_value=0, max_value=6))
def test_a_price_is_counted_exactly_or_not_at_all(counted: int, decimals: int) -> None:
    price = counted / 10**decimals
    assert exact_price(price, 10**decimals) == compiled_exact(price, 10**decimals) == counted
    finer = (counted * 10 + 5) / 10 ** (decimals + 1)
    assert exact_price(finer, 10**decimals) == compiled_exact(finer, 10**decimals) == NOT_EXACT


def test_a_number_with_more_decimals_is_not_counted() -> None:
    assert whole(Decimal("1.50"), 1) == 15
    with pytest.raises(ValueError, match="more than 1 decimals"):
        whole(Decimal("1.55"), 1)
