"""Several numbers asked the same question at once: one instruction on vectors instead of a loop.

`levels` is an array in the fold's memory, `values` a tuple with one number for each of its lanes;
bit k of an answer stands for lane k. What is undefined (NaN) answers no.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from src.strategy.compiled import Floats

_LANE = ir.IntType(32)


def _checked(levels: Any, values: Any) -> int:
    """The number of lanes."""
    if levels.dtype != types.float64 or set(values) != {types.float64}:
        raise TypeError(f"lanes are doubles and a tuple of doubles, not {levels}, {values}")
    return len(values)


def _vectors(context: Any, builder: Any, signature: Any, arguments: Any) -> tuple[Any, Any]:
    """Pointer to the levels, and the values."""
    count = len(signature.args[1])
    lanes = ir.VectorType(ir.DoubleType(), count)
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    values = ir.Constant(lanes, ir.Undefined)
    for lane in range(count):
        value = builder.extract_value(arguments[1], lane)
        values = builder.insert_element(values, value, ir.Constant(_LANE, lane))
    return builder.bitcast(array.data, lanes.as_pointer()), values


def _comparison(operator: str) -> Callable[[Any, Any, Any], Any]:
    def generate(_: Any, levels: Any, values: Any) -> Any:
        count = _checked(levels, values)

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer, vector = _vectors(context, builder, signature, arguments)
            answers = builder.fcmp_ordered(operator, builder.load(pointer, align=8), vector)
            bits = builder.bitcast(answers, ir.IntType(count))
            return builder.zext(bits, ir.IntType(64))

        return types.int64(levels, values), code

    return generate


def _generate_replacement(_: Any, levels: Any, values: Any, _bits: Any) -> Any:
    count = _checked(levels, values)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, vector = _vectors(context, builder, signature, arguments)
        chosen = builder.trunc(arguments[2], ir.IntType(count))
        mask = builder.bitcast(chosen, ir.VectorType(ir.IntType(1), count))
        old = builder.load(pointer, align=8)
        builder.store(builder.select(mask, vector, old), pointer, align=8)
        return context.get_dummy_value()

    return types.void(levels, values, types.int64), code


Comparison = Callable[[Floats, tuple[float, ...]], int]
# at_least(levels, values): which levels are at least their value; below: which are under it.
at_least = cast(Comparison, intrinsic(_comparison(">=")))
below = cast(Comparison, intrinsic(_comparison("<")))
# replace(levels, values, bits): put the values of these lanes in place of their levels.
replace = cast(Callable[[Floats, tuple[float, ...], int], None], intrinsic(_generate_replacement))
