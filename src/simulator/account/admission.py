"""What order/create accepts: the checks Bybit makes before it acknowledges an order."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import ACTIVE, Protection, VenueOrder
from src.simulator.account.numbers import (
    Parameters,
    fixed,
    flag,
    integer,
    level,
    number,
    refused,
    text,
)

_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_SIDES = {"Buy": Direction.LONG, "Sell": Direction.SHORT}
_TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "PostOnly")
TRIGGER_SOURCES = ("LastPrice", "MarkPrice", "IndexPrice")
_MOST_ACTIVE = 500
_MOST_CONDITIONAL = 10


class Admission:
    """Turns parameters into an order, or raises RefusedRequestError with Bybit's code."""

    def __init__(
        self,
        ledger: Ledger,
        instrument: Callable[[str], Instrument],
        last: Callable[[str], Decimal],
        market_maximum: Callable[[str], Decimal],
    ) -> None:
        self._ledger = ledger
        self._market_maximum = market_maximum
        self._instrument = instrument
        self._last = last

    def order(self, parameters: Parameters, now: int) -> VenueOrder:
        """A new order that passed every check."""
        instrument = self._instrument(text(parameters, "symbol"))
        link_id = text(parameters, "orderLinkId")
        if link_id and not _LINK_ID.fullmatch(link_id):
            raise refused("params error: orderLinkId invalid")
        if link_id in self._ledger.links:
            raise refused("OrderLinkedID is duplicate", 110072)
        order = self._parsed(parameters, instrument, link_id, now)
        self.check_trigger(order)
        self._check_position(order)
        check_size(order, instrument, self._last(order.symbol))
        if order.price is None and order.quantity > self._market_maximum(order.symbol):
            raise refused("The number of contracts exceeds maximum limit allowed for market orders")
        self.check_protection(
            order.side, order.price or self._last(order.symbol), order.protection, instrument
        )
        self._check_limits(order)
        if not order.reduce_only:
            self.check_margin(order, order.quantity, order.price)
        return order

    def check_margin(self, order: VenueOrder, quantity: Decimal, price: Decimal | None) -> None:
        """Refuse what free margin cannot back; what reduces a position needs none."""
        size = self._ledger.position(order.key).size * int(order.side)
        opening = quantity - max(-size, Decimal(0))
        at = price or self._last(order.symbol)
        if opening * at / self._ledger.leverage(order.symbol) > self._ledger.available():
            raise refused("ab not enough for new order", 110007)

    def check_protection(
        self, side: Direction, base: Decimal, wanted: Protection, instrument: Instrument
    ) -> None:
        """Stop and target on their sides of `base`, and the stop not already traded."""
        name, sign = ("Buy" if side is Direction.LONG else "Sell"), int(side)
        last = self._last(instrument.symbol)
        for price in (wanted.stop_loss, wanted.take_profit):
            if price is not None and price % instrument.tick_size:
                raise refused("params error: tp/sl price is not on a tick")
        stop, target = wanted.stop_loss, wanted.take_profit
        if stop is not None and min((base - stop) * sign, (last - stop) * sign) <= 0:
            relation = "lower" if sign > 0 else "higher"
            raise refused(
                f"StopLoss:{scaled(stop)} set for {name} position should {relation} than "
                f"base_price:{scaled(min(base, last) if sign > 0 else max(base, last))}"
            )
        if target is not None and (target - base) * sign <= 0:
            relation = "higher" if sign > 0 else "lower"
            raise refused(
                f"TakeProfit:{scaled(target)} set for {name} position should be {relation} than "
                f"base_price:{scaled(base)}"
            )

    def _parsed(
        self, parameters: Parameters, instrument: Instrument, link_id: str, now: int
    ) -> VenueOrder:
        side, kind = _SIDES.get(text(parameters, "side")), text(parameters, "orderType")
        quantity = number(parameters, "qty")
        price = number(parameters, "price") if kind == "Limit" else None
        time_in_force = text(parameters, "timeInForce", "GTC")
        if side is None:
            raise refused("params error: Side invalid")
        if kind not in ("Market", "Limit") or time_in_force not in _TIMES_IN_FORCE:
            raise refused("params error: orderType or timeInForce invalid")
        if not quantity:
            raise refused("params error: qty invalid")
        if kind == "Limit" and (not price or price % instrument.tick_size):
            raise refused("params error: price invalid")
        trigger = level(parameters, "triggerPrice")
        return VenueOrder(
            order_id=str(uuid4()),
            order_link_id=link_id,
            sequence=self._ledger.next_sequence(),
            symbol=instrument.symbol,
            position_idx=integer(parameters, "positionIdx", 0),
            side=side,
            order_type=kind,
            quantity=quantity,
            price=price,
            time_in_force="IOC" if kind == "Market" else time_in_force,
            reduce_only=flag(parameters, "reduceOnly"),
            close_on_trigger=flag(parameters, "closeOnTrigger"),
            created=now,
            updated=now,
            protection=protection_of(parameters, Protection()),
            trigger_price=trigger,
            trigger_by=_trigger_source(parameters, "triggerBy") if trigger else "",
            trigger_direction=integer(parameters, "triggerDirection", 0) if trigger else 0,
            stop_order_type="Stop" if trigger else "",
            status="Untriggered" if trigger else "New",
        )

    def check_trigger(self, order: VenueOrder) -> None:
        """A trigger on a tick, on the side its direction says."""
        if order.trigger_price is None:
            return
        if order.trigger_price % self._instrument(order.symbol).tick_size:
            raise refused("params error: triggerPrice is not on a tick")
        last = self._last(order.symbol)
        if order.trigger_direction not in (1, 2):
            raise refused("params error: TriggerDirection invalid")
        if order.trigger_direction == 1 and order.trigger_price <= last:
            raise refused("expect Rising, but trigger_price <= current", 110092)
        if order.trigger_direction == 2 and order.trigger_price >= last:
            raise refused("expect Falling, but trigger_price >= current", 110093)

    def _check_position(self, order: VenueOrder) -> None:
        if order.position_idx not in ((1, 2) if self._ledger.hedge else (0,)):
            raise refused("position idx not match position mode")
        closes = self._ledger.hedge and order.position_idx == (2 if order.side > 0 else 1)
        order.reduce_only = order.reduce_only or closes
        if not order.reduce_only:
            return
        if order.protection != Protection():
            raise refused("reduce-only orders cannot carry takeProfit or stopLoss")
        if self._ledger.position(order.key).size * int(order.side) >= 0:
            raise refused("current position is zero, cannot fix reduce-only order qty", 110017)

    def _check_limits(self, order: VenueOrder) -> None:
        live = [o for o in self._ledger.live_orders() if o.symbol == order.symbol]
        if sum(o.status in ACTIVE for o in live) >= _MOST_ACTIVE:
            raise refused("Not allowed to have more than 500 active orders", 110020)
        conditional = sum(o.stop_order_type == "Stop" for o in live)
        if order.trigger_price is not None and conditional >= _MOST_CONDITIONAL:
            raise refused("The number of stop orders exceeds the maximum allowable limit", 110009)


def check_size(order: VenueOrder, instrument: Instrument, last: Decimal) -> None:
    """Quantity on a step, inside the limits, worth the minimum."""
    if order.quantity % instrument.quantity_step:
        raise refused("params error: qty invalid")
    if order.quantity < instrument.min_quantity:
        raise refused("The number of contracts below minimum limit allowed")
    if order.quantity > instrument.max_quantity:
        raise refused("The number of contracts exceeds maximum limit allowed: too large")
    if not order.reduce_only and order.quantity * (order.price or last) < instrument.min_notional:
        minimum = fixed(instrument.min_notional)
        raise refused(f"Order does not meet minimum order value {minimum}USDT", 110094)


def protection_of(parameters: Parameters, before: Protection) -> Protection:
    """`before` with the levels the parameters change; "0" takes a level away.

    In Full mode stop and target are market orders of the whole position; in Partial mode they
    are new orders of a part of it, which may be limit orders.
    """
    mode = text(parameters, "tpslMode", "Partial" if before.partial else "Full")
    if mode not in ("Full", "Partial"):
        raise refused("params error: tpslMode invalid")
    is_partial = mode == "Partial"
    for kind in ("tpOrderType", "slOrderType"):
        if not is_partial and text(parameters, kind, "Market") != "Market":
            raise refused(f"params error: {kind} must be Market when tpslMode is Full")
    stop, target = before.stop_loss, before.take_profit
    if text(parameters, "stopLoss"):
        stop = level(parameters, "stopLoss")
    if text(parameters, "takeProfit"):
        target = level(parameters, "takeProfit")
    return Protection(
        stop,
        target,
        _trigger_source(parameters, "slTriggerBy", before.stop_trigger),
        _trigger_source(parameters, "tpTriggerBy", before.target_trigger),
        is_partial,
        _limit_of(parameters, "sl") if is_partial else None,
        _limit_of(parameters, "tp") if is_partial else None,
        before.trailing,
        before.active_price,
    )


def trailing_of(parameters: Parameters, before: Protection) -> Protection:
    """`before` with the trailing stop the parameters ask for; "0" takes it away."""
    if not text(parameters, "trailingStop"):
        return before
    trail = level(parameters, "trailingStop")
    active = level(parameters, "activePrice") if trail is not None else None
    return replace(before, trailing=trail, active_price=active)


def _limit_of(parameters: Parameters, side: str) -> Decimal | None:
    if text(parameters, f"{side}OrderType", "Market") == "Market":
        return None
    price = level(parameters, f"{side}LimitPrice")
    if price is None:
        raise refused(f"params error: {side}LimitPrice is needed for a limit order")
    return price


def scaled(price: Decimal) -> str:
    """Bybit writes prices in messages multiplied by ten thousand."""
    return fixed((price * 10_000).quantize(Decimal(1)))


def _trigger_source(parameters: Parameters, name: str, default: str = "LastPrice") -> str:
    source = text(parameters, name) or default
    if source not in TRIGGER_SOURCES:
        raise refused(f"params error: {name} invalid")
    return source
