"""Which parameters of the strategy may be searched, and over which values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from src.domain.errors import InvalidInput
from src.strategy.parameters import StrategyParameters

Value = int | float | str | bool


@dataclass(frozen=True, slots=True)
class Choices:
    """A parameter and the values it may take, in order; neighbours in it are neighbours in life."""

    name: str
    values: tuple[Value, ...]


SEARCHABLE: Mapping[str, tuple[Value, ...]] = {
    "internal_degree": (3, 4, 5, 6, 8),
    "external_degree": (10, 15, 20, 25, 30),
    "displacement_factor": (0.75, 1.0, 1.25, 1.5, 2.0),
    "fvg_atr_fraction": (0.0, 0.05, 0.1, 0.15, 0.25),
    "fvg_max_age": (0, 50, 100, 200),
    "require_displacement": (False, True),
    "equal_atr_fraction": (0.05, 0.1, 0.15, 0.2),
    "break_on": ("close", "wick"),
    "mitigated": ("touched", "ce", "filled"),
    "block_zone": ("wick", "body"),
    "confluence_threshold": (40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 70.0, 75.0, 80.0),
    "minimum_reward": (1.5, 2.0, 2.5, 3.0, 4.0),
    "sweep_window": (15, 20, 30, 40, 60),
    "setup_bars": (12, 18, 24, 36, 48),
    "gap_entry": ("top", "ce", "bottom"),
    "block_entry": ("top", "open", "mt"),
    "breaker_needs_sweep": (True, False),
    "turtle_soup_age": (10, 15, 20, 30),
}
"""The declared ranges. What is not here is not a matter of tuning."""

SEARCHED = ("confluence_threshold", "minimum_reward", "displacement_factor", "setup_bars")
"""What is searched when nothing is named: few, because every further one makes luck cheaper."""


def search_space(texts: Sequence[str] = (), assigned: Sequence[str] = ()) -> tuple[Choices, ...]:
    """The space from `name` (its declared range) or `name=value,value,…` each; without any, what
    of SEARCHED is not `assigned` (`name=value` each).

    Raises InvalidInput for a name that is not declared, one that is assigned as well, or a value
    of the wrong kind.
    """
    held = {text.partition("=")[0] for text in assigned}
    chosen = [_choices(text) for text in texts or SEARCHED if texts or text not in held]
    names = [one.name for one in chosen]
    if len(set(names)) < len(names):
        raise InvalidInput("Name each parameter once.", "parameters")
    for name in names:
        if name in held:
            raise InvalidInput(f"{name} is either set or searched, not both.", "parameters")
    return tuple(chosen)


def with_values(parameters: StrategyParameters, values: Mapping[str, Value]) -> StrategyParameters:
    """Parameters with some replaced. Raises SettingsError when a value makes no sense."""
    return replace(parameters, **values)  # type: ignore[arg-type]  # names of SEARCHABLE only


def with_assigned(parameters: StrategyParameters, texts: Sequence[str]) -> StrategyParameters:
    """Parameters with `name=value` each replaced; the names are those of SEARCHABLE.

    Raises InvalidInput for a name that is not declared, one named twice, or a value of the wrong
    kind; SettingsError for a value that makes no sense.
    """
    values: dict[str, Value] = {}
    for text in texts:
        name, given, word = text.partition("=")
        if not given or "," in word or name in values:
            raise InvalidInput(f"Write {name} once, as NAME=VALUE.", "parameters")
        values[name] = _choices(text).values[0]
    return with_values(parameters, values)


def neighbours(
    parameters: StrategyParameters, space: Sequence[Choices]
) -> list[tuple[str, StrategyParameters]]:
    """The parameters one step aside, each with its name: `minimum_reward 2.5`.

    A step leads to the next declared value below or above, one parameter at a time.
    """
    found = []
    for one in space:
        current = getattr(parameters, one.name)
        if isinstance(current, str | bool):
            aside = [value for value in one.values if value != current]
        else:
            numbers = sorted(value for value in one.values if not isinstance(value, str))
            below = [value for value in numbers if value < current][-1:]
            aside = [*below, *[value for value in numbers if value > current][:1]]
        found += [
            (f"{one.name} {_shown(value)}", with_values(parameters, {one.name: value}))
            for value in aside
        ]
    return found


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _choices(text: str) -> Choices:
    name, given, values = text.partition("=")
    if name not in SEARCHABLE:
        raise InvalidInput(
            f"{name} is not a parameter to search; known are {', '.join(SEARCHABLE)}", "parameters"
        )
    if not given:
        return Choices(name, SEARCHABLE[name])
    default = next(field.default for field in fields(StrategyParameters) if field.name == name)
    return Choices(name, tuple(_value(name, default, word) for word in values.split(",")))


def _value(name: str, default: object, word: str) -> Value:
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[word.lower()]
        if isinstance(default, int):
            return int(np.int32(int(word)))
        if isinstance(default, float):
            return _finite(word)
    except (ValueError, OverflowError, KeyError):
        raise InvalidInput(f"{word} is no value of {name}", "parameters") from None
    return word


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(word)
    return number
