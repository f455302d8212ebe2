"""Frozen dataclasses that are quickly made.

A frozen dataclass with slots sets every field through `object.__setattr__`, which is most of what
making one costs. Here the fields are set on an object whose class does not refuse it yet; the
class is exchanged before anybody sees the object. It is the same class with the same fields,
defaults, equality and refusal to change.
"""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def quickly_made(made: type[Made]) -> type[Made]:
    """Exchange the constructor of a frozen dataclass with slots; use it above `@dataclass`.

    Fields with a default factory are not supported, and raise TypeError here.
    """
    declared = fields(made)  # type: ignore[arg-type]  # only dataclasses are decorated
    if any(field.default_factory is not MISSING for field in declared):
        raise TypeError(f"{made.__name__} has a field with a default factory")
    names = tuple(field.name for field in declared)
    known: dict[str, Any] = {f"_{field.name}": field.default for field in declared}
    known["_making"] = type(f"{made.__name__}InTheMaking", (), {"__slots__": names})
    known["_made"], known["_set"] = made, object.__setattr__
    parameters = (
        field.name if field.default is MISSING else f"{field.name}=_{field.name}"
        for field in declared
    )
    lines = [f"def __init__(self, {', '.join(parameters)}):"]
    lines += [" _set(self, '__class__', _making)", *(f" self.{name} = {name}" for name in names)]
    lines += [" self.__class__ = _made"]
    lines += [" self.__post_init__()"] if hasattr(made, "__post_init__") else []
    # The source holds nothing but the names of the class's own fields.
    exec("\n".join(lines), known)  # noqa: S102  # as the standard library makes dataclasses
    known["__init__"].__annotations__ = made.__init__.__annotations__
    known["__init__"].__qualname__ = made.__init__.__qualname__
    made.__init__ = known["__init__"]  # type: ignore[method-assign]  # what this is for
    return made
