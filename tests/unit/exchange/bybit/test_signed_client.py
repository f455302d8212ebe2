"""Reads of an account page by page, limits that are waited for, writes never repeated blindly."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import pytest
import requests
from pybit.exceptions import InvalidRequestError

from src.clock import SystemClock
from src.domain.errors import RateLimited, Rejected, UnknownOutcome
from src.exchange.bybit import ApiKey, signed_client, simulator_environment
from src.exchange.bybit.signed_client import SignedClient
from tests.unit.exchange.bybit.stopwatch import NOW, Stopwatch


class EndlessClient(SignedClient):
    """An exchange that hands out a cursor after its last row too."""

    def read(self, name: str, parse: Callable[[Any], Any], **parameters: Any) -> Any:
        rows = [] if parameters["cursor"] else [{"orderId": "o"}]
        return parse({"list": rows, "nextPageCursor": "again"})


@pytest.fixture
def client() -> Iterator[SignedClient]:
    endless = EndlessClient(
        simulator_environment("http://127.0.0.1:9"), ApiKey("k", "s"), SystemClock()
    )
    yield endless
    endless.close()


def test_pages_end_with_an_empty_one_whatever_its_cursor_says(client: SignedClient) -> None:
    assert list(islice(client.pages("get_open_orders"), 9)) == [[{"orderId": "o"}], []]


class PatientClient(SignedClient):
    """Waits on a stopwatch."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__(
            simulator_environment("http://127.0.0.1:9"), ApiKey("key", "secret"), watch
        )
        self._watch = watch

    def pause(self, seconds: float) -> bool:
        self._watch.wait(seconds)
        return False


class ScriptedSession:
    """Answers what it was told to, an error or the headers of a good answer, then good ones."""

    def __init__(self, *script: Exception | Mapping[str, str]) -> None:
        self.client = requests.Session()
        self.asked: list[str] = []
        self._script = list(script)

    def _answer(self, name: str) -> tuple[Mapping[str, Any], None, Mapping[str, str]]:
        self.asked.append(name)
        told = self._script.pop(0) if self._script else {}
        if isinstance(told, Exception):
            raise told
        return {"result": {"number": len(self.asked)}}, None, told

    def place_order(self, **_parameters: Any) -> object:
        return self._answer("place_order")

    def set_leverage(self, **_parameters: Any) -> object:
        return self._answer("set_leverage")

    def get_positions(self, **_parameters: Any) -> object:
        return self._answer("get_positions")


def refusal(code: int, headers: Mapping[str, str] | None = None) -> InvalidRequestError:
    return InvalidRequestError("POST x", "some words", code, "t", headers or {})


Made = tuple[PatientClient, ScriptedSession, Stopwatch]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Made]]:
    """Makes a client of an exchange that answers by a script."""
    clients: list[SignedClient] = []

    def make(*script: Exception | Mapping[str, str]) -> Made:
        session, watch = ScriptedSession(*script), Stopwatch()
        monkeypatch.setattr(signed_client, "signed_session", lambda *_: session)
        client = PatientClient(watch)
        clients.append(client)
        return client, session, watch

    yield make
    for client in clients:
        client.close()


def used_up(until: int) -> Mapping[str, str]:
    return {"X-Bapi-Limit-Status": "0", "X-Bapi-Limit-Reset-Timestamp": str(until)}


def test_a_request_whose_limit_is_used_up_waits_until_it_is_whole_again(
    made: Callable[..., Made],
) -> None:
    client, session, watch = made(used_up(NOW + 1_200))
    client.read("get_positions", dict)
    client.write("place_order")
    assert watch.waits == []
    client.read("get_positions", dict)
    client.read("get_positions", dict)
    assert watch.waits == [1.2]
    assert session.asked == ["get_positions", "place_order", "get_positions", "get_positions"]


def test_a_limit_that_is_not_used_up_or_whole_again_holds_nobody_back(
    made: Callable[..., Made],
) -> None:
    left = {"X-Bapi-Limit-Status": "1", "X-Bapi-Limit-Reset-Timestamp": str(NOW + 1_200)}
    client, _, watch = made(left, used_up(NOW - 1), used_up(NOW))
    for _ in range(4):
        client.read("get_positions", dict)
    assert watch.waits == []


def test_no_limit_is_waited_for_longer_than_five_seconds(made: Callable[..., Made]) -> None:
    client, _, watch = made(used_up(NOW + 3_600_000))
    client.read("get_positions", dict)
    client.read("get_positions", dict)
    assert watch.waits == [5.0]


def test_a_write_that_was_too_much_at_once_is_sent_again_when_it_may_be(
    made: Callable[..., Made],
) -> None:
    client, session, watch = made(refusal(10006, used_up(NOW + 300)), refusal(10006))
    assert client.write("place_order") == {"number": 3}
    assert watch.waits == [0.3, 2.0]
    assert len(session.asked) == 3


def test_a_write_that_stays_too_much_gives_up(made: Callable[..., Made]) -> None:
    client, session, _ = made(*[refusal(10006)] * 9)
    with pytest.raises(RateLimited):
        client.write("place_order")
    assert len(session.asked) == 3


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal(110094), Rejected),
        (refusal(10016), UnknownOutcome),
        (requests.ReadTimeout("no answer"), UnknownOutcome),
    ],
)
def test_no_other_write_is_sent_twice(
    made: Callable[..., Made], error: Exception, kind: type[Exception]
) -> None:
    client, session, watch = made(error)
    with pytest.raises(kind):
        client.write("place_order")
    assert (session.asked, watch.waits) == (["place_order"], [])


def test_what_says_how_things_shall_be_is_repeated_until_it_is_known(
    made: Callable[..., Made],
) -> None:
    client, session, watch = made(requests.ReadTimeout("no answer"), refusal(110043))
    client.settle("set_leverage")
    assert (session.asked, watch.waits) == (["set_leverage"] * 2, [])
    client, session, _ = made(*[requests.ReadTimeout("no answer")] * 9)
    with pytest.raises(UnknownOutcome):
        client.settle("set_leverage")
    assert len(session.asked) == 3
