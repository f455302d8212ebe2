"""The durable record of one environment: what the worker commits and what it starts from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from src.database.candle_store import add_candles, all_candles
from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.database.late_candles import add_late, late_times
from src.database.lease import Fence
from src.database.ledger import Ledger
from src.database.live_state import LiveState
from src.database.results import newest_closed, newest_results
from src.database.rows import funding_from, order_from, signal_from, trade_from
from src.database.tables import (
    equity,
    fills,
    funding_payments,
    orders,
    paper_trades,
    signals,
    venue_state,
)
from src.database.upsert import upsert
from src.domain.candle import Candle, Timeframe
from src.domain.events import SignalChanged, StepRecord
from src.domain.order import FundingPayment, Order, OrderStatus
from src.domain.ports import Clock, StoredBook
from src.domain.signal import Signal
from src.domain.trade import Trade, TradeStatus

_LIVE = (OrderStatus.PENDING.value, OrderStatus.ACCEPTED.value)


class SqlJournal:
    """The domain's Journal over a database.

    `epoch` is the engine lease's: every write checks it in its own transaction and raises
    LeaseLost when another process has taken over. None is for tools that run without an engine.
    """

    def __init__(
        self,
        database: Database,
        environment: str,
        epoch: int | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._database = database
        self._environment = environment
        self._clock = clock
        self._fence = Fence(epoch)
        self._live_state = LiveState(database, environment, clock, epoch)

    def load_book(self) -> StoredBook:
        """Open trades with their executions, orders not yet terminal and the signals of both.

        A live order with a reason is one whose cancel was asked for, maybe in vain.
        """
        with self._database.reading() as connection:
            trades = self._open_trades(connection)
            closed = newest_closed(connection, self._environment)
            names = {trade.order_link_id for trade in (*trades, *closed)}
            live = self._live_orders(connection)
            wanted = {trade.signal_id for trade in trades}
            wanted |= {order.request.signal_id for order in live}
            state = connection.execute(
                select(venue_state.c.state).where(venue_state.c.environment == self._environment)
            ).scalar()
            return StoredBook(
                open_trades=tuple(trades),
                live_orders=tuple(live),
                signals=tuple(self._signals(connection, wanted)),
                venue_state=state,
                booked_executions=tuple(self._executions(connection, names)),
                results=newest_results(connection, self._environment),
                closed_trades=closed,
                payments=self._payments(connection, names),
                valued_at=connection.execute(
                    select(func.max(equity.c.time)).where(equity.c.environment == self._environment)
                ).scalar(),
            )

    def commit(self, record: StepRecord) -> None:
        """Store one step with its events, or nothing of it.

        Candles stored already must be equal (else InvalidCandle); changes stored already are
        skipped. A step that moves no order and no money may be lost with the machine's power,
        because the market can repeat it; all others may not.
        """
        moves_money = bool(record.alarms) or any(
            not isinstance(change, SignalChanged) for change in record.changes
        )
        with self._database.writing(durable=moves_money) as connection:
            self._fence.check(connection)
            ledger = Ledger(connection, self._environment, record.market_time, self._clock.now())
            add_candles(connection, self._environment, record.candles)
            if record.late:
                add_late(connection, self._environment, record.candles)
            for change in record.changes:
                ledger.apply(change)
            for alarm in record.alarms:
                ledger.raise_alarm(alarm)
            for trip in record.tripped:
                ledger.tell_guard(trip)
            if record.monitor is not None:
                ledger.tell_state(record.monitor)
            ledger.mark(record.candles)
            if record.equity is not None:
                ledger.add_equity(record.equity)
            if record.venue_state is not None:
                upsert(
                    connection,
                    venue_state,
                    {"environment": self._environment, "state": record.venue_state},
                )

    def store_history(self, candles: Sequence[Candle]) -> None:
        """Store warm-up candles. Raises InvalidCandle when one differs from what is stored."""
        with self._database.writing(durable=False) as connection:
            self._fence.check(connection)
            add_candles(connection, self._environment, candles)

    def candles(self, symbol: str, timeframe: Timeframe) -> list[Candle]:
        """Every stored candle, oldest first."""
        with self._database.reading() as connection:
            return all_candles(connection, self._environment, symbol, timeframe)

    def late_candles(self, symbol: str, timeframe: Timeframe) -> frozenset[int]:
        """Open times of candles consumed after other symbols' of the same instant."""
        with self._database.reading() as connection:
            return late_times(connection, self._environment, symbol, timeframe)

    def publish(self, name: str, payload: Mapping[str, object]) -> None:
        """Replace the live state row `name`; readers see its version grow."""
        self._live_state.write(name, payload)

    def trade_ids(self) -> dict[str, int]:
        """Row id of every open trade by its order link id, to name trades in live messages."""
        query = select(paper_trades.c.order_link_id, paper_trades.c.id).where(
            paper_trades.c.environment == self._environment,
            paper_trades.c.status == TradeStatus.OPEN.value,
        )
        with self._database.reading() as connection:
            return {row.order_link_id: row.id for row in connection.execute(query)}

    def _open_trades(self, connection: Connection) -> list[Trade]:
        query = (
            select(paper_trades)
            .where(
                paper_trades.c.environment == self._environment,
                paper_trades.c.status == TradeStatus.OPEN.value,
            )
            .order_by(paper_trades.c.id)
        )
        return [trade_from(row) for row in connection.execute(query).mappings()]

    def _live_orders(self, connection: Connection) -> list[Order]:
        query = (
            select(orders)
            .where(orders.c.environment == self._environment, orders.c.status.in_(_LIVE))
            .order_by(orders.c.id)
        )
        return [order_from(row) for row in connection.execute(query).mappings()]

    def _signals(self, connection: Connection, signal_ids: set[str]) -> list[Signal]:
        query = select(signals).where(signals.c.signal_id.in_(signal_ids)).order_by(signals.c.id)
        return [signal_from(row) for row in connection.execute(query).mappings()]

    def _payments(
        self, connection: Connection, order_link_ids: set[str]
    ) -> tuple[FundingPayment, ...]:
        query = (
            select(funding_payments)
            .where(
                funding_payments.c.environment == self._environment,
                funding_payments.c.order_link_id.in_(order_link_ids),
            )
            .order_by(funding_payments.c.time, funding_payments.c.execution_id)
        )
        return tuple(funding_from(row) for row in connection.execute(query).mappings())

    def _executions(self, connection: Connection, order_link_ids: set[str]) -> list[str]:
        found: list[str] = []
        for table in (fills, funding_payments):
            query = (
                select(table.c.execution_id)
                .where(
                    table.c.environment == self._environment,
                    table.c.order_link_id.in_(order_link_ids),
                )
                .order_by(table.c.time, table.c.execution_id)
            )
            found += connection.execute(query).scalars()
        return found
