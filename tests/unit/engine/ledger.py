"""A journal in memory: folds changes into a book exactly as far as they say, nothing more."""

from dataclasses import dataclass, field

from src.domain.events import (
    Change,
    EntryIntended,
    OrderChanged,
    SignalChanged,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import Order, OrderStatus
from src.domain.ports import LATE_FUNDING_TRADES, StoredBook
from src.domain.signal import Signal
from src.domain.trade import Trade, TradeResult, TradeStatus


def result_of(trade: Trade) -> TradeResult:
    """What the guards want to know of a closed trade."""
    assert trade.exit_time is not None
    assert trade.result_in_r is not None
    return TradeResult(trade.order_link_id, trade.exit_time, trade.result_in_r)


LIVE = (OrderStatus.PENDING, OrderStatus.ACCEPTED)


@dataclass
class MemoryLedger:
    """What a database would hold. `steps` counts commits; `market_time` is of the newest."""

    trades: dict[str, Trade] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    executions: dict[str, str] = field(default_factory=dict)
    venue_state: str | None = None
    market_time: int = 0
    consumed: int = 0

    def commit(self, time: int, changes: list[Change], venue_state: str, consumed: int) -> None:
        """Store one step; `consumed` is how many candle instants are behind it."""
        for change in changes:
            self._fold(change)
        self.venue_state = venue_state
        self.market_time = time
        self.consumed = consumed

    def load_book(self) -> StoredBook:
        """What is unfinished."""
        trades = tuple(t for t in self.trades.values() if t.status is TradeStatus.OPEN)
        orders = tuple(o for o in self.orders.values() if o.status in LIVE)
        wanted = {trade.signal_id for trade in trades} | {o.request.signal_id for o in orders}
        closed = tuple(t for t in self.trades.values() if t.status is TradeStatus.CLOSED)
        return StoredBook(
            open_trades=trades,
            live_orders=orders,
            signals=tuple(s for name, s in self.signals.items() if name in wanted),
            venue_state=self.venue_state,
            booked_executions=tuple(self.executions),
            results=tuple(result_of(t) for t in self.trades.values() if t.exit_time is not None),
            closed_trades=closed[-LATE_FUNDING_TRADES:],
        )

    def _fold(self, change: Change) -> None:
        match change:
            case SignalChanged(signal):
                self.signals[signal.signal_id] = signal
            case EntryIntended(request):
                pending = Order(request, OrderStatus.PENDING)
                self.orders.setdefault(request.order_link_id, pending)
            case OrderChanged(order):
                self.orders[order.request.order_link_id] = order
            case TradeOpened(trade, fact) | TradeClosed(trade, fact) | TradeFunded(trade, fact):
                self.trades[trade.order_link_id] = trade
                self.executions[fact.execution_id] = trade.order_link_id
