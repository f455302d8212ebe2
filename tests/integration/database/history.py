"""An account in memory, driven by arbitrary actions: what the database must agree with."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from src.domain.events import (
    CancelIntended,
    Change,
    EntryIntended,
    EquityPoint,
    OrderChanged,
    SignalChanged,
    StepRecord,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import Order, OrderStatus
from src.domain.ports import StoredBook
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade
from tests.unit.database import facts

INITIAL = Decimal(1000)
LIVE = (OrderStatus.PENDING, OrderStatus.ACCEPTED)


@dataclass
class Account:
    """Orders, trades and wallet by plain bookkeeping. Each method is one thing that may happen.

    A method that makes no sense in the present state does nothing and returns no change.
    """

    time: int = facts.START
    wallet: Decimal = INITIAL
    signals: dict[str, Signal] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    trades: dict[str, Trade] = field(default_factory=dict)
    closed: list[Trade] = field(default_factory=list)
    executions: list[str] = field(default_factory=list)
    payments: int = 0

    def arm(self, number: int) -> list[Change]:
        """A setup becomes a signal with a pending entry."""
        if f"s{number}" in self.signals:
            return []
        order = Order(facts.request(number, self.time), OrderStatus.PENDING)
        self.orders[f"o{number}"] = order
        return [self._signal(number, SignalStatus.ARMED), EntryIntended(order.request)]

    def refuse(self, number: int) -> list[Change]:
        """A setup is refused."""
        if f"s{number}" in self.signals:
            return []
        return [self._signal(number, SignalStatus.REFUSED)]

    def accept(self, number: int) -> list[Change]:
        """The venue acknowledges the entry."""
        return self._advance(number, OrderStatus.ACCEPTED)

    def cancel(self, number: int) -> list[Change]:
        """The entry is withdrawn."""
        if not self._is_live(number):
            return []
        return [
            CancelIntended(f"o{number}", "Expired."),
            *self._advance(number, OrderStatus.CANCELLED, "Expired."),
            self._signal(number, SignalStatus.CANCELLED),
        ]

    def enter(self, number: int) -> list[Change]:
        """The entry fills."""
        if not self._is_live(number):
            return []
        fill = facts.entry_fill(number, self.time)
        trade = facts.open_trade(number, self.time)
        self.trades[trade.order_link_id] = trade
        self.executions.append(fill.execution_id)
        self.wallet -= fill.fee
        return [
            *self._advance(number, OrderStatus.FILLED),
            self._signal(number, SignalStatus.FILLED),
            TradeOpened(trade, fill),
        ]

    def fund(self, number: int, tenths: int) -> list[Change]:
        """Funding is exchanged."""
        trade = self.trades.get(f"o{number}")
        if trade is None:
            return []
        self.payments += 1
        amount = (Decimal(tenths) / 10).quantize(Decimal("0.0000001"))
        payment = facts.funding(number, str(amount), self.payments, self.time)
        funded = facts.funded(trade, payment)
        self.trades[trade.order_link_id] = funded
        self.executions.append(payment.execution_id)
        self.wallet += amount
        return [TradeFunded(funded, payment)]

    def leave(self, number: int, ticks: int) -> list[Change]:
        """The exit fills so many ticks from 100."""
        trade = self.trades.pop(f"o{number}", None)
        if trade is None:
            return []
        fill = facts.exit_fill(number, str(Decimal(100) + Decimal(ticks) / 100), self.time)
        finished = facts.closed(trade, fill)
        self.closed.append(finished)
        self.executions.append(fill.execution_id)
        self.wallet += finished.gross_pnl - fill.fee
        return [TradeClosed(finished, fill)]

    def step(self, changes: list[Change]) -> StepRecord:
        """The step that stores `changes`, a minute after the last."""
        record = StepRecord(
            market_time=self.time,
            changes=tuple(changes),
            equity=EquityPoint(self.time, self.wallet, self.wallet),
            venue_state=f'{{"wallet":"{self.wallet}"}}',
        )
        self.time += 60_000
        return record

    def book(self) -> StoredBook:
        """What a journal must find unfinished, and the closed trades that may still be funded."""
        live = [order for order in self.orders.values() if order.status in LIVE]
        wanted = {trade.signal_id for trade in self.trades.values()}
        wanted |= {order.request.signal_id for order in live}
        return StoredBook(
            open_trades=tuple(self.trades.values()),
            live_orders=tuple(live),
            signals=tuple(s for s in self.signals.values() if s.signal_id in wanted),
            venue_state=f'{{"wallet":"{self.wallet}"}}',
            booked_executions=tuple(self.executions),
            closed_trades=tuple(self.closed),
        )

    def _is_live(self, number: int) -> bool:
        order = self.orders.get(f"o{number}")
        return order is not None and order.status in LIVE

    def _advance(self, number: int, status: OrderStatus, reason: str | None = None) -> list[Change]:
        if not self._is_live(number):
            return []
        order = replace(self.orders[f"o{number}"], status=status, reason=reason)
        self.orders[f"o{number}"] = order
        return [OrderChanged(order)]

    def _signal(self, number: int, status: SignalStatus) -> Change:
        signal = facts.signal(number, status, self.time)
        self.signals[signal.signal_id] = signal
        return SignalChanged(signal)
