"""Attached stops and targets: born with a position, moved by trading-stop, gone when it is flat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from src.domain.order import Direction
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import (
    LIVE,
    PositionKey,
    Protection,
    VenueOrder,
    VenuePosition,
)
from src.simulator.account.partial import new_partials, new_trailing, partner_of


class Protector:
    """Keeps one stop and one target (Full mode) beside every position that asked for them.

    `changed` hears every order whose state changed, `tell_position` of every position whose
    protection did.
    """

    def __init__(
        self,
        ledger: Ledger,
        mark: Callable[[str], Decimal],
        last: Callable[[str], Decimal],
        changed: Callable[[VenueOrder], None],
        tell_position: Callable[[PositionKey], None],
    ) -> None:
        self._ledger = ledger
        self._mark = mark
        self._last = last
        self.changed = changed
        self._tell_position = tell_position

    def unrealized(self, position: VenuePosition) -> Decimal:
        """Gross P&L of a position at the mark."""
        return position.unrealized(self._mark(position.symbol))

    def end(self, order: VenueOrder, reason: str, time: int, cancel_type: str = "UNKNOWN") -> None:
        """Cancel what is left of an order."""
        order.status = "Cancelled"
        order.reject_reason = reason
        order.cancel_type = cancel_type
        order.updated = time
        self.changed(order)

    def after_trade(self, order: VenueOrder, time: int) -> None:
        """Tell of a traded order, and give or take the position's children."""
        self.changed(order)
        with self.telling(order.key, time):
            self._follow_trade(order, time)

    @contextmanager
    def telling(self, key: PositionKey, time: int) -> Iterator[None]:
        """What is done meanwhile may change a position's protection; then it is told once more."""
        before = self.protection(key)
        yield
        if self.protection(key) != before:
            self._tell_changed(key, time)

    def _tell_changed(self, key: PositionKey, time: int) -> None:
        """Tell of a position, stamped later than before even where market time stands still."""
        position = self._ledger.position(key)
        position.updated = max(time, position.updated + 1)
        self._tell_position(key)

    def _follow_trade(self, order: VenueOrder, time: int) -> None:
        position = self._ledger.position(order.key)
        for child in self._ledger.children(order.key):
            if child is not order and position.size * int(child.side) >= 0:
                self.end(child, "EC_PerCancelRequest", time, "CancelByTpSlTsClear")
        if not position.size:
            return
        if not order.reduce_only and order.protection != Protection():
            if order.stops_rejected:
                self._reject_stops(order, time)
                return
            if order.protection.partial:
                new = order.executed - order.covered
                order.covered = order.executed
                self.protect_part(order.key, order.protection, new, time, order.order_link_id)
                return
            before = self.protection(order.key)
            wanted = replace(
                order.protection, trailing=before.trailing, active_price=before.active_price
            )
            self._settle_levels(order.key, wanted, time, order.order_link_id)
        else:
            for child in self._ledger.children(order.key):
                if child.whole:
                    child.quantity = abs(position.size)

    def protect(self, key: PositionKey, wanted: Protection, time: int) -> None:
        """Make the position's children those of `wanted`; a level of None removes its child."""
        with self.telling(key, time):
            self._settle_levels(key, wanted, time)

    def _settle_levels(
        self, key: PositionKey, wanted: Protection, time: int, parent_link_id: str = ""
    ) -> None:
        self._settle(key, "StopLoss", wanted.stop_loss, wanted.stop_trigger, time, parent_link_id)
        self._settle(
            key, "TakeProfit", wanted.take_profit, wanted.target_trigger, time, parent_link_id
        )
        before = self.protection(key)
        if (before.trailing, before.active_price) != (wanted.trailing, wanted.active_price):
            self._settle_trailing(key, wanted, time)

    def protect_part(
        self, key: PositionKey, wanted: Protection, quantity: Decimal, time: int,
        parent_link_id: str = "",
    ) -> None:  # fmt: skip
        """Add stop and target for a part of the position."""
        for child in new_partials(self._ledger, key, wanted, quantity, time, parent_link_id):
            self.changed(child)
        self._tell_changed(key, time)

    def part_from_partner(self, order: VenueOrder, time: int) -> None:
        """Withdraw the other order of a pair, one of which has fired."""
        partner = partner_of(self._ledger, order) if order.partner else None
        if partner is not None:
            self.end(partner, "EC_PerCancelRequest", time, "CancelByTpSlTsClear")

    def protection(self, key: PositionKey) -> Protection:
        """The levels that protect a position now."""
        found = {child.stop_order_type: child for child in self._ledger.children(key)}
        stop, target = found.get("StopLoss"), found.get("TakeProfit")
        trailing = found.get("TrailingStop")
        return Protection(
            stop.trigger_price if stop else None,
            target.trigger_price if target else None,
            stop.trigger_by if stop else "LastPrice",
            target.trigger_by if target else "LastPrice",
            trailing=trailing.trail if trailing else None,
            active_price=trailing.activates if trailing else None,
        )

    def forced(
        self, key: PositionKey, side: Direction, quantity: Decimal, time: int,
        create_type: str = "CreateByLiq",
    ) -> VenueOrder:  # fmt: skip
        """An order nobody asked for over the API; the default is a liquidation's."""
        reduces = self._ledger.position(key).size * int(side) < 0
        order = VenueOrder(
            str(uuid4()), "", self._ledger.next_sequence(), *key, side, "Market", quantity, None,
            "IOC", reduces, time, create_type=create_type,
        )  # fmt: skip
        self._ledger.add(order)
        return order

    def _reject_stops(self, order: VenueOrder, time: int) -> None:
        """Refuse the levels an order carries: the position stands without them."""
        position, wanted = self._ledger.position(order.key), order.protection
        for kind, level in (("StopLoss", wanted.stop_loss), ("TakeProfit", wanted.take_profit)):
            if level is not None:
                child = self._new_child(position, kind, time, order.order_link_id)
                child.trigger_price = level
                child.status = "Rejected"
                child.updated = time
                child.reject_reason = "EC_InvalidSymbolStatus"
                self.changed(child)

    def _settle_trailing(self, key: PositionKey, wanted: Protection, time: int) -> None:
        for child in self._ledger.children(key):
            if child.stop_order_type == "TrailingStop":
                self.end(child, "EC_PerCancelRequest", time, "CancelByUser")
        if wanted.trailing is not None:
            self.changed(new_trailing(self._ledger, key, wanted, self._last(key[0]), time))

    def _settle(
        self, key: PositionKey, kind: str, level: Decimal | None, trigger_by: str, time: int,
        parent_link_id: str,
    ) -> None:  # fmt: skip
        child = next((c for c in self._ledger.children(key) if c.stop_order_type == kind), None)
        if level is None:
            if child is not None:
                self.end(child, "EC_PerCancelRequest", time, "CancelByUser")
            return
        position = self._ledger.position(key)
        if child is None:
            child = self._new_child(position, kind, time, parent_link_id)
        elif (child.trigger_price, child.trigger_by, child.quantity) == (
            level, trigger_by, abs(position.size),
        ):  # fmt: skip
            return
        child.trigger_price = level
        child.trigger_by = trigger_by
        child.quantity = abs(position.size)
        child.updated = time
        self.changed(child)

    def _new_child(
        self, position: VenuePosition, kind: str, time: int, parent_link_id: str
    ) -> VenueOrder:
        side = Direction.SHORT if position.size > 0 else Direction.LONG
        falls = (kind == "StopLoss") == (side is Direction.SHORT)
        child = VenueOrder(
            str(uuid4()), "", self._ledger.next_sequence(), position.symbol,
            position.position_idx, side, "Market", abs(position.size), None, "IOC", True, time,
            close_on_trigger=True, trigger_direction=2 if falls else 1, stop_order_type=kind,
            parent_link_id=parent_link_id, create_type=f"CreateBy{kind}", status=LIVE[-1],
        )  # fmt: skip
        self._ledger.add(child)
        return child
