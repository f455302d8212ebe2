"""The fold's memory as bytes: a header that says whose it is, then the arrays as they are."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.domain.errors import InvalidInput
from src.strategy.parameters import StrategyParameters
from src.strategy.state import State, new_state

_HEADER_BYTES = 8


def take_snapshot(
    state: State, symbol: str, timeframe: str, parameters: StrategyParameters, tick: float
) -> bytes:
    """Everything `state` remembers; equal states give equal bytes."""
    header = _identity(state, symbol, timeframe, parameters, tick)
    header["shapes"] = [list(array.shape) for array in _arrays(state)]
    text = json.dumps(header, sort_keys=True).encode()
    body = [np.ascontiguousarray(array).tobytes() for array in _arrays(state)]
    return len(text).to_bytes(_HEADER_BYTES, "little") + text + b"".join(body)


def load_snapshot(
    snapshot: bytes,
    step: int,
    symbol: str,
    timeframe: str,
    parameters: StrategyParameters,
    tick: float,
) -> State:
    """The state a snapshot holds.

    Raises InvalidInput if it was taken of another symbol or timeframe, with other parameters, or
    by a version that remembers other things; the history must then be folded again.
    """
    blank = new_state(step)
    length = int.from_bytes(snapshot[:_HEADER_BYTES], "little")
    try:
        header = json.loads(snapshot[_HEADER_BYTES : _HEADER_BYTES + length])
    except ValueError as error:
        raise InvalidInput("This is not a strategy snapshot", field="snapshot") from error
    expected = json.loads(
        json.dumps(_identity(blank, symbol, timeframe, parameters, tick), sort_keys=True)
    )
    for name, value in expected.items():
        if header.get(name) != value:
            raise InvalidInput(
                f"The snapshot's {name} is {header.get(name)!r}, not {value!r}; "
                "fold the history again",
                field="snapshot",
            )
    position = _HEADER_BYTES + length
    arrays = []
    for template, shape in zip(_arrays(blank), header["shapes"], strict=True):
        size = int(np.prod(shape)) * template.dtype.itemsize
        part = np.frombuffer(snapshot[position : position + size], template.dtype)
        arrays.append(part.reshape(shape).copy())
        position += size
    if position != len(snapshot):
        raise InvalidInput("The snapshot is cut off", field="snapshot")
    state: State = _rebuilt(blank, iter(arrays))
    return state


def _identity(
    state: State, symbol: str, timeframe: str, parameters: StrategyParameters, tick: float
) -> dict[str, Any]:
    layout = repr([array.dtype.descr for array in _arrays(state)])
    return {
        "symbol": symbol,
        "timeframe": timeframe,
        "tick": tick,
        "parameters": asdict(parameters),
        "layout": hashlib.sha256(layout.encode()).hexdigest(),
    }


def _arrays(group: NamedTuple) -> Iterator[NDArray[Any]]:
    for member in group:
        if isinstance(member, np.ndarray):
            yield member
        else:
            yield from _arrays(member)


def _rebuilt(group: Any, arrays: Iterator[NDArray[Any]]) -> Any:
    return type(group)(
        *(
            next(arrays) if isinstance(member, np.ndarray) else _rebuilt(member, arrays)
            for member in group
        )
    )
