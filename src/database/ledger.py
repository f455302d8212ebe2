"""Writes what the engine decided into the ledger, inside a transaction it is given.

Every change is safe to repeat: an execution, order or signal state that is stored already
changes nothing and tells nobody. Every change that does something appends its event.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert, select, update

from src.database.equity_store import add_equity_point
from src.database.event_log import append_event
from src.database.queries import trades_query
from src.database.rows import (
    Values,
    fill_values,
    funding_values,
    order_from,
    order_values,
    signal_from,
    signal_values,
    trade_from,
    trade_values,
)
from src.database.tables import fills, funding_payments, orders, paper_trades, signals
from src.database.times import to_iso
from src.database.totals import count_closed_trade, count_signal, uncount_closed_trade
from src.database.transfers import add_transfer
from src.database.views import (
    View,
    alarm_view,
    equity_view,
    guard_view,
    move_view,
    order_view,
    signal_view,
    trade_view,
    transfer_view,
)
from src.domain.candle import Candle
from src.domain.errors import Conflict
from src.domain.events import (
    Alarm,
    CancelIntended,
    Change,
    EntryIntended,
    EquityPoint,
    GuardTripped,
    MoneyMoved,
    MonitorChanged,
    OrderChanged,
    ProtectionMoved,
    SignalChanged,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import FundingPayment, Order, OrderStatus
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade, TradeStatus, Transfer

_ORDER_STAGES = {OrderStatus.PENDING: 0, OrderStatus.ACCEPTED: 1}
_SIGNAL_STAGES = {SignalStatus.REFUSED: 0, SignalStatus.ARMED: 0}
_LAST_STAGE = 2


class Ledger:
    """One environment's ledger within one transaction. `now` is wall time, UTC ms."""

    def __init__(
        self, connection: Connection, environment: str, market_time: int, now: int
    ) -> None:
        self._connection = connection
        self._environment = environment
        self._market_time = market_time
        self._now = now

    def apply(self, change: Change) -> None:
        """Write one change. Raises Conflict when it speaks of an order nobody placed."""
        match change:
            case SignalChanged(signal):
                self._store_signal(signal)
            case EntryIntended(request):
                self._store_order(Order(request, OrderStatus.PENDING))
            case CancelIntended(order_link_id, reason):
                self._note_cancel(order_link_id, reason)
            case OrderChanged(order):
                self._store_order(order)
            case TradeOpened(trade, fill) | TradeClosed(trade, fill):
                if self._is_new(fills, fill_values(fill)):
                    self._store_trade(trade)
                    self._tell_guards(change)
            case TradeFunded(trade, payment):
                self._book_funding(trade, payment)
            case ProtectionMoved():
                self._move_protection(change)
            case MoneyMoved(transfer):
                self._store_transfer(transfer)

    def mark(self, candles: Sequence[Candle]) -> None:
        """Value open trades at the newest close of their symbol. Tells nobody: live state does."""
        newest = {c.symbol: c.close for c in sorted(candles, key=lambda c: c.close_time)}
        if not newest:
            return
        columns = paper_trades.c
        query = select(paper_trades).where(
            columns.environment == self._environment,
            columns.status == TradeStatus.OPEN.value,
            columns.symbol.in_(newest),
        )
        for row in self._connection.execute(query).mappings().all():
            price = newest[row["symbol"]]
            sign = 1.0 if row["direction"] == "long" else -1.0
            unrealized = (price - row["entry_price"]) * row["position_size"] * sign
            self._update(
                paper_trades, row["id"], {"current_price": price, "unrealized_pnl": unrealized}
            )

    def add_equity(self, point: EquityPoint) -> None:
        """Append a point to the equity curve."""
        row = add_equity_point(self._connection, self._environment, point)
        if row is not None:
            self._tell("equity", {"point": equity_view(row)})

    def raise_alarm(self, alarm: Alarm) -> None:
        """Tell everybody of something critical."""
        self._tell("protection", alarm_view(alarm))

    def tell_guard(self, trip: GuardTripped) -> None:
        """Tell everybody what stops new entries."""
        self._tell("guard", {"guard": guard_view(trip)})

    def tell_state(self, change: MonitorChanged) -> None:
        """Tell everybody what the monitor does now."""
        self._tell("monitor_state", {"state": change.state, "detail": change.detail})

    def _store_signal(self, signal: Signal) -> None:
        stored = self._find(signals, signals.c.signal_id == signal.signal_id)
        known = None if stored is None else signal_from(stored)
        if known is not None and (known == signal or _is_late(signal, known)):
            return
        values = signal_values(signal) | {"environment": self._environment}
        if stored is None:
            self._connection.execute(insert(signals).values(**values))
        else:
            self._update(signals, stored["id"], values)
        count_signal(self._connection, self._environment, signal, known)
        row = self._row(signals, signals.c.signal_id == signal.signal_id)
        self._tell("signal", {"signal": signal_view(row)})

    def _store_order(self, order: Order) -> None:
        link_id = order.request.order_link_id
        stored = self._find_by_link(orders, link_id)
        if stored is None:
            self._insert(orders, order_values(order))
        else:
            known = order_from(stored)
            reason = order.reason or known.reason
            if _stage(order) < _stage(known) or (order.status, reason) == (
                known.status,
                known.reason,
            ):
                return
            self._update(orders, stored["id"], {"status": order.status.value, "reason": reason})
        self._tell_order(link_id)

    def _note_cancel(self, order_link_id: str, reason: str) -> None:
        stored = self._find_by_link(orders, order_link_id)
        if stored is None:
            raise Conflict(f"order {order_link_id} cannot be cancelled: it was never journaled")
        if stored["reason"] is None and _stage(order_from(stored)) < _LAST_STAGE:
            self._update(orders, stored["id"], {"reason": reason})
            self._tell_order(order_link_id)

    def _book_funding(self, trade: Trade, payment: FundingPayment) -> None:
        if self._is_new(funding_payments, funding_values(payment)):
            self._store_trade(trade)

    def _store_transfer(self, transfer: Transfer) -> None:
        if add_transfer(self._connection, self._environment, transfer):
            self._tell("transfer", {"transfer": transfer_view(transfer)})

    def _store_trade(self, trade: Trade) -> None:
        stored = self._find_by_link(paper_trades, trade.order_link_id)
        closed = trade.status is TradeStatus.CLOSED
        was_closed = stored is not None and stored["status"] == TradeStatus.CLOSED.value
        values = trade_values(trade)
        if closed:
            values |= {"current_price": values["exit_price"], "unrealized_pnl": 0.0}
        if stored is None:
            first: Values = {
                "created_date": to_iso(self._now),
                "current_price": float(trade.entry_price),
            }
            self._insert(paper_trades, first | values)
        else:
            self._update(paper_trades, stored["id"], values)
            if was_closed:
                uncount_closed_trade(self._connection, self._environment, trade_from(stored))
        if closed:
            count_closed_trade(self._connection, self._environment, trade)
        told = "trade_closed" if closed else "trade_opened"
        kind = told if stored is None or (closed and not was_closed) else "trade_updated"
        self._tell(kind, {"trade": self._trade_view(trade)})

    def _move_protection(self, change: ProtectionMoved) -> None:
        trade = change.trade
        stored = self._find_by_link(paper_trades, trade.order_link_id)
        if stored is None:
            raise Conflict(f"trade {trade.order_link_id} has no stop to move: it was never opened")
        levels = stored["stop_loss_exact"], stored["take_profit_exact"]
        if levels == (trade.stop_loss, trade.take_profit):
            return
        self._store_trade(trade)
        self._tell("stop_moved", {"trade": self._trade_view(trade), "move": move_view(change)})

    def _trade_view(self, trade: Trade) -> View:
        query = trades_query().where(
            paper_trades.c.environment == self._environment,
            paper_trades.c.order_link_id == trade.order_link_id,
        )
        return trade_view(self._connection.execute(query).mappings().one())

    def _tell_guards(self, change: Change) -> None:
        for trip in change.tripped if isinstance(change, TradeClosed) else ():
            self.tell_guard(trip)

    def _is_new(self, table: Table, values: Values) -> bool:
        if self._find(table, table.c.execution_id == values["execution_id"]) is not None:
            return False
        self._insert(table, values)
        return True

    def _find(self, table: Table, condition: Any) -> RowMapping | None:
        query = select(table).where(table.c.environment == self._environment, condition)
        return self._connection.execute(query).mappings().one_or_none()

    def _row(self, table: Table, condition: Any) -> RowMapping:
        query = select(table).where(table.c.environment == self._environment, condition)
        return self._connection.execute(query).mappings().one()

    def _find_by_link(self, table: Table, order_link_id: str) -> RowMapping | None:
        return self._find(table, table.c.order_link_id == order_link_id)

    def _insert(self, table: Table, values: Values) -> None:
        self._connection.execute(insert(table).values(environment=self._environment, **values))

    def _update(self, table: Table, row_id: int, values: Values) -> None:
        self._connection.execute(update(table).where(table.c.id == row_id).values(**values))

    def _tell_order(self, order_link_id: str) -> None:
        row = self._row(orders, orders.c.order_link_id == order_link_id)
        self._tell("order", {"order": order_view(row)})

    def _tell(self, kind: str, payload: Mapping[str, object]) -> None:
        append_event(
            self._connection, self._environment, kind, self._market_time, self._now, payload
        )


def _stage(order: Order) -> int:
    return _ORDER_STAGES.get(order.status, _LAST_STAGE)


def _is_late(signal: Signal, known: Signal) -> bool:
    """Whether `signal` is older news than what is stored."""
    stages = [_SIGNAL_STAGES.get(each.status, _LAST_STAGE) for each in (signal, known)]
    older = signal.updated_at < known.updated_at
    return stages[0] < stages[1] or (stages[0] == stages[1] and older)
