"""What goes wrong with requests: between the network and the exchange's own answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Middleware

from src.simulator.clock import clock_off_by, wall_now
from src.simulator.envelope import answer
from src.simulator.faults.fault import Fault, parameter_text
from src.simulator.faults.kinds import Occasion
from src.simulator.faults.outage import Outage, hang_up
from src.simulator.faults.schedule import Schedule

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Effect = Callable[[Fault, Handler, web.Request], Awaitable[web.StreamResponse]]

_POLL_SECONDS = 0.05
_FORBIDDEN = """<!DOCTYPE html><HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE>
</HEAD><BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2>
<P>The Amazon CloudFront distribution is configured to block access from your country.</P>
</BODY></HTML>"""


class RequestFaults:
    """The outermost middleware. `act` hears the faults that are not about the request itself."""

    def __init__(self, schedule: Schedule, outage: Outage, act: Callable[[Fault], None]) -> None:
        self._schedule = schedule
        self._outage = outage
        self._act = act

    def middleware(self) -> Middleware:
        """To be the first of the application's middlewares."""

        @web.middleware
        async def meddle(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith("/v5/"):
                return await handler(request)
            if self._outage.down:
                return self._outage.answer(request)
            return await self._handle(request, handler)

        return meddle

    async def _handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._schedule.armed:
            return await handler(request)
        parameters = await _parameters(request)
        symbol = parameters.get("symbol", "")
        due = self._schedule.due(Occasion.REQUEST, request.path, symbol, parameters)
        for fault in due:
            if fault.kind not in EFFECTS:
                self._act(fault)
        if self._outage.down:
            return self._outage.answer(request)
        for fault in reversed(due):
            if fault.kind in EFFECTS:
                handler = partial(EFFECTS[fault.kind], fault, handler)
        return await handler(request)


async def _timeout(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    """Let the request through (or not), and never answer."""
    await _accept(fault, handler, request)
    patience = asyncio.timeout(fault.number("seconds"))
    try:
        async with patience:
            while request.transport is not None and not request.transport.is_closing():
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        hang_up(request)
    return web.Response(status=504)


async def _dropped(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    await _accept(fault, handler, request)
    hang_up(request)
    return web.Response(status=504)


async def _slow(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(fault.number("seconds"))
    return await handler(request)


async def _server_error(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    await _accept(fault, handler, request)
    return web.Response(status=int(fault.number("status")), text="upstream error")


async def _empty_body(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    await _accept(fault, handler, request)
    return web.Response(content_type="application/json")


async def _forbidden(_fault: Fault, _handler: Handler, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=403, text=_FORBIDDEN, content_type="text/html")


async def _too_many_requests(
    fault: Fault, _handler: Handler, _request: web.Request
) -> web.StreamResponse:
    return _limited(fault, web.Response(status=429, text="Too many visits."))


async def _rate_limited(
    fault: Fault, _handler: Handler, _request: web.Request
) -> web.StreamResponse:
    return _limited(fault, answer({}, 10006, "Too many visits. Exceeded the API Rate Limit."))


async def _clock_skew(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    """The exchange's clock is off: its own answers say so and signatures are judged by it."""
    with clock_off_by(int(fault.number("milliseconds"))):
        return await handler(request)


async def _refused(fault: Fault, handler: Handler, request: web.Request) -> web.StreamResponse:
    await _accept(fault, handler, request)
    return answer({}, int(fault.number("code")), fault.text("message"))


EFFECTS: Mapping[str, Effect] = {
    "timeout": _timeout,
    "dropped": _dropped,
    "slow": _slow,
    "server_error": _server_error,
    "empty_body": _empty_body,
    "forbidden": _forbidden,
    "too_many_requests": _too_many_requests,
    "rate_limited": _rate_limited,
    "clock_skew": _clock_skew,
    "refused": _refused,
}
"""What each kind of fault does to a request."""


async def _accept(fault: Fault, handler: Handler, request: web.Request) -> None:
    """Let the exchange do what was asked, where the fault says so; never a whole stream."""
    if fault.flag("accepted") and "Upgrade" not in request.headers:
        await handler(request)


def _limited(fault: Fault, response: web.Response) -> web.Response:
    reset = wall_now() + int(fault.number("reset_ms"))
    response.headers["X-Bapi-Limit"] = "10"
    response.headers["X-Bapi-Limit-Status"] = "0"
    response.headers["X-Bapi-Limit-Reset-Timestamp"] = str(reset)
    return response


async def _parameters(request: web.Request) -> dict[str, str]:
    """Query and top-level JSON fields as text; a body that is not JSON has none."""
    given: dict[str, str] = dict(request.query)
    body = await request.read() if request.method == "POST" else b""
    try:
        content = json.loads(body or "{}")
    except ValueError:
        return given
    if isinstance(content, dict):
        given |= {str(name): parameter_text(value) for name, value in content.items()}
    return given
