"""How the text of one setting becomes a value.

Each parser takes stripped text and returns the value, or raises ValueError saying what to write.
"""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from urllib.parse import urlsplit

from src.domain.candle import SYMBOL_PATTERN, Timeframe

PLACEHOLDERS = frozenset(
    {
        "your-secure-random-key-here",
        "your-email@gmail.com",
        "your-app-specific-password",
        "ACxxxx...",
        "your-token",
        "+1234567890",
        "your-api-key",
        "your-api-secret",
    }
)
"""What `.env.example` holds where only the owner knows the value; it counts as not set."""

Choice = TypeVar("Choice", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: how its text becomes a value, and its default as one would write it."""

    parse: Callable[[str], object]
    default: str = ""


def optional_text(value: str) -> str | None:
    """The text, or None when nothing or a placeholder stands there."""
    return None if value in PLACEHOLDERS else value or None


def optional_url(value: str) -> str | None:
    """An address of this system, without a slash at its end; None when nothing stands there."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query):
        raise ValueError("the address people open, such as https://trading.example.com")
    return value.rstrip("/") or None


def flag(value: str) -> bool:
    """`true` or `false`, in the usual spellings."""
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if value.lower() not in known:
        raise ValueError("true or false")
    return known[value.lower()]


def choice(words: type[Choice]) -> Callable[[str], Choice]:
    """Parser for one word of an enumeration."""

    def parse(value: str) -> Choice:
        if value not in set(words):
            raise ValueError(f"one of {', '.join(words)}")
        return words(value)

    return parse


def number(allowed: Callable[[Decimal], bool], range_words: str) -> Callable[[str], Decimal]:
    """Parser for a finite decimal number that `allowed` accepts; `range_words` say which."""

    def parse(value: str) -> Decimal:
        try:
            parsed = Decimal(value)
        except InvalidOperation:
            raise ValueError(f"a number {range_words}") from None
        if not parsed.is_finite() or not allowed(parsed):
            raise ValueError(f"a number {range_words}")
        return parsed

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Parser for a whole number from `low` to `high`, both included."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def list_of(pattern: str, kind: str) -> Callable[[str], tuple[str, ...]]:
    """Parser for different words between commas, each matching `pattern`; `kind` names them."""

    def parse(value: str) -> tuple[str, ...]:
        words = tuple(word.strip() for word in value.split(","))
        if not all(re.fullmatch(pattern, word) for word in words) or len({*words}) < len(words):
            raise ValueError(f"{kind}, each once, separated by commas")
        return words

    return parse


def names(value: str) -> tuple[str, ...]:
    """Different names between commas, or `none`."""
    if value == "none":
        return ()
    return list_of(r"[a-z0-9_]{1,40}", "none or names in lower case")(value)


def smt_pairs(value: str) -> tuple[tuple[str, str], ...] | None:
    """Each symbol with the one it is compared with: `A:B,B:A`, or `none`; None for `auto`."""
    if value == "auto":
        return None
    if value == "none":
        return ()
    pairs = [tuple(word.strip().split(":")) for word in value.split(",")]
    names = [pair[0] for pair in pairs]
    for pair in pairs:
        fits = all(re.fullmatch(SYMBOL_PATTERN, name) for name in pair)
        if len(pair) != 2 or not fits or pair[0] == pair[1]:
            raise ValueError("auto, none or pairs of different symbols between commas")
    if len({*names}) < len(names):
        raise ValueError("auto, none or pairs of which no two begin with the same symbol")
    return tuple((name, peer) for name, peer in pairs)


def score(value: str) -> float:
    """A confluence score, 0 to 100."""
    return float(number(lambda points: 0 <= points <= 100, "from 0 to 100")(value))


def timeframe(value: str) -> Timeframe:
    """One candle length."""
    known = {member.value: member for member in Timeframe}
    if value not in known:
        raise ValueError(f"a candle length out of {', '.join(known)}")
    return known[value]


def timeframes(value: str) -> tuple[Timeframe, ...]:
    """Different candle lengths between commas."""
    words = list_of("|".join(member.value for member in Timeframe), "candle lengths")(value)
    return tuple(timeframe(word) for word in words)


def account_uid(value: str) -> str | None:
    """The number of a Bybit account, or None when nothing stands there."""
    if not re.fullmatch(r"[0-9]{0,20}", value):
        raise ValueError("the uid of the Bybit account, digits only, or nothing")
    return value or None


def database_url(value: str) -> str:
    """The URL of an SQLite file: processes share it, so a database in memory will not do."""
    if not re.fullmatch(r"sqlite:///[^?#:]+", value):
        raise ValueError("sqlite:/// and the path of a file (no other database is built yet)")
    return value


def loopback_url(value: str) -> str:
    """An http address of this machine, without a path."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme == "http" and parts.port is not None and parts.path in {"", "/"}
    except ValueError:
        sound = False
    if not sound or parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError("an http address of this machine with its port")
    return value.rstrip("/")
