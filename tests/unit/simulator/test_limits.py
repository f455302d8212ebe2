"""Limits by address, and how long a silent stream is kept."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from src.simulator.address_limit import address_limit
from src.simulator.clients import patience_of


async def handled(_request: web.Request) -> web.StreamResponse:
    return web.Response()


def test_an_address_may_ask_so_often_in_five_seconds_and_no_more() -> None:
    now = 0
    limit = address_limit(lambda: now, most=3)

    def ask(path: str = "/v5/market/time") -> int:
        request = make_mocked_request("GET", path)
        return asyncio.run(limit(request, handled)).status  # type: ignore[arg-type]  # a coroutine

    assert [ask() for _ in range(4)] == [200, 200, 200, 403]
    assert ask("/simulator/status") == 200
    now = 6_000
    assert ask() == 200


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("", 600), ("30s", 30), ("2m", 120), ("1s", 30), ("20m", 600), ("soon", 600)],
)
def test_a_client_may_choose_how_long_it_is_allowed_to_be_silent(asked: str, seconds: int) -> None:
    request = make_mocked_request("GET", f"/v5/private?max_active_time={asked}")
    assert patience_of(request) == seconds
