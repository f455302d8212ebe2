"""`/v5/order/*` and `/v5/execution/list` of the simulated account."""

import asyncio
from dataclasses import replace

from aiohttp import web

from src.simulator.account.admission import Admission, check_size, protection_of
from src.simulator.account.exchange import Exchange
from src.simulator.account.model import ACTIVE, LIVE, Protection, VenueOrder
from src.simulator.account.numbers import Parameters, integer, number, refused, text
from src.simulator.account.pages import WEEK_MS, page, window
from src.simulator.account.partial import partner_of
from src.simulator.account.private_endpoints import (
    PrivateEndpoints,
    holds_nothing,
    no_rows,
    require_linear,
)
from src.simulator.account.rows import Row, execution_row
from src.simulator.bars import DAY_MS

_OPEN_PAGE, _LARGEST_OPEN_PAGE = 20, 50
_RECENTLY_CLOSED = 500


class OrderEndpoints:
    """Orders in and out. An acknowledged order shows itself `ack_delay` seconds later."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ledger = exchange.ledger
        self._admission = Admission(
            exchange.ledger, exchange.instrument, exchange.last, exchange.market_maximum
        )
        self._unseen: set[str] = set()

    def routes(self, mount: PrivateEndpoints) -> list[web.RouteDef]:
        """The routes to mount."""
        return [
            mount.post("/v5/order/create", self.create),
            mount.post("/v5/order/amend", self.amend),
            mount.post("/v5/order/cancel", self.cancel),
            mount.post("/v5/order/cancel-all", self.cancel_all),
            mount.get("/v5/order/realtime", self.realtime),
            mount.get("/v5/order/history", self.history),
            mount.get("/v5/execution/list", self.executions),
        ]

    def create(self, parameters: Parameters) -> Row:
        """Acknowledge an order: accepted, not filled."""
        require_linear(parameters)
        order = self._admission.order(parameters, self._exchange.now())
        self._exchange.accept(order, parameters)
        self._later(order)
        return _ids(order)

    def amend(self, parameters: Parameters) -> Row:
        """Change quantity, price, trigger or the attached levels of a live order."""
        require_linear(parameters)
        order = self._live(parameters)
        quantity = number(parameters, "qty") or order.quantity
        price = (number(parameters, "price") or order.price) if order.price else None
        trigger = number(parameters, "triggerPrice") or order.trigger_price
        protection = protection_of(parameters, order.protection)
        before = (order.quantity, order.price, order.trigger_price, order.protection)
        if before == (quantity, price, trigger, protection):
            raise refused("The order remains unchanged as the parameters entered match")
        wanted = replace(order, quantity=quantity, price=price, trigger_price=trigger)
        instrument = self._exchange.instrument(order.symbol)
        last = self._exchange.last(order.symbol)
        check_size(wanted, instrument, last)
        if quantity <= order.executed:
            raise refused("Order quantity is below what has been executed", 110017)
        if trigger != order.trigger_price:
            self._admission.check_trigger(wanted)
        if price is not None and price % instrument.tick_size:
            raise refused("params error: price invalid")
        if protection != Protection():
            self._admission.check_protection(order.side, price or last, protection, instrument)
        if not order.reduce_only and quantity > order.quantity:
            self._admission.check_margin(order, quantity - order.quantity, price)
        order.quantity, order.price = quantity, price
        order.trigger_price, order.protection = trigger, protection
        if order.partner:
            partner_of(self._ledger, order)
        order.updated = self._exchange.now()
        self._exchange.tell_order(order)
        return _ids(order)

    def cancel(self, parameters: Parameters) -> Row:
        """Withdraw one order."""
        require_linear(parameters)
        order = self._live(parameters)
        self._exchange.cancel(order)
        return _ids(order)

    def cancel_all(self, parameters: Parameters) -> Row:
        """Withdraw the orders of a filter; without a filter stops and targets go too."""
        require_linear(parameters)
        symbol = text(parameters, "symbol")
        if not (symbol or text(parameters, "baseCoin") or text(parameters, "settleCoin")):
            raise refused("params error: symbol, baseCoin or settleCoin is needed")
        chosen = [
            order
            for order in self._ledger.live_orders()
            if symbol in ("", order.symbol) and _passes(order, parameters)
        ]
        for order in chosen:
            self._exchange.cancel(order)
        return {"list": [_ids(order) for order in chosen], "success": "1"}

    def realtime(self, parameters: Parameters) -> Row:
        """Open orders, recently closed ones, or one order by its id."""
        if holds_nothing(parameters):
            return no_rows(parameters)
        if self._asks_for_one(parameters):
            return self._page(parameters, self._one(parameters), _OPEN_PAGE)
        if not any(text(parameters, name) for name in ("symbol", "baseCoin", "settleCoin")):
            raise refused("params error: symbol, settleCoin or baseCoin is needed")
        want_open = integer(parameters, "openOnly", 0) == 0
        chosen = [
            order
            for order in self._seen(parameters)
            if (order.status in LIVE) == want_open
            and self._kept(order)
            and (want_open or order.sequence > self._ledger.recent_from)
        ]
        return self._page(parameters, chosen[-_RECENTLY_CLOSED:], _OPEN_PAGE)

    def history(self, parameters: Parameters) -> Row:
        """Ended orders of at most seven days."""
        if holds_nothing(parameters):
            return no_rows(parameters)
        if self._asks_for_one(parameters):
            ended = [order for order in self._one(parameters) if order.status not in LIVE]
            return self._page(parameters, ended, _OPEN_PAGE)
        start, end = window(parameters, self._exchange.now())
        chosen = [
            order
            for order in self._seen(parameters)
            if order.status not in LIVE and start <= order.updated <= end and self._kept(order)
        ]
        return self._page(parameters, chosen, _OPEN_PAGE)

    def executions(self, parameters: Parameters) -> Row:
        """Trades and funding of at most seven days, newest first."""
        if holds_nothing(parameters):
            return no_rows(parameters)
        start, end = window(parameters, self._exchange.now())
        symbol, kind = text(parameters, "symbol"), text(parameters, "execType")
        order_id, link_id = text(parameters, "orderId"), text(parameters, "orderLinkId")
        chosen = [
            execution
            for execution in self._ledger.executions
            if symbol in ("", execution.order.symbol)
            and kind in ("", execution.kind)
            and order_id in ("", execution.order.order_id)
            and link_id in ("", execution.order.order_link_id)
            and start <= execution.time <= end
        ]
        return page(parameters, chosen, lambda e: e.sequence, execution_row, 50, 100)

    def _kept(self, order: VenueOrder) -> bool:
        """Whether an ended order is still told: unfilled for a day, on Demo none over a week."""
        age = self._exchange.now() - order.updated
        if order.status in LIVE:
            return True
        if not order.executed and age > DAY_MS:
            return False
        return age <= WEEK_MS or not self._exchange.settings.demo

    def _later(self, order: VenueOrder) -> None:
        delay = self._exchange.settings.ack_delay
        if delay:
            self._unseen.add(order.order_id)
            asyncio.get_running_loop().call_later(delay, self._show, order)
        else:
            self._show(order)

    def _show(self, order: VenueOrder) -> None:
        """Let others see the order; runs in time on its own when acknowledgements are slow."""
        self._unseen.discard(order.order_id)
        self._exchange.tell_order(order)
        self._exchange.tell_wallet()

    def _live(self, parameters: Parameters) -> VenueOrder:
        order = self._ledger.find(text(parameters, "orderId"), text(parameters, "orderLinkId"))
        if order is None or order.status not in LIVE or order.order_id in self._unseen:
            raise refused("order not exists or too late to cancel", 110001)
        if text(parameters, "symbol") != order.symbol:
            raise refused("params error: symbol invalid")
        return order

    def _asks_for_one(self, parameters: Parameters) -> bool:
        return bool(text(parameters, "orderId") or text(parameters, "orderLinkId"))

    def _one(self, parameters: Parameters) -> list[VenueOrder]:
        order = self._ledger.find(text(parameters, "orderId"), text(parameters, "orderLinkId"))
        return [] if order is None or order.order_id in self._unseen else [order]

    def _seen(self, parameters: Parameters) -> list[VenueOrder]:
        symbol = text(parameters, "symbol")
        return [
            order
            for order in self._ledger.orders.values()
            if symbol in ("", order.symbol)
            and order.order_id not in self._unseen
            and _passes(order, parameters)
        ]

    def _page(self, parameters: Parameters, orders: list[VenueOrder], default: int) -> Row:
        row = self._exchange.order_row
        return page(parameters, orders, lambda o: o.sequence, row, default, _LARGEST_OPEN_PAGE)


def _passes(order: VenueOrder, parameters: Parameters) -> bool:
    """Whether the orderFilter lets the order through: `Order` are those that are not stops."""
    wanted = text(parameters, "orderFilter")
    is_stop = order.attached or order.status == "Untriggered" or order.stop_order_type != ""
    return wanted == "" or (wanted == "StopOrder") == (is_stop and order.status not in ACTIVE)


def _ids(order: VenueOrder) -> Row:
    return {"orderId": order.order_id, "orderLinkId": order.order_link_id}
