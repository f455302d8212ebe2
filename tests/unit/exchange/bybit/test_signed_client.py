"""Reads of an account, page by page."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from src.clock import SystemClock
from src.exchange.bybit import ApiKey, simulator_environment
from src.exchange.bybit.signed_client import SignedClient


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
