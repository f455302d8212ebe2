"""The shape of what a message says, and how its numbers are written.

Numbers use a point and no grouping, times are UTC, so that no reader can take them for something
else.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """One fact. `amount` marks what somebody may not want to be read over his shoulder."""

    label: str
    value: str
    amount: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """The content of a message: a headline, facts in the order to read them, reasons.

    `short` is the whole of it for a text message or a lock screen. `outcome` ends headline and
    short text, unless the reader wants no amounts.
    """

    headline: str
    short: str
    outcome: str = ""
    facts: tuple[Line, ...] = ()
    reasons: tuple[str, ...] = ()
    advice: str = ""


def number(value: float) -> str:
    """Twelve digits at most, no exponent, no trailing zeros."""
    text = f"{value:.{max(0, 12 - len(str(int(abs(value)))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: float) -> str:
    """An amount of the settlement coin."""
    return f"{value:.2f} USDT"


def signed(value: float) -> str:
    """An amount with its sign."""
    return f"{value:+.2f} USDT"


def moment(iso: str) -> str:
    """A time of the wire JSON."""
    return f"{iso[:10]} {iso[11:19]} UTC"
