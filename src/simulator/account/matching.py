"""Prices meet the account's orders, by the paper venue's own price-to-fill function.

A stretch of prices is a bar (a second's price is a bar with open = high = low). An order meets
only bars that start at or after its own time. Market orders take the next price there is.
"""

import math
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.exchange.paper.costs import funding_amount, tick_against
from src.exchange.paper.matching import Bar, Hit, match_exit, match_limit, match_stop
from src.simulator.account.depth import Depth
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import ACTIVE, LIVE, Execution, PositionKey, VenueOrder
from src.simulator.account.partial import follow
from src.simulator.account.protection import Protector


class PriceRange(NamedTuple):
    """Open, high and low of one price source."""

    open: float
    high: float
    low: float


class Window(NamedTuple):
    """A stretch of last and mark prices. Times are UTC ms: `inside` stamps what happened within.

    `gaps` is true for candles: their open may lie beyond a resting limit and fills it there.
    """

    last: PriceRange
    mark: PriceRange
    start: int
    inside: int
    gaps: bool

    def source(self, trigger_by: str) -> PriceRange:
        """Prices a trigger listens to; the simulated index is the mark."""
        return self.last if trigger_by in ("", "LastPrice") else self.mark

    def time_of(self, hit: Hit) -> int:
        """When a hit is stamped."""
        return self.start if hit is Hit.AT_OPEN else self.inside


class Matcher:
    """Fills, triggers, liquidates and charges funding. `report` hears every execution."""

    def __init__(
        self,
        ledger: Ledger,
        instrument: Callable[[str], Instrument],
        depth: Depth,
        protector: Protector,
        report: Callable[[Execution], None],
    ) -> None:
        self._ledger = ledger
        self._instrument = instrument
        self._depth = depth
        self._protector = protector
        self._report = report

    def concerns(self, symbol: str) -> bool:
        """Whether prices of the symbol can change anything."""
        return any(p.size for key, p in self._ledger.positions.items() if key[0] == symbol) or any(
            order.symbol == symbol for order in self._ledger.live_orders()
        )

    def match(self, symbol: str, window: Window) -> None:
        """Let one symbol's prices pass."""
        before = self._open_keys(symbol)
        for key in before:
            self._match_exit(key, window, is_fill_bar=False)
        for order in self._ledger.live_orders():
            old_enough = order.symbol == symbol and order.created <= window.start
            if old_enough and not order.whole and order.status in LIVE:
                self._match_order(order, window)
        for key in self._open_keys(symbol):
            if key not in before:
                self._match_exit(key, window, is_fill_bar=True)
        for key in self._open_keys(symbol):
            self._liquidate_if_due(key, window)

    def force(self, order: VenueOrder, price: Decimal, time: int, kind: str) -> None:
        """Trade the whole of an order at one price."""
        self._trade(order, [(order.quantity, price)], False, time, kind)

    def charge_funding(self, symbol: str, rate: float, price: Decimal, time: int) -> None:
        """Exchange funding for the symbol's open positions."""
        for key in self._open_keys(symbol):
            position = self._ledger.position(key)
            direction = Direction.LONG if position.size > 0 else Direction.SHORT
            exact = Decimal(repr(rate))
            amount = funding_amount(direction, abs(position.size) * price, exact)
            self._report(self._ledger.book_funding(position, amount, exact, price, time))

    def _open_keys(self, symbol: str) -> list[PositionKey]:
        return [key for key, p in self._ledger.positions.items() if p.size and key[0] == symbol]

    def _match_order(self, order: VenueOrder, window: Window) -> None:
        if order.status == "Untriggered":
            self._trigger_if_due(order, window)
            return
        opened = _exact(window.last.open)
        if order.price is None:
            self._take(order, opened, None, window.start)
            return
        hit = match_limit(int(order.side), float(order.price), Bar.of_last(*window.last))
        if hit is Hit.AT_OPEN and not order.rested:
            self._take(order, opened, order.price, window.start)
        elif order.time_in_force in ("IOC", "FOK"):
            self._protector.end(order, "EC_NoImmediateQtyToFill", window.start)
        elif hit is Hit.NONE:
            order.rested = True
        else:
            price = order.price
            if hit is Hit.AT_OPEN and window.gaps:
                against = tick_against(self._instrument(order.symbol), opened, order.side)
                price = min(price, against) if order.side > 0 else max(price, against)
            self._trade(order, [(order.leaves, price)], True, window.time_of(hit))

    def _trigger_if_due(self, order: VenueOrder, window: Window) -> None:
        if order.trigger_price is not None:
            self._trigger(order, order.trigger_price, window)
        high, low = _exact(window.last.high), _exact(window.last.low)
        tick = partial(tick_against, self._instrument(order.symbol), side=order.side)
        if order.status == "Untriggered" and follow(order, high, low, tick):
            self._protector.changed(order)

    def _trigger(self, order: VenueOrder, price: Decimal, window: Window) -> None:
        falls = 1 if order.trigger_direction == 2 else -1
        level = float(price)
        hit = match_stop(falls, level, Bar.of_last(*window.source(order.trigger_by)))
        if hit is Hit.NONE:
            return
        order.status = "New"
        time = window.time_of(hit)
        self._protector.part_from_partner(order, time)
        if order.price is not None:
            order.updated = time
            order.rested = False
            self._protector.changed(order)
            return
        by_last = order.trigger_by in ("", "LastPrice")
        reference = _exact(window.last.open if hit is Hit.AT_OPEN or not by_last else level)
        self._take(order, reference, None, time, whole=order.attached)

    def _match_exit(self, key: PositionKey, window: Window, is_fill_bar: bool) -> None:
        """Fire the position's stop or target, whichever the bar reached first."""
        children = {order.stop_order_type: order for order in self._ledger.children(key)}
        stop, target = children.get("StopLoss"), children.get("TakeProfit")
        direction = self._ledger.position(key).direction
        if direction is None or not children:
            return
        trigger = window.source(stop.trigger_by if stop else "")
        traded = window.source(target.trigger_by if target else "")
        matched = match_exit(
            int(direction), _level(stop), _level(target), Bar(*traded, *trigger), is_fill_bar
        )
        if stop is not None and matched.stop is not Hit.NONE:
            self._fire(stop, matched.stop, window)
        elif target is not None and matched.target is not Hit.NONE:
            self._fire(target, matched.target, window)

    def _fire(self, child: VenueOrder, hit: Hit, window: Window) -> None:
        """Trade a fired child as the market order it is.

        A target was traded through, so there were takers at its level and it pays no slippage.
        """
        child.quantity = abs(self._ledger.position(child.key).size)
        child.status = "New"
        seen, level = _exact(window.last.open), child.trigger_price or Decimal(0)
        by_last = child.trigger_by in ("", "LastPrice")
        if child.stop_order_type == "StopLoss":
            gapped = hit is Hit.AT_OPEN and (seen - level) * int(child.side) > 0
            self._take(
                child,
                seen if gapped or not by_last else level,
                None,
                window.time_of(hit),
                whole=True,
            )
            return
        better = hit is Hit.AT_OPEN and window.gaps
        price = seen if better or not by_last else level
        price = tick_against(self._instrument(child.symbol), price, child.side)
        self._trade(child, [(child.quantity, price)], False, window.time_of(hit))

    def _take(
        self, order: VenueOrder, price: Decimal, limit: Decimal | None, time: int,
        whole: bool = False,
    ) -> None:  # fmt: skip
        """Take liquidity at `price`, slipped and level by level, never worse than `limit`."""
        if order.time_in_force == "PostOnly":
            self._protector.end(order, "EC_PostOnlyWillTakeLiquidity", time)
            return
        if order.reduce_only and not self._fits_position(order, time):
            return
        slipped = self._ledger.costs.slipped(self._instrument(order.symbol), price, order.side)
        pieces = self._depth.pieces(order.symbol, order.side, order.leaves, slipped, limit, whole)
        offered = sum((quantity for quantity, _ in pieces), Decimal(0))
        if order.time_in_force == "FOK" and offered < order.leaves:
            self._protector.end(order, "EC_NoImmediateQtyToFill", time)
            return
        self._trade(order, pieces, False, time)
        if order.status not in ACTIVE:
            return
        if order.price is None or order.time_in_force == "IOC":
            self._protector.end(order, "EC_NoImmediateQtyToFill", time)
        order.rested = True

    def _fits_position(self, order: VenueOrder, time: int) -> bool:
        """Shrink a reduce-only order to what is left of the position; end it when that is flat."""
        size = self._ledger.position(order.key).size
        if size * int(order.side) >= 0:
            self._protector.end(order, "EC_CancelForNoFullFill", time, "CancelByReduceOnly")
            return False
        order.quantity = min(order.quantity, order.executed + abs(size))
        return True

    def _trade(
        self, order: VenueOrder, pieces: list[tuple[Decimal, Decimal]], is_maker: bool, time: int,
        kind: str = "Trade",
    ) -> None:  # fmt: skip
        if is_maker and order.reduce_only and not self._fits_position(order, time):
            return
        most = order.quantity if order.fills_at_most is None else order.fills_at_most
        for quantity, price in pieces:
            amount = min(quantity, order.leaves, most - order.executed)
            if amount <= 0:
                break
            self._report(self._ledger.book(order, amount, price, is_maker, time, kind))
        self._protector.after_trade(order, time)
        if order.status in ACTIVE and order.executed == most:
            self._protector.end(order, "EC_CancelForNoFullFill", time)

    def _liquidate_if_due(self, key: PositionKey, window: Window) -> None:
        """Close at the bar's worst mark when equity there does not cover maintenance margin."""
        position = self._ledger.position(key)
        worst = _exact(window.mark.low if position.size > 0 else window.mark.high)
        equity = self._ledger.wallet + self._ledger.unrealized()
        equity += position.unrealized(worst) - self._protector.unrealized(position)
        if equity >= self._ledger.maintenance_margin():
            return
        side = Direction(-1 if position.size > 0 else 1)
        order = self._protector.forced(key, side, abs(position.size), window.inside)
        self._trade(order, [(order.quantity, worst)], False, window.inside, "BustTrade")


def _exact(price: float) -> Decimal:
    return Decimal(repr(float(price)))


def _level(child: VenueOrder | None) -> float:
    """The level a child waits for; NaN is never reached."""
    return math.nan if child is None or child.trigger_price is None else float(child.trigger_price)
