"""The fold's memory as bytes: a digest, a header that says whose it is, the arrays."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from src.domain.errors import InvalidInput
from src.strategy.parameters import StrategyParameters

# Arrays in tuples, nested.
Memory = TypeVar("Memory", bound=tuple[Any, ...])

_DIGEST_BYTES = 32
_LENGTH_BYTES = 8


def take_snapshot(
    state: tuple[Any, ...], symbol: str, timeframe: str, parameters: StrategyParameters, tick: float
) -> bytes:
    """Everything `state` (tuples of arrays, nested) remembers; equal states give equal bytes."""
    header = _identity(state, symbol, timeframe, parameters, tick)
    header["shapes"] = [list(array.shape) for array in _arrays(state)]
    text = json.dumps(header, sort_keys=True).encode()
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in _arrays(state))
    content = len(text).to_bytes(_LENGTH_BYTES, "little") + text + body
    return hashlib.sha256(content).digest() + content


def load_snapshot(
    snapshot: bytes,
    empty: Memory,
    symbol: str,
    timeframe: str,
    parameters: StrategyParameters,
    tick: float,
) -> Memory:
    """The state a snapshot holds; `empty` is one that remembers nothing yet.

    Raises InvalidInput if it is damaged or was taken of another symbol or timeframe, with other
    parameters, or by a version that remembers other things; fold the history again then.
    """
    digest, content = snapshot[:_DIGEST_BYTES], snapshot[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest or not content:
        raise InvalidInput("The strategy snapshot is damaged or cut off", field="snapshot")
    body = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
    header = json.loads(content[_LENGTH_BYTES:body])
    expected = json.loads(json.dumps(_identity(empty, symbol, timeframe, parameters, tick)))
    for name, value in expected.items():
        if header.get(name) != value:
            raise InvalidInput(
                f"The snapshot's {name} is {header.get(name)!r}, not {value!r}; "
                "fold the history again",
                field="snapshot",
            )
    arrays = []
    for template, shape in zip(_arrays(empty), header["shapes"], strict=True):
        count = int(np.prod(shape))
        array = np.frombuffer(content, template.dtype, count, body).reshape(shape).copy()
        arrays.append(array)
        body += array.nbytes
    state: Memory = _rebuilt(empty, iter(arrays))
    return state


def copied(state: Memory) -> Memory:
    """A copy that shares no array with `state`."""
    copy: Memory = _rebuilt(state, (array.copy() for array in _arrays(state)))
    return copy


def _identity(
    state: tuple[Any, ...], symbol: str, timeframe: str, parameters: StrategyParameters, tick: float
) -> dict[str, Any]:
    layout = repr([array.dtype.descr for array in _arrays(state)])
    return {
        "symbol": symbol,
        "timeframe": timeframe,
        "tick": tick,
        "parameters": asdict(parameters),
        "layout": hashlib.sha256(layout.encode()).hexdigest(),
    }


def _arrays(group: tuple[Any, ...]) -> Iterator[NDArray[Any]]:
    for member in group:
        if isinstance(member, np.ndarray):
            yield member
        else:
            yield from _arrays(member)


def _rebuilt(group: Any, arrays: Iterator[NDArray[Any]]) -> Any:
    members = [
        next(arrays) if isinstance(member, np.ndarray) else _rebuilt(member, arrays)
        for member in group
    ]
    return tuple(members) if type(group) is tuple else type(group)(*members)
