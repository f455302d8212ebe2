"""Every foreign error becomes one of the domain's."""

import pytest
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
from src.exchange.bybit.errors import (
    AlreadySet,
    Duplicate,
    InsufficientFunds,
    LimitReached,
    NotFoundOrTerminal,
    translated,
    translated_write,
)

NOW = 1_795_000_000_000


def raised_by(error: Exception) -> ExchangeError:
    with pytest.raises(ExchangeError) as caught, translated(lambda: NOW):
        raise error
    return caught.value


CODES: dict[type[ExchangeError], tuple[int, ...]] = {
    Rejected: (10001, 110003, 110017, 110032, 110092, 110093, 110094, 170134, 170136, 170140),
    AlreadySet: (110043, 110025, 110026, 34040),
    NotFoundOrTerminal: (110001, 110008, 110010, 110079, 40004, 170213),
    Duplicate: (110072, 170141),
    InsufficientFunds: (110004, 110006, 110007, 110012, 110044, 110045, 170131, 170033),
    LimitReached: (110013, 110020, 110021, 110023, 110090),
    ClockSkew: (10002, -1),
    RateLimited: (10006, 10429, 170222),
    Unavailable: (10000, 10016, 10019, 170001, 170007, 170032, 170146, 500000),
    AuthFatal: (10003, 10004, 10005, 10007, 10010, 10027, 33004, 110132),
    RegionBlocked: (10009, 10024),
}
"""Bybit's return codes by what has to follow."""


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for kind, codes in CODES.items() for code in codes]
)
def test_a_return_code_says_what_to_do(code: int, kind: type[ExchangeError]) -> None:
    error = raised_by(InvalidRequestError("GET x", "some words", code, "t", {}))
    assert type(error) is kind
    assert "some words" in str(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, RegionBlocked),
        (429, RateLimited),
        (401, AuthFatal),
        (500, Unavailable),
        (409, Unavailable),
    ],
)
def test_an_http_status_says_what_to_do(status: int, kind: type[ExchangeError]) -> None:
    assert type(raised_by(FailedRequestError("GET x", "words", status, "t", {}))) is kind


def test_a_rate_limit_ends_when_the_header_says() -> None:
    headers = {"X-Bapi-Limit-Reset-Timestamp": str(NOW + 700)}
    error = raised_by(InvalidRequestError("GET x", "slow down", 10006, "t", headers))
    assert isinstance(error, RateLimited)
    assert error.until == NOW + 700


def test_a_rate_limit_without_a_header_ends_in_two_seconds() -> None:
    error = raised_by(FailedRequestError("GET x", "slow down", 429, "t", None))
    assert isinstance(error, RateLimited)
    assert error.until == NOW + 2_000


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout("no answer"),
        requests.ConnectionError("refused"),
        requests.ReadTimeout("late"),
        KeyError("result"),
        ValueError("not a number"),
    ],
)
def test_silence_and_nonsense_mean_unavailable(error: Exception) -> None:
    assert type(raised_by(error)) is Unavailable


@pytest.mark.parametrize(
    "error",
    [
        requests.ReadTimeout("late"),
        requests.ConnectionError("dropped"),
        FailedRequestError("POST x", "could not decode", 409, "t", {}),
        FailedRequestError("POST x", "words", 502, "t", {}),
        InvalidRequestError("POST x", "server error", 10016, "t", {}),
    ],
)
def test_a_write_that_may_have_happened_has_an_unknown_outcome(error: Exception) -> None:
    with pytest.raises(UnknownOutcome), translated_write(lambda: NOW):
        raise error


def test_a_write_that_was_refused_is_not_unknown() -> None:
    with pytest.raises(RateLimited), translated_write(lambda: NOW):
        raise InvalidRequestError("POST x", "slow down", 10006, "t", {})


def test_a_refusal_for_the_position_mode_means_that_the_account_is_not_fit_to_trade() -> None:
    refusal = "position idx not match position mode"
    assert type(raised_by(InvalidRequestError("POST x", refusal, 10001, "t", {}))) is NotFitToTrade


def test_what_was_signed_is_not_repeated_in_a_message() -> None:
    """Bybit answers a wrong signature with the key and the whole request."""
    echo = 'error sign! origin_string[1700000000000the-key5000{"qty": "1"}]'
    told = str(raised_by(InvalidRequestError("POST x", echo, 10004, "t", {})))
    assert told == "Bybit: error sign! (code 10004)"
