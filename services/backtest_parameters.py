"""What a person may change about the strategy of a backtest, with the ranges a form offers.

The strategy itself is too heavy for a web worker, so its parameters are listed here; a test holds
the list to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from src.domain.errors import InvalidInput

Value = int | float | str | bool
Kind = Literal["integer", "number", "boolean", "choice"]


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter by its wire name; numbers have `lowest`, `highest` and a `step` for forms."""

    name: str
    label: str
    kind: Kind
    default: Value
    lowest: float | None = None
    highest: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()


def _integer(name: str, label: str, default: int, lowest: int, highest: int) -> Declared:
    return Declared(name, label, "integer", default, lowest, highest, 1)


def _number(
    name: str, label: str, default: float, lowest: float, highest: float, step: float
) -> Declared:
    return Declared(name, label, "number", default, lowest, highest, step)


def _choice(name: str, label: str, *choices: str, default: str) -> Declared:
    return Declared(name, label, "choice", default, choices=choices)


def _flag(name: str, label: str, *, default: bool) -> Declared:
    return Declared(name, label, "boolean", default)


PARAMETERS: tuple[Declared, ...] = (
    _number("confluenceThreshold", "Confluence needed, points", 60.0, 0, 100, 1),
    _number("minimumReward", "Smallest reward, R", 2.0, 0, 20, 0.25),
    _integer("sweepWindow", "Sweep to shift, at most, bars", 30, 1, 63),
    _integer("setupBars", "A setup waits, at most, bars", 24, 1, 500),
    _choice("gapEntry", "Entry in a gap", "top", "ce", "bottom", default="ce"),
    _choice("blockEntry", "Entry in a block", "top", "open", "mt", default="top"),
    _flag("breakerNeedsSweep", "A breaker needs a sweep", default=True),
    _integer("turtleSoupAge", "Turtle soup: age of the swing, bars", 20, 0, 500),
    _integer("internalDegree", "Internal swing, bars on each side", 5, 1, 20),
    _integer("externalDegree", "External swing, bars on each side", 20, 1, 100),
    _choice("breakOn", "Structure breaks on", "close", "wick", default="close"),
    _flag("filterSweeps", "A sweep is no break", default=False),
    _number("displacementFactor", "Displacement, times the mean body", 1.0, 0, 5, 0.25),
    _flag("requireDisplacement", "A break needs displacement", default=False),
    _number("fvgAtrFraction", "Smallest gap, share of the ATR", 0.1, 0, 2, 0.05),
    _integer("fvgMaxAge", "A gap lives, bars (0: for ever)", 0, 0, 10_000),
    _choice("mitigated", "A gap is used up when", "touched", "ce", "filled", default="filled"),
    _choice("blockZone", "An order block is its", "wick", "body", default="wick"),
    _choice("blockEnd", "An order block ends on", "close", "wick", default="close"),
    _number("equalAtrFraction", "Equal highs and lows, share of the ATR", 0.1, 0, 2, 0.05),
)
_BY_NAME = {declared.name: declared for declared in PARAMETERS}


def checked(given: Mapping[str, object]) -> dict[str, Value]:
    """The values with their types. Raises InvalidInput naming the parameter that is wrong."""
    return {name: _checked(name, value) for name, value in given.items()}


def _checked(name: str, value: object) -> Value:
    declared = _BY_NAME.get(name)
    if declared is None:
        raise _wrong(name, f"is no parameter; known are {', '.join(_BY_NAME)}")
    if declared.kind == "boolean":
        if isinstance(value, bool):
            return value
        raise _wrong(name, "must be true or false")
    if declared.kind == "choice":
        if isinstance(value, str) and value in declared.choices:
            return value
        raise _wrong(name, f"must be one of {', '.join(declared.choices)}")
    return _number_of(declared, value)


def _number_of(declared: Declared, value: object) -> Value:
    lowest, highest = declared.lowest or 0, declared.highest or 0
    whole = declared.kind == "integer"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(declared.name, "must be a number")
    if not lowest <= value <= highest or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise _wrong(declared.name, f"must be {kind} from {lowest:g} to {highest:g}")
    return int(value) if whole else float(value)


def _wrong(name: str, what: str) -> InvalidInput:
    return InvalidInput(f"{name} {what}.", f"parameters.{name}")
