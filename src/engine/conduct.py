"""The conversation between engine and venue: live trading and backtests hold the same one."""

from collections.abc import Sequence

from src.domain.errors import Rejected
from src.domain.events import CancelIntended, Change, EntryIntended
from src.domain.order import Fill, FundingPayment, Order, OrderStatus
from src.domain.ports import Broker
from src.engine.engine import Engine


def absorb_reports(engine: Engine, broker: Broker, now: int) -> list[Change]:
    """Let the engine book all that the venue has reported since the last call.

    `now` is UTC ms market time.
    """
    changes: list[Change] = []
    for fact in broker.drain():
        match fact:
            case Fill():
                changes += engine.on_fill(fact)
            case FundingPayment():
                changes += engine.on_funding(fact)
            case Order():
                changes += engine.on_order(fact, now)
    return changes


def perform_intents(
    engine: Engine, broker: Broker, changes: Sequence[Change], now: int
) -> list[Change]:
    """Send the intents among stored changes; returns what the venue's answers changed.

    Those changes may hold intents again: store and perform them too, until none is left.
    """
    answers: list[Change] = []
    for change in changes:
        match change:
            case EntryIntended(request):
                try:
                    order = broker.submit(request)
                except Rejected as refusal:
                    order = Order(request, OrderStatus.REJECTED, str(refusal))
                answers += engine.on_order(order, now)
            case CancelIntended(order_link_id, _):
                broker.cancel(order_link_id)
    return answers + absorb_reports(engine, broker, now)
