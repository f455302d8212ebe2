"""When the exchange cannot be reached at all."""

import time
from collections.abc import Callable

from aiohttp import web

from src.simulator.bars import MINUTE_MS
from src.simulator.faults.fault import Fault


class Outage:
    """Until a wall or a market instant, whichever is later, nothing of V5 answers."""

    def __init__(self, market_now: Callable[[], int]) -> None:
        self._market_now = market_now
        self._until = 0.0
        self._market_until = 0
        self._status = 0

    def begin(self, seconds: float, market_minutes: float = 0, status: int = 0) -> None:
        """Go down; with a `status` HTTP answers it, without one connections are dropped."""
        self._until = time.monotonic() + seconds
        self._market_until = self._market_now() + int(market_minutes * MINUTE_MS)
        self._status = status

    def begin_as(self, fault: Fault) -> None:
        """Go down as an `outage` fault says."""
        minutes, status = fault.number("market_minutes"), int(fault.number("status"))
        self.begin(0.0 if minutes else fault.number("seconds"), minutes, status)

    @property
    def down(self) -> bool:
        """Whether it lasts."""
        return time.monotonic() < self._until or self._market_now() < self._market_until

    def answer(self, request: web.Request) -> web.Response:
        """What a request gets while it lasts."""
        if self._status == 0:
            hang_up(request)
        return web.Response(status=self._status or 503)


def hang_up(request: web.Request) -> None:
    """Drop the connection of a request without an answer."""
    if request.transport is not None:
        request.transport.abort()
