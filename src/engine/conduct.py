"""The conversation between engine and venue: live trading and backtests hold the same one."""

from collections.abc import Sequence

from src.domain.errors import ClockSkew, RateLimited, Rejected, Unavailable, UnknownOutcome
from src.domain.events import CancelIntended, Change, EntryIntended, MoneyMoved
from src.domain.order import Fill, FundingPayment, Order, OrderRequest, OrderStatus
from src.domain.ports import Broker
from src.domain.trade import Transfer
from src.engine.engine import Engine, Shortfall

SHORTFALL = "account limit"
"""The cause of the pause while the account can back no further entry."""

_UNSETTLED = (UnknownOutcome, Unavailable, RateLimited, ClockSkew)


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
            case Transfer():
                changes.append(MoneyMoved(fact))
            case Order():
                changes += engine.on_order(fact, now)
    return changes


def perform_intents(
    engine: Engine, broker: Broker, changes: Sequence[Change], now: int
) -> list[Change]:
    """Send the intents among stored changes; returns what the venue's answers changed.

    Those changes may hold intents again: store and perform them too, until none is left. An intent
    whose outcome nobody can tell becomes one of the engine's doubts, which `Engine.reconcile`
    settles by asking for it. Raises AuthFatal and RegionBlocked.
    """
    answers: list[Change] = []
    for change in changes:
        match change:
            case EntryIntended(request):
                order = _submitted(engine, broker, request)
                answers += [] if order is None else engine.on_order(order, now)
            case CancelIntended(order_link_id, _):
                _cancel(engine, broker, order_link_id)
    return answers + absorb_reports(engine, broker, now)


def _submitted(engine: Engine, broker: Broker, request: OrderRequest) -> Order | None:
    """The venue's answer to an entry; None when its fate is in doubt."""
    try:
        order = broker.submit(request)
        if order.account_limited:
            _fall_short(engine, order)
        return order
    except Rejected as refusal:
        return Order(request, OrderStatus.REJECTED, str(refusal))
    except _UNSETTLED as doubt:
        engine.doubts[request.order_link_id] = str(doubt)
        return None


def _fall_short(engine: Engine, order: Order) -> None:
    """Pause entries of the whole account: the next one could not be backed either."""
    request = order.request
    margin = request.price * request.quantity / request.leverage
    sentence = (
        f"the account could not back an entry on {request.symbol} ({order.reason}). Entries wait "
        f"until {margin:.2f} are available as margin: deposit, or close or withdraw something."
    )
    engine.shortfall = Shortfall(sentence, margin)
    engine.blocks.pause(SHORTFALL, sentence)


def _cancel(engine: Engine, broker: Broker, order_link_id: str) -> None:
    """Withdraw an entry, or doubt that it was withdrawn."""
    try:
        broker.cancel(order_link_id)
    except (*_UNSETTLED, Rejected) as doubt:
        engine.doubts[order_link_id] = str(doubt)
