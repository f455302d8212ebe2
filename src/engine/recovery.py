"""Comparing what the journal left unfinished with what the venue knows, before trading again."""

from src.domain.events import CancelIntended, Change, EntryIntended, OrderChanged, SignalChanged
from src.domain.order import Order, OrderStatus
from src.domain.signal import SignalStatus
from src.engine.lifecycle import signal_as
from src.engine.portfolio import Portfolio

NEVER_SENT = "The order never reached the exchange, and the market moved on."
WITHDRAWN_UNSENT = "The setup ended before the order reached the exchange."
UNKNOWN_TO_VENUE = "The exchange no longer knows this order."
WITHDRAW_AGAIN = "The setup ended while its order still rested, so it is withdrawn again."


def missing_order_changes(portfolio: Portfolio, order: Order, now: int) -> list[Change]:
    """What follows when the venue does not know an order the journal holds as live.

    A pending order whose setup is fresh (younger than one candle) is intended again under the
    same id; anything else is cancelled. The portfolio is updated. `now` is UTC ms market time.
    """
    request = order.request
    if order.status is not OrderStatus.PENDING:
        return _give_up(portfolio, order, UNKNOWN_TO_VENUE, now)
    signal = portfolio.signals.get(request.signal_id)
    if signal is None or signal.status is SignalStatus.CANCELLED:
        return _give_up(portfolio, order, WITHDRAWN_UNSENT, now)
    if now - request.placed_at >= signal.timeframe.milliseconds:
        return _give_up(portfolio, order, NEVER_SENT, now)
    return [EntryIntended(request)]


def withdrawn_order_changes(portfolio: Portfolio, order: Order) -> list[Change]:
    """The cancel to repeat when an order still rests although its signal was cancelled."""
    signal = portfolio.signals.get(order.request.signal_id)
    if signal is None or signal.status is not SignalStatus.CANCELLED:
        return []
    return [CancelIntended(order.request.order_link_id, WITHDRAW_AGAIN)]


def _give_up(portfolio: Portfolio, order: Order, reason: str, now: int) -> list[Change]:
    request = order.request
    del portfolio.orders[request.order_link_id]
    changes: list[Change] = [OrderChanged(Order(request, OrderStatus.CANCELLED, reason))]
    signal = portfolio.signals.pop(request.signal_id, None)
    if signal is not None and signal.status is not SignalStatus.CANCELLED:
        changes.append(SignalChanged(signal_as(signal, SignalStatus.CANCELLED, now, reason)))
    return changes
