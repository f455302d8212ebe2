"""Stops and targets of a part of a position, and trailing stops: conditional orders of its own.

A partial stop and target set together are a pair: when one fires the other goes. Changing one of
them breaks the pair.
"""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from src.domain.order import Direction
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import LIVE, PositionKey, Protection, VenueOrder

MOST_PARTIAL = 20


def new_partials(
    ledger: Ledger, key: PositionKey, wanted: Protection, quantity: Decimal, time: int,
    parent_link_id: str = "",
) -> list[VenueOrder]:  # fmt: skip
    """Put the levels of `wanted` into the books as orders of `quantity`."""
    side = _closing_side(ledger, key)
    levels = (
        ("PartialStopLoss", wanted.stop_loss, wanted.stop_trigger, wanted.stop_limit),
        ("PartialTakeProfit", wanted.take_profit, wanted.target_trigger, wanted.target_limit),
    )
    made = []
    for kind, level, trigger_by, limit in levels:
        if level is not None:
            falls = (kind == "PartialStopLoss") == (side is Direction.SHORT)
            made.append(
                VenueOrder(
                    str(uuid4()), "", ledger.next_sequence(), *key, side,
                    "Market" if limit is None else "Limit", quantity, limit,
                    "IOC" if limit is None else "GTC", True, time, close_on_trigger=True,
                    trigger_price=level, trigger_by=trigger_by,
                    trigger_direction=2 if falls else 1, stop_order_type=kind,
                    parent_link_id=parent_link_id, create_type=f"CreateBy{kind}",
                    status=LIVE[-1], updated=time,
                )
            )  # fmt: skip
    if len(made) == 2:
        made[0].partner, made[1].partner = made[1].order_id, made[0].order_id
    for order in made:
        ledger.add(order)
    return made


def partner_of(ledger: Ledger, order: VenueOrder) -> VenueOrder | None:
    """The other order of a pair while it still waits; the pair is broken."""
    partner = ledger.orders.get(order.partner)
    order.partner = ""
    if partner is None:
        return None
    partner.partner = ""
    return partner if partner.status == "Untriggered" else None


def new_trailing(
    ledger: Ledger, key: PositionKey, wanted: Protection, last: Decimal, time: int
) -> VenueOrder:
    """A stop that follows the last price at a distance, from the start or from a price on."""
    side = _closing_side(ledger, key)
    trail = wanted.trailing or Decimal(0)
    order = VenueOrder(
        str(uuid4()), "", ledger.next_sequence(), *key, side, "Market",
        abs(ledger.position(key).size), None, "IOC", True, time, close_on_trigger=True,
        trigger_by="LastPrice", trigger_direction=2 if side is Direction.SHORT else 1,
        stop_order_type="TrailingStop", create_type="CreateByTrailingStop", status=LIVE[-1],
        updated=time, trail=trail, activates=wanted.active_price,
    )  # fmt: skip
    if order.activates is None:
        order.trigger_price = last + trail * int(side)
    ledger.add(order)
    return order


def follow(
    order: VenueOrder, high: Decimal, low: Decimal, on_tick: Callable[[Decimal], Decimal]
) -> bool:
    """Let a trailing stop follow a stretch of prices; whether its level moved."""
    if order.trail is None:
        return False
    sells = order.side is Direction.SHORT
    best = high if sells else low
    if order.activates is not None:
        if (best < order.activates) if sells else (best > order.activates):
            return False
        order.activates = None
    level = on_tick(best + order.trail * int(order.side))
    before = order.trigger_price
    if before is not None and (level <= before if sells else level >= before):
        return False
    order.trigger_price = level
    return True


def _closing_side(ledger: Ledger, key: PositionKey) -> Direction:
    return Direction.SHORT if ledger.position(key).size > 0 else Direction.LONG
