"""Everything the ledger check adds up: trades, executions, the first wallet, the venue's state."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Table, select

from src.database.engines import Database
from src.database.rows import fill_from, funding_from, trade_from
from src.database.tables import (
    equity,
    fills,
    funding_payments,
    orders,
    paper_trades,
    venue_state,
)
from src.database.transfer_tables import transfers
from src.database.transfers import transfer_from
from src.domain.order import Fill, FundingPayment, OrderStatus
from src.domain.trade import Trade, Transfer

LIVE_STATUSES = (OrderStatus.PENDING.value, OrderStatus.ACCEPTED.value)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """All money of one environment as stored, read in one snapshot.

    `opening` is the wallet at the first candle ever traded on, at `opened_at` (UTC ms), None
    before it. `live_orders` are the entries that may still fill, by link id.
    """

    trades: tuple[Trade, ...]
    fills: tuple[Fill, ...]
    payments: tuple[FundingPayment, ...]
    transfers: tuple[Transfer, ...]
    live_orders: frozenset[str]
    opened_at: int | None
    opening: Decimal | None
    venue_state: str | None


def read_account(database: Database, environment: str) -> StoredAccount:
    """The account of an environment."""

    def rows_of(table: Table, order: str) -> Select[Any]:
        return select(table).where(table.c.environment == environment).order_by(table.c[order])

    with database.reading() as connection:
        first = connection.execute(
            select(equity.c.time, equity.c.wallet)
            .where(equity.c.environment == environment)
            .order_by(equity.c.time)
            .limit(1)
        ).first()
        trades = connection.execute(rows_of(paper_trades, "id")).mappings()
        return StoredAccount(
            trades=tuple(trade_from(row) for row in trades),
            fills=tuple(
                fill_from(row) for row in connection.execute(rows_of(fills, "time")).mappings()
            ),
            payments=tuple(
                funding_from(row)
                for row in connection.execute(rows_of(funding_payments, "time")).mappings()
            ),
            transfers=tuple(
                transfer_from(row)
                for row in connection.execute(rows_of(transfers, "time")).mappings()
            ),
            live_orders=frozenset(
                connection.execute(
                    select(orders.c.order_link_id).where(
                        orders.c.environment == environment, orders.c.status.in_(LIVE_STATUSES)
                    )
                ).scalars()
            ),
            opened_at=None if first is None else first.time,
            opening=None if first is None else first.wallet,
            venue_state=connection.execute(
                select(venue_state.c.state).where(venue_state.c.environment == environment)
            ).scalar(),
        )
