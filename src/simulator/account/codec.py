"""Dataclasses of the account as JSON and back: decimals are strings, directions numbers."""

import enum
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

_FIELDS: dict[Any, dict[str, Any]] = {}
"""Types of the fields, by dataclass."""


def encoded(thing: object, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a dataclass, in plain JSON types."""
    names = _types(type(thing))
    return {name: _plain(getattr(thing, name)) for name in names if name not in without}


def decoded(kind: type[T], content: Mapping[str, Any], **given: object) -> T:
    """The dataclass that `content` and the fields `given` make."""
    types = _types(kind)
    made = {name: _typed(types[name], value) for name, value in content.items()}
    return kind(**made, **given)


def _types(kind: Any) -> dict[str, Any]:
    if kind not in _FIELDS:
        hints = get_type_hints(kind)
        _FIELDS[kind] = {field.name: hints[field.name] for field in fields(kind)}
    return _FIELDS[kind]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if is_dataclass(value):
        return encoded(value)
    return value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not type(None))
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, enum.Enum)):
        return kind(value)
    if is_dataclass(kind) and isinstance(kind, type):
        return decoded(kind, value)
    return value
