"""The limit per client address: too many requests in five seconds are answered 403."""

from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

MOST_REQUESTS = 600
WINDOW_MS = 5_000


def address_limit(wall: Callable[[], int], most: int = MOST_REQUESTS) -> Middleware:
    """A middleware that counts V5 requests by address over a rolling window.

    Bybit goes on refusing for ten minutes; here it ends with the window, so that a client that
    overruns can be seen to and tried again.
    """
    seen: dict[str, deque[int]] = {}

    @web.middleware
    async def limited(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not request.path.startswith("/v5/"):
            return await handler(request)
        now = wall()
        times = seen.setdefault(request.remote or "", deque())
        while times and times[0] <= now - WINDOW_MS:
            times.popleft()
        times.append(now)
        if len(times) > most:
            return web.Response(status=403, text="access too frequent", content_type="text/html")
        return await handler(request)

    return limited
