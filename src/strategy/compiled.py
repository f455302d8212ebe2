"""How every kernel is compiled, and the array types kernels speak."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, typeof, types
from numba.core import cgutils, config
from numba.extending import intrinsic
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])

Records = NDArray[np.void]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
# One element of `Records`: numba gives it attributes, numpy's types cannot say which.
Record = Any


# Numba leaves it off: operations that stand side by side in unrolled loops become one on vectors.
vars(config)["SLP_VECTORIZE"] = 1
_OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Function) -> Function:
    """Compile a kernel to machine code, kept on disk between runs.

    No fast-math: formulas are evaluated as written, comparisons are exact float64. Division
    follows numpy (no exception), so an undefined value is NaN and fails every comparison.
    Kernels only read and write arrays their caller holds, so numba's reference counting (an
    atomic operation for every array a function touches, nine tenths of the run time) is off; a
    kernel must therefore never allocate an array.

    Numba hands the options of a caller down: called from an inlined kernel, it is inlined too.
    """
    return cast(Function, njit(**_OPTIONS)(function))


def entry_point(kernel: Function, *arguments: Any) -> Function:
    """The machine code of a kernel for arguments of these types, compiled now if need be.

    It is called without any look at its arguments, which takes ten times as long as to hand over
    those of the fold; so nothing but arguments of these very types may be given to it.
    """
    types_of_arguments = tuple(cast(Any, typeof)(argument) for argument in arguments)
    return cast(Function, cast(Any, kernel).compile(types_of_arguments))


def inlined(function: Function) -> Function:
    """The same for a step that every bar takes: its code becomes part of its caller's.

    A call would copy the descriptors of every table and buffer it is handed.
    """
    return cast(Function, njit(forceinline=True, **_OPTIONS)(function))


def apart(function: Function) -> Function:
    """The same for long code that few bars run: one copy, called, out of the way of the rest."""
    return cast(Function, njit(forceinline=False, **_OPTIONS)(function))


def code(number: int) -> int:
    """A constant kernels pass to each other.

    Plain Python constants would make numba compile a function anew for each of their values.
    """
    return cast(int, np.int64(number))


def _generate_copy(_: Any, target: Any, source: Any) -> Any:
    if not isinstance(target, types.Record) or target != source:
        raise TypeError(f"copy_record takes two records of one layout, not {target}, {source}")

    def generate(context: Any, builder: Any, _: Any, pointers: Any) -> Any:
        size = context.get_constant(types.intp, target.size)
        cast(Any, cgutils).raw_memcpy(builder, *pointers, size, itemsize=1, align=8)
        return context.get_dummy_value()

    return types.void(target, source), generate


# copy_record(target, source): copy a whole record; assigned to its place, it goes byte by byte.
copy_record = cast(Callable[[Record, Record], None], intrinsic(_generate_copy))


@inlined
def whole(number: int) -> int:
    """A row's small integer at the usual size; for another, numba would compile a callee anew."""
    return number + 0


@inlined
def either(condition: bool, this: int, that: int) -> int:
    """This where the condition holds, else that; never by a jump, as a conditional may be."""
    return that ^ ((this ^ that) & -int(condition))


@inlined
def place(number: int) -> np.uint64:
    """A number that is never negative, as an index; a signed one is tested for the array's end."""
    return np.uint64(number)
