"""A number that says what it rests on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where it is undefined; `n` counts the observations it was made from."""

    value: float | None
    n: int
