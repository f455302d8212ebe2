"""Numbers as Bybit takes and gives them: fixed-point strings."""

import re
from collections.abc import Mapping
from decimal import Decimal

from src.simulator.envelope import RefusedRequestError

PARAMETER_ERROR = 10001
_FIXED_POINT = re.compile(r"\d{1,18}(\.\d{1,18})?")

Parameters = Mapping[str, object]
"""What a client sent: a decoded JSON body, or the query."""


def text(parameters: Parameters, name: str, default: str = "") -> str:
    """A parameter as text; absent and null are the default."""
    value = parameters.get(name)
    return default if value is None else str(value)


def number(parameters: Parameters, name: str) -> Decimal | None:
    """A fixed-point string, None when absent or empty. `1e-05` and JSON numbers are refused."""
    value = parameters.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _FIXED_POINT.fullmatch(value):
        raise refused(f"params error: {name} invalid")
    return Decimal(value)


def level(parameters: Parameters, name: str) -> Decimal | None:
    """A price level; zero means none."""
    return number(parameters, name) or None


def integer(parameters: Parameters, name: str, default: int) -> int:
    """A whole number, as JSON number or text."""
    value = text(parameters, name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise refused(f"params error: {name} is not a number")
    return int(value)


def flag(parameters: Parameters, name: str) -> bool:
    """A boolean, as JSON or text."""
    return text(parameters, name).lower() == "true"


def fixed(value: Decimal | None) -> str:
    """Without exponent; empty when there is none."""
    if value is None:
        return ""
    return f"{value:f}" if value else "0"


def refused(message: str, code: int = PARAMETER_ERROR) -> RefusedRequestError:
    """The error to raise: Bybit's code and message."""
    return RefusedRequestError(code, message)
