"""What every signed endpoint has in common: signature, rate limit, headers, body."""

import json
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

from src.simulator.account.exchange import Exchange
from src.simulator.account.limits import RateLimits
from src.simulator.account.numbers import Parameters, refused, text
from src.simulator.account.rows import Row
from src.simulator.account.signing import verify
from src.simulator.clock import wall_now
from src.simulator.envelope import RefusedRequestError, answer


class Result(NamedTuple):
    """A result with `retExtInfo` beside it."""

    result: object
    extra: object


Action = Callable[[Parameters], object]
"""Parameters to the `result` of the envelope; raises RefusedRequestError."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PrivateEndpoints:
    """Mounts actions on signed paths of one account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._limits = RateLimits(wall_now)

    def get(self, path: str, action: Action, limit: int = 50) -> web.RouteDef:
        """A signed GET; `limit` requests a second."""
        return web.get(path, self._handler(path, action, limit))

    def post(self, path: str, action: Action, limit: int = 10) -> web.RouteDef:
        """A signed POST; `limit` requests a second."""
        return web.post(path, self._handler(path, action, limit))

    def _handler(self, path: str, action: Action, limit: int) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = (await request.read()).decode("utf-8", "replace")
            verify(request, body, self._exchange.settings)
            allowed, headers = self._limits.take(path, limit)
            try:
                if not allowed:
                    raise refused("Too many visits. Exceeded the API Rate Limit.", 10006)
                parameters = request.query if request.method == "GET" else _decoded(body)
                with self._exchange.answering():
                    result = action(parameters)
                if isinstance(result, Result):
                    response = answer(result.result, extra=result.extra)
                else:
                    response = answer(result)
            except RefusedRequestError as refusal:
                response = answer({}, refusal.code, refusal.message)
            response.headers.update(headers)
            return response

        return handle


def require_linear(parameters: Parameters) -> None:
    """Only linear perpetuals are served."""
    if text(parameters, "category") != "linear":
        raise refused("params error: Category is invalid")


def holds_nothing(parameters: Parameters) -> bool:
    """Whether a list is asked for of a category that exists and is empty here."""
    if text(parameters, "category") in ("inverse", "option"):
        return True
    require_linear(parameters)
    return text(parameters, "settleCoin", "USDT") not in ("", "USDT")


def no_rows(parameters: Parameters) -> Row:
    """The empty list of such a category."""
    return {"category": text(parameters, "category"), "list": [], "nextPageCursor": ""}


def _decoded(body: str) -> Parameters:
    try:
        content = json.loads(body or "{}")
    except ValueError:
        raise refused("params error: the body is not JSON") from None
    if not isinstance(content, dict):
        raise refused("params error: the body is not an object")
    return content
