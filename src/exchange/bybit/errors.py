"""Foreign errors become the domain's here and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
from pybit.exceptions import FailedRequestError, InvalidRequestError

from src.domain.errors import (
    AuthFatal,
    ClockSkew,
    ExchangeError,
    NotFitToTrade,
    RateLimited,
    RegionBlocked,
    Rejected,
    Unavailable,
    UnknownOutcome,
)


class Duplicate(Rejected):
    """The client id was used before: the earlier attempt arrived."""


class AlreadySet(Rejected):
    """What was asked for is already so."""


class NotFoundOrTerminal(Rejected):
    """The order is unknown or has ended; look it up before deciding."""


class AccountLimited(Rejected):
    """The account can back no further entry: its money or one of its limits is used up."""


class InsufficientFunds(AccountLimited):
    """The account cannot back the order."""


class LimitReached(AccountLimited):
    """The account holds or has ordered as much as Bybit allows it."""


_CLOCK = {10002, -1}
_THROTTLE = {10006, 10018, 10429, 170222}
_REGION = {10009, 10024}
_FATAL = {10003, 10004, 10005, 10007, 10010, 10027, 33004, 110132}
_OUTAGE = {10000, 10016, 10019, 170001, 170007, 170032, 170146, 500000}
_REFUSALS: dict[int, type[Rejected]] = {
    **dict.fromkeys((110072, 170141), Duplicate),
    **dict.fromkeys((110043, 110025, 110026, 34040), AlreadySet),
    **dict.fromkeys((110001, 110008, 110010, 110079, 40004, 170213), NotFoundOrTerminal),
    **dict.fromkeys(
        (110004, 110006, 110007, 110012, 110044, 110045, 170131, 170033), InsufficientFunds
    ),
    **dict.fromkeys((110013, 110020, 110021, 110023, 110090), LimitReached),
}
_WRONG_MODE = "position idx not match"
"""How a refusal, whose code means much else too, tells that the account left one-way mode."""
_ECHO = " origin_string["
"""What follows holds the key and the whole request."""
_DEFAULT_WAIT_MS = 2_000
_RESET_HEADER = "X-Bapi-Limit-Reset-Timestamp"


@contextmanager
def translated(now: Callable[[], int]) -> Iterator[None]:
    """Raise what a read meets inside as the ExchangeError it means.

    `now` is wall time (UTC ms): a rate limit without a reset time ends two seconds from it.
    """
    try:
        yield
    except InvalidRequestError as error:
        raise _from_code(error, now()) from error
    except FailedRequestError as error:
        raise _from_status(error, now()) from error
    except requests.RequestException as error:
        raise Unavailable(f"Bybit cannot be reached: {error}") from error
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise Unavailable(f"Bybit's answer could not be understood: {error!r}") from error


@contextmanager
def translated_write(now: Callable[[], int]) -> Iterator[None]:
    """As `translated`, for a write: what may or may not have happened is an UnknownOutcome."""
    try:
        with translated(now):
            yield
    except Unavailable as error:
        raise UnknownOutcome(f"It is not known whether Bybit took the order: {error}") from error


def _from_code(error: InvalidRequestError, now: int) -> ExchangeError:
    code, message = int(error.status_code), str(error.message).partition(_ECHO)[0]
    text = f"Bybit: {message} (code {code})"
    if _WRONG_MODE in message:
        return NotFitToTrade(f"{text}: the account is not in one-way mode; the start switches it.")
    if code in _CLOCK:
        return ClockSkew(f"{text}; set this machine's clock by NTP.")
    if code in _THROTTLE:
        return RateLimited(text, _reset_time(error.resp_headers, now))
    if code in _REGION:
        return RegionBlocked(text)
    if code in _FATAL:
        return AuthFatal(text)
    if code in _OUTAGE:
        return Unavailable(text)
    return _REFUSALS.get(code, Rejected)(text)


def _from_status(error: FailedRequestError, now: int) -> ExchangeError:
    status = int(error.status_code)
    if status == 403:
        return RegionBlocked(
            "Bybit answered 403: this network's region is not served, or it sent far too many "
            "requests; wait ten minutes before trying again."
        )
    if status == 401:
        return AuthFatal("Bybit answered 401: the API key is not accepted.")
    if status == 429:
        return RateLimited("Bybit answered 429.", _reset_time(error.resp_headers, now))
    return Unavailable(f"Bybit did not answer a request: {error.message} ({status})")


def _reset_time(headers: object, now: int) -> int:
    """The header's reset time; it may already have passed."""
    text = headers.get(_RESET_HEADER) if hasattr(headers, "get") else None
    return int(text) if isinstance(text, str) and text.isdigit() else now + _DEFAULT_WAIT_MS
