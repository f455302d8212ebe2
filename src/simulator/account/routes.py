"""The signed HTTP routes of the simulated exchange."""

from aiohttp import web

from src.simulator.account.account_endpoints import AccountEndpoints
from src.simulator.account.batch_endpoints import BatchEndpoints
from src.simulator.account.exchange import Exchange
from src.simulator.account.order_endpoints import OrderEndpoints
from src.simulator.account.private_endpoints import PrivateEndpoints
from src.simulator.account.reference_endpoints import ReferenceEndpoints
from src.simulator.account.signing import verify
from src.simulator.envelope import answer


def private_routes(exchange: Exchange | None) -> list[web.RouteDef]:
    """The routes of an account; without one every private path refuses the key."""
    if exchange is None:
        return [
            web.route("*", f"/v5/{part}/{{rest:.*}}", _refuse)
            for part in ("order", "execution", "position", "account", "user", "asset")
        ]
    mount = PrivateEndpoints(exchange)
    orders = OrderEndpoints(exchange)
    return [
        *orders.routes(mount),
        *BatchEndpoints(orders).routes(mount),
        *AccountEndpoints(exchange).routes(mount),
        *ReferenceEndpoints(exchange).routes(mount),
    ]


async def _refuse(request: web.Request) -> web.Response:
    """Without an account `verify` never returns an account: 10001 unsigned, 10003 signed."""
    verify(request, "", None)
    return answer({}, 10003, "API key is invalid.")
