"""The one engine: decides what every fact means for the account. Backtest, paper and live share it.

It never acts. Each method returns the changes to store; the caller commits them in one step and
then performs the intents among them. Order of work at a candle close: let the broker observe the
candle, pass what it drained to `on_fill`/`on_funding`/`on_order`, then take the balance and pass
the strategy's updates to `on_setup`. Only so is the equity that of this instant and is a setup
known to be unfilled when the strategy says it is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from src.domain.errors import RefusedOrder
from src.domain.events import (
    CancelIntended,
    Change,
    EntryIntended,
    OrderChanged,
    ProtectionMoved,
    SignalChanged,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.instrument import Instrument
from src.domain.order import Fill, FillReason, FundingPayment, Order, OrderRequest, OrderStatus
from src.domain.ports import OrderLookup, StoredBook
from src.domain.signal import SetupEvent, SetupUpdate, SignalStatus
from src.domain.trade import Balance, Position, Trade
from src.engine import lifecycle, recovery
from src.engine.entry_blocks import EntryBlocks
from src.engine.gate import EntryGate
from src.engine.guards import Guards, GuardSettings
from src.engine.identifiers import order_link_id, signal_id
from src.engine.move_rules import MoveRules
from src.engine.portfolio import Portfolio
from src.engine.sizing import (
    EntryPlan,
    RiskSettings,
    Room,
    Size,
    loss_if_stopped,
    order_leverage,
    plan_entry,
    plan_of,
    size_entry,
    size_note,
)

FIRST_ATTEMPT = 1


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The venue refused an entry that the account cannot back; it needed this much margin."""

    sentence: str
    margin: Decimal


class Engine:
    """Risk, portfolio and trade lifecycle of one environment's account.

    Rebuilt from `book` it decides exactly as if it had never stopped: decisions depend on the
    book, the balance and the update alone. `gate` is what stands against new entries; `doubts`
    are sent intents nobody could tell the outcome of, by order_link_id, and `shortfall` is why the
    account can back no further entry, if so. Marks, quotes and `blocks`
    are the running process's own and must be set again by whoever rebuilds it.
    """

    def __init__(
        self,
        settings: RiskSettings,
        instruments: Mapping[str, Instrument],
        environment: str,
        book: StoredBook,
        guards: GuardSettings | None = None,
    ) -> None:
        """`guards` are the discipline guards; without any none stands in the way."""
        self._settings = settings
        self._instruments = instruments
        self._environment = environment
        self._portfolio = Portfolio(book)
        self.blocks = EntryBlocks()
        self.doubts: dict[str, str] = {}
        self.shortfall: Shortfall | None = None
        standing = Guards(guards or GuardSettings(), book.results)
        self.gate = EntryGate(settings, instruments, self._portfolio, self.blocks, standing)
        self.moves = MoveRules(settings, instruments, self.gate.marks)

    @property
    def open_trades(self) -> tuple[Trade, ...]:
        """Open trades in order of entry."""
        return tuple(self._portfolio.trades.values())

    @property
    def resting_orders(self) -> tuple[Order, ...]:
        """Entries that may still fill, acknowledged or not."""
        return tuple(self._portfolio.orders.values())

    def mark(self, symbol: str, price: Decimal) -> None:
        """Remember the newest price, for `equity` and to judge how far away an entry lies."""
        self.gate.marks[symbol] = price

    def equity(self, balance: Balance) -> Decimal:
        """Wallet plus the open trades at their newest marks, before exit costs."""
        open_pnl = (
            trade.unrealized_pnl(self.gate.marks.get(trade.symbol, trade.entry_price))
            for trade in self.open_trades
        )
        return balance.wallet + sum(open_pnl, Decimal(0))

    def no_room(self, symbol: str) -> tuple[str, ...]:
        """Why what is open or resting leaves no room for an entry on `symbol`; empty if it does.

        Part of `on_setup`; only fills and orders can change it.
        """
        return self._portfolio.no_room(symbol, self._settings.max_positions)

    def on_setup(self, update: SetupUpdate, balance: Balance, now: int) -> list[Change]:
        """Decide on one event of a setup. `balance` and `now` (UTC ms) are those of this instant.

        Events of setups that were armed before this account knew them change nothing.
        """
        identity = signal_id(self._environment, update)
        if update.event is SetupEvent.ARMED:
            return self._on_armed(identity, update, balance, now)
        if update.event is SetupEvent.REFUSED:
            refused = lifecycle.refused_signal(identity, update, update.refusals)
            return [SignalChanged(refused)]
        if update.event is SetupEvent.TRIGGERED:
            return self._withdraw(identity, lifecycle.ENTRY_MISSED, update.known_at)
        reason = lifecycle.cancel_sentence(update.cancel_reason)
        return self._withdraw(identity, reason, update.known_at)

    def on_order(self, order: Order, now: int) -> list[Change]:
        """Take the venue's word on an entry. Fills are told by `on_fill`, never by a status."""
        request = order.request
        known = self._portfolio.orders.get(request.order_link_id)
        if known is None or order.status is known.status:
            return []
        if order.status in (OrderStatus.FILLED, OrderStatus.PENDING):
            return []
        changed = Order(known.request, order.status, order.reason)
        if order.status is OrderStatus.ACCEPTED:
            self._portfolio.orders[request.order_link_id] = changed
            return [OrderChanged(changed)]
        return self._on_order_ended(changed, now)

    def on_fill(self, fill: Fill) -> list[Change]:
        """Book one execution: an entry opens a trade, anything else closes it.

        The venue reports an order's execution as one fill. Fills already booked, or of orders
        this account does not hold, change nothing.
        """
        if fill.execution_id in self._portfolio.booked:
            return []
        if fill.reason is FillReason.ENTRY:
            return self._on_entry_fill(fill)
        trade = self._portfolio.trades.get(fill.order_link_id)
        if trade is None:
            return []
        closed = lifecycle.close_trade(trade, fill)
        self._portfolio.booked.add(fill.execution_id)
        self._portfolio.close(closed)
        tripped = self.gate.guards.on_closed(lifecycle.result_of(closed, fill.time))
        return [TradeClosed(closed, fill, tripped)]

    def on_funding(self, payment: FundingPayment) -> list[Change]:
        """Book funding on the trade it belongs to, once per execution id.

        News of funding may come after the position was left; then the result changes.
        """
        funded = self._portfolio.fund(payment)
        if funded is None:
            return []
        if funded.exit_time is not None:
            self.gate.guards.on_corrected(lifecycle.result_of(funded, funded.exit_time))
        return [TradeFunded(funded, payment)]

    def on_protection(self, position: Position, by: str) -> list[Change]:
        """Let the open trade of a position follow the stop and target that the venue watches.

        `by` is who moved them. The trade's R stays the risk it was opened with.
        """
        changes: list[Change] = []
        for trade in self.open_trades:
            moved = lifecycle.follow_protection(trade, position)
            if moved != trade:
                self._portfolio.trades[trade.order_link_id] = moved
                changes.append(ProtectionMoved(moved, trade.stop_loss, trade.take_profit, by))
        return changes

    def withdraw_entries(self, reason: str, now: int, symbol: str | None = None) -> list[Change]:
        """Withdraw every resting entry, or one symbol's; a withdrawal may not have arrived yet."""
        changes: list[Change] = []
        for order in self.resting_orders:
            request = order.request
            if symbol not in (None, request.symbol):
                continue
            withdrawn = self._withdraw(request.signal_id, reason, now)
            changes += withdrawn or [CancelIntended(request.order_link_id, reason)]
        return changes

    def reconcile(self, broker: OrderLookup, now: int) -> list[Change]:
        """Compare live orders with the venue: at start, after a reconnect, on an unknown outcome.

        Pending orders the venue never saw are intended again under the same id while they are
        younger than a candle; orders it lost are cancelled; withdrawals that may not have
        arrived are repeated. `now` is UTC ms market time: after a crash of a venue that lives in
        this process, that of the last stored step. Settles all doubts, or raises what the venue
        raised and changes nothing.
        """
        words = [
            (order, broker.order(order.request.order_link_id)) for order in self.resting_orders
        ]
        self.doubts.clear()
        changes: list[Change] = []
        for order, word in words:
            if word is None:
                changes += recovery.missing_order_changes(self._portfolio, order, now)
                continue
            changes += self.on_order(word, now)
            if word.status is OrderStatus.ACCEPTED:
                changes += recovery.withdrawn_order_changes(self._portfolio, order)
        return changes

    def _on_armed(
        self, identity: str, update: SetupUpdate, balance: Balance, now: int
    ) -> list[Change]:
        if identity in self._portfolio.signals:
            return []
        refusals = self.gate.standing_refusals(update, now)
        try:
            plan, size = self._plan(update, balance)
        except RefusedOrder as refusal:
            refusals.append(str(refusal))
        else:
            refusals += self.gate.entry_refusals(plan, size, balance, now)
            if not refusals:
                return self._intend(identity, update, plan, size, now)
        return [SignalChanged(lifecycle.refused_signal(identity, update, tuple(refusals)))]

    def _plan(self, update: SetupUpdate, balance: Balance) -> tuple[EntryPlan, Size]:
        instrument = self._instruments.get(update.symbol)
        if instrument is None:
            raise RefusedOrder(f"{update.symbol} is not among the instruments traded here.")
        plan = plan_entry(update, instrument)
        equity = balance.equity
        room = Room(
            equity=equity,
            notional=equity * self._settings.max_leverage - self._portfolio.notional(),
            margin=balance.available - self._portfolio.unacknowledged_margin(),
        )
        return plan, size_entry(plan, self._settings, room)

    def _intend(
        self, identity: str, update: SetupUpdate, plan: EntryPlan, size: Size, now: int
    ) -> list[Change]:
        signal = lifecycle.armed_signal(identity, update, plan, size_note(size.limited_by))
        request = OrderRequest(
            order_link_id=order_link_id(identity, FIRST_ATTEMPT),
            signal_id=identity,
            symbol=update.symbol,
            direction=update.direction,
            kind=plan.kind,
            quantity=size.quantity,
            price=plan.entry,
            stop_loss=plan.stop,
            take_profit=plan.target,
            leverage=order_leverage(self._settings, plan.instrument),
            placed_at=now,
        )
        self._portfolio.signals[identity] = signal
        self._portfolio.orders[request.order_link_id] = Order(request, OrderStatus.PENDING)
        return [SignalChanged(signal), EntryIntended(request)]

    def _withdraw(self, identity: str, reason: str, time: int) -> list[Change]:
        """Cancel the signal's entry if it may still fill; a second call changes nothing.

        A triggered setup is withdrawn too: whatever filled was booked before, and no later
        update of this setup would ever take the order off the book.
        """
        signal = self._portfolio.signals.get(identity)
        order = self._portfolio.live_order_of(identity)
        if signal is None or order is None or signal.status is SignalStatus.CANCELLED:
            return []
        cancelled = lifecycle.signal_as(signal, SignalStatus.CANCELLED, time, reason)
        self._portfolio.signals[identity] = cancelled
        return [CancelIntended(order.request.order_link_id, reason), SignalChanged(cancelled)]

    def _on_order_ended(self, order: Order, now: int) -> list[Change]:
        del self._portfolio.orders[order.request.order_link_id]
        changes: list[Change] = [OrderChanged(order)]
        signal = self._portfolio.signals.pop(order.request.signal_id, None)
        if signal is None or signal.status is SignalStatus.CANCELLED:
            return changes
        return [*changes, SignalChanged(lifecycle.signal_of_ended_order(signal, order, now))]

    def _on_entry_fill(self, fill: Fill) -> list[Change]:
        order = self._portfolio.orders.pop(fill.order_link_id, None)
        if order is None:
            return []
        self._portfolio.booked.add(fill.execution_id)
        trade = lifecycle.open_trade(order, fill, self._planned_risk(order, fill.quantity))
        self._portfolio.trades[fill.order_link_id] = trade
        filled = Order(order.request, OrderStatus.FILLED)
        changes: list[Change] = [OrderChanged(filled), TradeOpened(trade, fill)]
        signal = self._portfolio.signals.get(trade.signal_id)
        if signal is not None:
            signal = lifecycle.signal_as(signal, SignalStatus.FILLED, fill.time)
            self._portfolio.signals[trade.signal_id] = signal
            changes.append(SignalChanged(signal))
        return changes

    def _planned_risk(self, order: Order, quantity: Decimal) -> Decimal:
        """What the stop costs at the planned prices: R stays defined however the entry filled."""
        plan = plan_of(order.request, self._instruments[order.request.symbol])
        return loss_if_stopped(plan, self._settings, quantity)
