"""Whether the venue holds what the journal says it holds, in sentences a person can act on."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from src.domain.order import Order
from src.domain.trade import Position, Trade
from src.engine.identifiers import is_own_order


def disagreements(
    trades: Iterable[Trade], entries: Iterable[Order], positions: Iterable[Position]
) -> Mapping[str, str]:
    """What is wrong, by symbol. `entries` may still fill, so part of one may be held already."""
    booked = {trade.symbol: trade for trade in trades}
    held = {position.symbol: position for position in positions}
    filling = {order.request.symbol: order for order in entries}
    found = {
        symbol: _disagreement(booked.get(symbol), filling.get(symbol), held.get(symbol))
        for symbol in sorted(booked.keys() | held.keys())
    }
    return {symbol: sentence for symbol, sentence in found.items() if sentence is not None}


def orphans(entries: Iterable[Order], resting: Sequence[Order]) -> tuple[str, ...]:
    """Ids of entries of this system that rest at the venue and that the journal has given up.

    `resting` is the venue's complete list, read after `entries` was last changed.
    """
    known = {order.request.order_link_id for order in entries}
    names = (order.request.order_link_id for order in resting)
    return tuple(name for name in names if is_own_order(name) and name not in known)


def _disagreement(trade: Trade | None, entry: Order | None, held: Position | None) -> str | None:
    if trade is None:
        return None if held is None or _may_be_of(entry, held) else _unknown(held)
    journal = f"the journal holds {trade.direction.word} {trade.quantity}"
    if held is None:
        return (
            f"{journal}, the exchange nothing, and no execution says how it ended. Its closed P&L "
            "is asked for every minute. If the exchange has forgotten that too (demo keeps seven "
            "days), this trade cannot be booked: trade other symbols, or restore a backup or start "
            "a new database."
        )
    if held.direction is not trade.direction:
        return (
            f"{journal}, the exchange {held.direction.word} {held.quantity}: it was turned outside "
            "this system. Close it on the exchange."
        )
    if held.quantity == trade.quantity:
        return None
    change = "added to" if held.quantity > trade.quantity else "partly closed"
    return (
        f"{journal}, the exchange {held.quantity}: it was {change} outside this system. Its stop "
        "guards all of it; the trade is booked with its own share once the position is closed."
    )


def _may_be_of(entry: Order | None, held: Position) -> bool:
    """Whether the position is what an entry that has not ended has filled so far."""
    if entry is None:
        return False
    request = entry.request
    return request.direction is held.direction and held.quantity <= request.quantity


def _unknown(held: Position) -> str:
    guarded = held.stop_loss is not None and held.stop_loss > Decimal(0)
    stop = f"its stop is {held.stop_loss}" if guarded else "IT HAS NO STOP"
    return (
        f"the exchange holds {held.direction.word} {held.quantity} that this system did not open "
        f"({stop}). Close it on the exchange, or leave {held.symbol} to yourself."
    )
