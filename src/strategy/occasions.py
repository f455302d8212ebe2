"""Which entry models a bar gives occasion to: noted as it is folded, asked at its close."""

from collections.abc import Callable
from typing import cast

from numba.cpython.unsafe import numbers

from src.strategy.compiled import Record, inlined

_trailing_zeros = cast(Callable[[int], int], numbers.trailing_zeros)


@inlined
def model_bit(model: int, side: int) -> int:
    """Of a model on a side; ascending bits are models in their order, long before short."""
    return int(1 << (2 * model + side))


@inlined
def lowest_bit(bits: int) -> int:
    """Number of the lowest bit that is set, of bits that are not all zero."""
    return int(_trailing_zeros(bits))


@inlined
def give_occasion(memory: Record, model: int, side: int) -> None:
    """Let a model be asked at the close of this bar."""
    memory.asked |= model_bit(model, side)


@inlined
def give_occasion_next(memory: Record, model: int, side: int) -> None:
    """Let a model be asked at the close of the bar after this one."""
    memory.asked_next |= model_bit(model, side)
