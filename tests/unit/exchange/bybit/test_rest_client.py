"""Reads are repeated a bounded number of times, and only when repeating can help."""

from collections.abc import Mapping

import pytest

from src.domain.errors import ExchangeError, Rejected, Unavailable
from src.exchange.bybit.environment import simulator_environment
from src.exchange.bybit.rest_client import RestClient


class FrozenClock:
    def now(self) -> int:
        return 1_795_000_000_000


class Flaky:
    """A read that fails some times before it answers 42."""

    def __init__(self, failures: int, error: ExchangeError) -> None:
        self.calls = 0
        self._failures = failures
        self._error = error

    def __call__(self) -> Mapping[str, int]:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error
        return {"result": 42}


def client() -> RestClient:
    return RestClient(simulator_environment("http://127.0.0.1:9"), FrozenClock(), first_pause=0.001)


def test_a_read_that_recovers_is_answered() -> None:
    read = Flaky(3, Unavailable("down"))
    assert client().call(read, int) == 42
    assert read.calls == 4


def test_a_read_that_stays_down_gives_up() -> None:
    read = Flaky(99, Unavailable("down"))
    with pytest.raises(Unavailable):
        client().call(read, int)
    assert read.calls == 4


def test_a_refusal_is_not_repeated() -> None:
    read = Flaky(99, Rejected("no such symbol"))
    with pytest.raises(Rejected):
        client().call(read, int)
    assert read.calls == 1


def test_a_closed_client_does_not_wait_to_repeat() -> None:
    closed = client()
    closed.close()
    read = Flaky(99, Unavailable("down"))
    with pytest.raises(Unavailable):
        closed.call(read, int)
    assert read.calls == 1


def test_an_answer_of_another_shape_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="could not be understood"):
        client().call(lambda: {"oops": 1}, int)
