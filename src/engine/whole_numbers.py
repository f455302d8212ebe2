"""Money, prices and quantities as whole numbers, and their exact quotients.

The rules about money are written once, as functions of whole numbers: the engine and the paper
venue call them as they stand, where Python's integers have no largest, and a backtest compiles
the very same functions to 64 bits. Three functions know the difference and are given a compiled
twin here: the two quotients of a product and `exact_price`.
"""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from numba.extending import overload, register_jitable

MONEY_DECIMALS = 8
"""Fees and funding are booked in this decimal of the quote currency."""

_SAFE = 4.0e18
"""Products below this, reckoned in floats, fit 64 bits with a sign."""
NOT_EXACT = -1


def floor_quotient(first: int, second: int, divisor: int) -> int:
    """The largest whole number not above `first` x `second` / `divisor`.

    `second` is not negative, `divisor` above zero."""
    return first * second // divisor


def ceiling_quotient(first: int, second: int, divisor: int) -> int:
    """The smallest whole number not below `first` x `second` / `divisor`."""
    return -(-first * second // divisor)


def exact_price(price: float, scale: int) -> int:
    """A price above zero as a count of 1/`scale`; NOT_EXACT when it has more decimals."""
    counted = Decimal(repr(price)) * scale
    return int(counted) if counted == int(counted) else NOT_EXACT


@register_jitable
def tick_at_or_below(price: float, tick: int, scale: int) -> int:
    """The highest multiple of `tick` (counted in 1/`scale`) not above a price as it is written.

    A price as it is written is the shortest decimal that names the float. Rounding to floats keeps
    the order of decimals, so comparing a tick's float with the price compares the two as written,
    as long as a count has at most 15 digits.
    """
    found = math.floor(price * scale) // tick * tick
    while found / scale > price:
        found -= tick
    while (found + tick) / scale <= price:
        found += tick
    return found


@register_jitable
def tick_at_or_above(price: float, tick: int, scale: int) -> int:
    """The lowest multiple of `tick` (counted in 1/`scale`) not below a price as it is written."""
    below = tick_at_or_below(price, tick, scale)
    return below if below / scale == price else below + tick


def decimals_of(number: Decimal) -> int:
    """How many decimals a number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def whole(number: Decimal, decimals: int) -> int:
    """A number as a count of 10^-`decimals`. Raises ValueError when it has more decimals."""
    counted = number.scaleb(decimals)
    if counted != int(counted):
        raise ValueError(f"{number} has more than {decimals} decimals")
    return int(counted)


@register_jitable
def _divided(first: int, second: int, divisor: int) -> tuple[int, int]:
    """Quotient and remainder of a product that may not fit; none of the three is negative."""
    if float(first) * float(second) < _SAFE:
        product = first * second
        return product // divisor, product % divisor
    quotient, remainder = 0, 0
    whole_part, rest = second // divisor, second % divisor
    for bit in range(62, -1, -1):
        quotient, remainder = 2 * quotient, 2 * remainder
        if remainder >= divisor:
            quotient, remainder = quotient + 1, remainder - divisor
        if (first >> bit) & 1:
            quotient, remainder = quotient + whole_part, remainder + rest
            if remainder >= divisor:
                quotient, remainder = quotient + 1, remainder - divisor
    return quotient, remainder


@register_jitable
def compiled_floor_quotient(first: int, second: int, divisor: int) -> int:
    """`floor_quotient` where the result and every argument fit 62 bits."""
    quotient, remainder = _divided(abs(first), second, divisor)
    if first >= 0:
        return quotient
    return -quotient - 1 if remainder else -quotient


@register_jitable
def compiled_ceiling_quotient(first: int, second: int, divisor: int) -> int:
    """`ceiling_quotient` where the result and every argument fit 62 bits."""
    return -compiled_floor_quotient(-first, second, divisor)


@register_jitable
def compiled_exact_price(price: float, scale: int) -> int:
    """`exact_price` of counts of at most 15 digits."""
    counted = round(price * scale)
    return counted if counted / scale == price else NOT_EXACT


@overload(floor_quotient, strict=False)
def _floor_quotient(first: Any, second: Any, divisor: Any) -> Callable[..., int]:  # noqa: ARG001  # numba asks by types
    return lambda first, second, divisor: compiled_floor_quotient(first, second, divisor)


@overload(ceiling_quotient, strict=False)
def _ceiling_quotient(first: Any, second: Any, divisor: Any) -> Callable[..., int]:  # noqa: ARG001  # numba asks by types
    return lambda first, second, divisor: compiled_ceiling_quotient(first, second, divisor)


@overload(exact_price, strict=False)
def _exact_price(price: Any, scale: Any) -> Callable[..., int]:  # noqa: ARG001  # numba asks by types
    return lambda price, scale: compiled_exact_price(price, scale)
