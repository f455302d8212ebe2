"""Everything the ledger check adds up: trades, executions, the first wallet, the venue's state."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Table, select

from src.database.engines import Database
from src.database.rows import fill_from, funding_from, trade_from
from src.database.tables import equity, fills, funding_payments, paper_trades, venue_state
from src.domain.order import Fill, FundingPayment
from src.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """All money of one environment as stored, read in one snapshot.

    `opening` is the wallet at the first candle ever traded on, None before it.
    """

    trades: tuple[Trade, ...]
    fills: tuple[Fill, ...]
    payments: tuple[FundingPayment, ...]
    opening: Decimal | None
    venue_state: str | None


def read_account(database: Database, environment: str) -> StoredAccount:
    """The account of an environment."""

    def rows_of(table: Table, order: str) -> Select[Any]:
        return select(table).where(table.c.environment == environment).order_by(table.c[order])

    with database.reading() as connection:
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
            opening=connection.execute(
                select(equity.c.wallet)
                .where(equity.c.environment == environment)
                .order_by(equity.c.time)
                .limit(1)
            ).scalar(),
            venue_state=connection.execute(
                select(venue_state.c.state).where(venue_state.c.environment == environment)
            ).scalar(),
        )
