"""`/v5/order/*-batch`: up to twenty orders a request, each with a result of its own.

The envelope says 0 although single orders were refused: their codes stand in `retExtInfo`.
"""

from collections.abc import Callable, Mapping

from aiohttp import web

from src.simulator.account.numbers import Parameters, refused, text
from src.simulator.account.order_endpoints import OrderEndpoints
from src.simulator.account.private_endpoints import PrivateEndpoints, Result, require_linear
from src.simulator.account.rows import Row
from src.simulator.envelope import RefusedRequestError

_MOST = 20


class BatchEndpoints:
    """Batches of what OrderEndpoints does one by one."""

    def __init__(self, orders: OrderEndpoints) -> None:
        self._orders = orders

    def routes(self, mount: PrivateEndpoints) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            mount.post("/v5/order/create-batch", self.create),
            mount.post("/v5/order/amend-batch", self.amend),
            mount.post("/v5/order/cancel-batch", self.cancel),
        ]

    def create(self, parameters: Parameters) -> Result:
        """Acknowledge orders."""
        return _each(parameters, self._orders.create)

    def amend(self, parameters: Parameters) -> Result:
        """Change live orders."""
        return _each(parameters, self._orders.amend)

    def cancel(self, parameters: Parameters) -> Result:
        """Withdraw orders."""
        return _each(parameters, self._orders.cancel)


def _each(parameters: Parameters, action: Callable[[Parameters], Row]) -> Result:
    require_linear(parameters)
    wanted = parameters.get("request")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= _MOST:
        raise refused("params error: request must hold 1 to 20 orders")
    rows: list[Row] = []
    outcomes: list[Row] = []
    for item in wanted:
        content = item if isinstance(item, Mapping) else {}
        ids = {name: text(content, name) for name in ("orderId", "orderLinkId")}
        code, message = 0, "OK"
        try:
            ids |= {name: str(value) for name, value in _done(action, content).items()}
        except RefusedRequestError as refusal:
            code, message = refusal.code, refusal.message
        rows.append({"category": "linear", "symbol": text(content, "symbol"), **ids})
        outcomes.append({"code": code, "msg": message})
    return Result({"list": rows}, {"list": outcomes})


def _done(action: Callable[[Parameters], Row], content: Mapping[str, object]) -> Row:
    return action({**content, "category": "linear"})
