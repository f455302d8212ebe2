"""What is unfinished: open trades, live orders and the signals both belong to.

Nothing else may influence a decision, because this is exactly what a restart reads back.
"""

from decimal import Decimal

from src.domain.order import Order, OrderStatus
from src.domain.ports import StoredBook
from src.domain.signal import Signal
from src.domain.trade import Trade


class Portfolio:
    """The unfinished business of one account, keyed by order_link_id and signal_id."""

    def __init__(self, book: StoredBook) -> None:
        self.trades: dict[str, Trade] = {trade.order_link_id: trade for trade in book.open_trades}
        self.orders: dict[str, Order] = {
            order.request.order_link_id: order for order in book.live_orders
        }
        self.signals: dict[str, Signal] = {signal.signal_id: signal for signal in book.signals}
        self.booked: set[str] = set(book.booked_executions)

    def holds(self, symbol: str) -> str | None:
        """What already occupies the symbol, in words; None when it is free."""
        if any(trade.symbol == symbol for trade in self.trades.values()):
            return "an open trade"
        if any(order.request.symbol == symbol for order in self.orders.values()):
            return "a resting entry"
        return None

    def positions_taken(self) -> int:
        """Open trades plus resting entries: each may use one of the allowed positions."""
        return len(self.trades) + len(self.orders)

    def no_room(self, symbol: str, max_positions: int) -> tuple[str, ...]:
        """Sentences on why nothing new fits in beside what is held; empty while it does."""
        sentences = []
        held = self.holds(symbol)
        if held is not None:
            sentences.append(f"{symbol} already has {held}.")
        taken = self.positions_taken()
        if taken >= max_positions:
            sentences.append(
                f"{taken} of {max_positions} positions are taken; "
                "open trades and resting entries both count."
            )
        return tuple(sentences)

    def notional(self) -> Decimal:
        """Value of everything open or resting at its entry price, quote currency."""
        held = sum((t.quantity * t.entry_price for t in self.trades.values()), Decimal(0))
        resting = (order.request for order in self.orders.values())
        return held + sum((r.quantity * r.price for r in resting), Decimal(0))

    def unacknowledged_margin(self) -> Decimal:
        """Margin of orders the venue has not confirmed, so that its balance may not show."""
        pending = (
            order.request for order in self.orders.values() if order.status is OrderStatus.PENDING
        )
        return sum((r.quantity * r.price / r.leverage for r in pending), Decimal(0))

    def live_order_of(self, signal_id: str) -> Order | None:
        """The entry of this signal that may still fill, if any."""
        for order in self.orders.values():
            if order.request.signal_id == signal_id:
                return order
        return None
