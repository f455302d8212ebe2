"""Sending, withdrawing and looking up orders, without ever guessing what became of one."""

import logging
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from src.domain.errors import ClockSkew, RateLimited, Rejected, Unavailable, UnknownOutcome
from src.domain.order import Order, OrderRequest, OrderStatus
from src.domain.ports import Clock
from src.exchange.bybit.account_view import AccountView
from src.exchange.bybit.broker_settings import BrokerSettings
from src.exchange.bybit.clock_check import ClockCheck
from src.exchange.bybit.errors import AccountLimited, Duplicate, NotFoundOrTerminal
from src.exchange.bybit.orders import Row, entry_parameters, fixed, order_of
from src.exchange.bybit.signed_client import SignedClient

log = logging.getLogger(__name__)

_REDUCE_ONLY_TOO_LATE = "110017"


class OrderDesk:
    """The writing half of a broker; used by one thread."""

    def __init__(
        self, client: SignedClient, view: AccountView, clock: Clock, settings: BrokerSettings
    ) -> None:
        self._client = client
        self._view = view
        self._clock = clock
        self._settings = settings
        self._leverage: dict[str, Decimal] = {}
        self._acknowledged: dict[str, int] = {}
        self.clock = ClockCheck(client, clock, settings.clock_limit_ms)

    def check_clock(self) -> None:
        """Measure the clock. Raises ClockSkew when it is too far off to sign and to trade."""
        self.clock.measure()
        complaint = self.clock.complaint()
        if complaint is not None:
            raise ClockSkew(complaint)

    def submit(self, request: OrderRequest) -> Order:
        """Send an entry; see `BybitBroker.submit`."""
        complaint = self.clock.complaint()
        if complaint is not None:
            return Order(request, OrderStatus.REJECTED, complaint)
        self._view.remember(request)
        try:
            self._set_leverage(request.symbol, request.leverage)
            parameters = entry_parameters(request, self._settings.stop_trigger)
            row = self.send_once(request.order_link_id, parameters)
        except Rejected as refusal:
            self._view.forget(request.order_link_id)
            limited = isinstance(refusal, AccountLimited)
            return Order(request, OrderStatus.REJECTED, str(refusal), account_limited=limited)
        if row is not None:
            return order_of(row, request)
        self._acknowledge(request.order_link_id)
        return Order(request, OrderStatus.ACCEPTED)

    def send_once(self, link_id: str, parameters: Mapping[str, Any]) -> Row | None:
        """Create an order that exists at most once, whatever happens on the way.

        Answers None when it was acknowledged now, and the order's row when an earlier attempt
        had arrived. Raises Rejected, or UnknownOutcome when Bybit stays silent.
        """
        for _ in range(self._settings.resends + 1):
            try:
                self._place(parameters)
            except UnknownOutcome as unknown:
                log.warning("%s: %s Looking it up.", link_id, unknown)
            except Duplicate:
                return self._adopted(link_id)
            except Rejected as refusal:
                if parameters["reduceOnly"] and _REDUCE_ONLY_TOO_LATE in str(refusal):
                    log.info("%s: the position was closed already.", link_id)
                    return None
                raise
            else:
                return None
            row = self._look_for(link_id)
            if row is not None:
                return row
        raise UnknownOutcome(f"Bybit answers neither the order {link_id} nor questions about it.")

    def _place(self, parameters: Mapping[str, Any]) -> None:
        """Send it; when Bybit refuses its time stamp, compare clocks and send it once more."""
        try:
            self._client.write("place_order", **parameters)
        except ClockSkew as skew:
            log.warning("%s", skew)
            self.check_clock()
            self._client.write("place_order", **parameters)

    def cancel(self, link_id: str) -> None:
        """Withdraw an entry; see `BybitBroker.cancel`."""
        symbol = self._symbol_of(link_id)
        for _ in range(self._settings.resends + 1):
            if symbol is None:
                return
            try:
                self._client.write(
                    "cancel_order", category="linear", symbol=symbol, orderLinkId=link_id
                )
            except NotFoundOrTerminal:
                if not self._is_fresh(link_id) or self._find(link_id) is not None:
                    return
                self._client.pause(self._settings.lookup_pause)
            except UnknownOutcome as unknown:
                log.warning("Withdrawing %s: %s", link_id, unknown)
                row = self._look_for(link_id)
                if row is not None and order_of(row, None).status is not OrderStatus.ACCEPTED:
                    return
            else:
                return
        raise UnknownOutcome(f"It is not known whether {link_id} was withdrawn.")

    def order(self, link_id: str) -> Order | None:
        """The order by its id. One acknowledged a moment ago may not show itself yet."""
        row = self._find(link_id)
        request = self._view.request(link_id)
        if row is not None:
            return order_of(row, request)
        if request is not None and self._is_fresh(link_id):
            return Order(request, OrderStatus.ACCEPTED)
        return None

    def _adopted(self, link_id: str) -> Row:
        row = self._look_for(link_id)
        if row is None:
            raise UnknownOutcome(f"Bybit knows the id {link_id} but shows no such order.")
        return row

    def _look_for(self, link_id: str) -> Row | None:
        """Look for an order until it shows itself or the patience ends."""
        deadline = time.monotonic() + self._settings.lookup_seconds
        while True:
            try:
                row = self._find(link_id)
            except (Unavailable, RateLimited) as error:
                log.warning("%s could not be looked up: %s", link_id, error)
            else:
                if row is not None:
                    return row
            if time.monotonic() >= deadline or self._client.pause(self._settings.lookup_pause):
                return None

    def _find(self, link_id: str) -> Row | None:
        """The order's row among live and recently closed orders, then in the history."""
        for name in ("get_open_orders", "get_order_history"):
            rows = self._client.read(
                name, lambda result: list(result["list"]), category="linear", orderLinkId=link_id
            )
            if rows:
                row: Row = rows[0]
                self._view.take_order(row)
                return row
        return None

    def _symbol_of(self, link_id: str) -> str | None:
        request = self._view.request(link_id)
        if request is not None:
            return request.symbol
        row = self._find(link_id)
        return None if row is None else str(row["symbol"])

    def _set_leverage(self, symbol: str, leverage: Decimal) -> None:
        if self._leverage.get(symbol) == leverage:
            return
        text = fixed(leverage)
        self._client.settle(
            "set_leverage", category="linear", symbol=symbol, buyLeverage=text, sellLeverage=text
        )
        self._leverage[symbol] = leverage

    def _acknowledge(self, link_id: str) -> None:
        now = self._clock.now()
        self._acknowledged = {
            name: at
            for name, at in self._acknowledged.items()
            if now - at < self._settings.ack_grace_ms
        }
        self._acknowledged[link_id] = now

    def _is_fresh(self, link_id: str) -> bool:
        at = self._acknowledged.get(link_id)
        return at is not None and self._clock.now() - at < self._settings.ack_grace_ms
