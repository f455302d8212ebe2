"""What is unfinished: open trades, live orders and the signals both belong to.

Nothing else may influence a decision, because this is exactly what a restart reads back.
"""

from decimal import Decimal
from functools import lru_cache

from src.domain.order import FundingPayment, Order, OrderStatus
from src.domain.ports import LATE_FUNDING_TRADES, StoredBook
from src.domain.signal import Signal
from src.domain.trade import Trade
from src.engine.lifecycle import fund_trade
from src.engine.sizing import initial_margin

_NOTHING = Decimal(0)
AN_OPEN_TRADE = "an open trade"
A_RESTING_ENTRY = "a resting entry"


@lru_cache(maxsize=1024)
def no_room_sentences(
    symbol: str, held: str | None, taken: int, max_positions: int
) -> tuple[str, ...]:
    """Why nothing new fits in beside what is held (AN_OPEN_TRADE, A_RESTING_ENTRY or nothing)."""
    sentences = []
    if held is not None:
        sentences.append(f"{symbol} already has {held}.")
    if taken >= max_positions:
        sentences.append(
            f"{taken} of {max_positions} positions are taken; "
            "open trades and resting entries both count."
        )
    return tuple(sentences)


class Portfolio:
    """The unfinished business of one account, keyed by order_link_id and signal_id."""

    def __init__(self, book: StoredBook) -> None:
        self.trades: dict[str, Trade] = {trade.order_link_id: trade for trade in book.open_trades}
        self.orders: dict[str, Order] = {
            order.request.order_link_id: order for order in book.live_orders
        }
        self.signals: dict[str, Signal] = {signal.signal_id: signal for signal in book.signals}
        self.booked: set[str] = set(book.booked_executions)
        self.closed: dict[str, Trade] = {trade.order_link_id: trade for trade in book.closed_trades}

    def close(self, trade: Trade) -> None:
        """The trade is over; it is remembered for a while, for funding that is told late."""
        del self.trades[trade.order_link_id]
        self.signals.pop(trade.signal_id, None)
        self.closed[trade.order_link_id] = trade
        if len(self.closed) > LATE_FUNDING_TRADES:
            del self.closed[next(iter(self.closed))]

    def fund(self, payment: FundingPayment) -> Trade | None:
        """Book funding once on the trade it belongs to, and answer it.

        That trade is open, or closed not long ago and open at that time; None if there is none.
        """
        name = payment.order_link_id
        among = self.trades if name in self.trades else self.closed
        trade = among.get(name)
        if trade is None or payment.execution_id in self.booked:
            return None
        if trade.exit_time is not None and payment.time > trade.exit_time:
            return None
        self.booked.add(payment.execution_id)
        among[name] = fund_trade(trade, payment)
        return among[name]

    def holds(self, symbol: str) -> str | None:
        """What already occupies the symbol, in words; None when it is free."""
        for trade in self.trades.values():
            if trade.symbol == symbol:
                return AN_OPEN_TRADE
        for order in self.orders.values():
            if order.request.symbol == symbol:
                return A_RESTING_ENTRY
        return None

    def positions_taken(self) -> int:
        """Open trades plus resting entries: each may use one of the allowed positions."""
        return len(self.trades) + len(self.orders)

    def no_room(self, symbol: str, max_positions: int) -> tuple[str, ...]:
        """Sentences on why nothing new fits in beside what is held; empty while it does."""
        return no_room_sentences(symbol, self.holds(symbol), self.positions_taken(), max_positions)

    def notional(self) -> Decimal:
        """Value of everything open or resting at its entry price, quote currency."""
        total = _NOTHING
        for trade in self.trades.values():
            total += trade.quantity * trade.entry_price
        for order in self.orders.values():
            total += order.request.quantity * order.request.price
        return total

    def unacknowledged_margin(self) -> Decimal:
        """Margin of orders the venue has not confirmed, so that its balance may not show."""
        total = _NOTHING
        for order in self.orders.values():
            if order.status is OrderStatus.PENDING:
                request = order.request
                total += initial_margin(request.quantity * request.price, request.leverage)
        return total

    def live_order_of(self, signal_id: str) -> Order | None:
        """The entry of this signal that may still fill, if any."""
        for order in self.orders.values():
            if order.request.signal_id == signal_id:
                return order
        return None
