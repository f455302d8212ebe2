"""What moved the account besides trades, and how its balance came about."""

from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Select,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from src.database.columns import ExactDecimal
from src.database.engines import Database
from src.database.tables import equity, funding_payments, paper_trades, trade_totals
from src.database.times import to_iso
from src.database.transfer_tables import transfers
from src.database.views import View
from src.domain.trade import TradeStatus

FUNDING = "funding"


class AccountReader:
    """The account of one environment. Money in quote currency."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database = database
        self._environment = environment

    def page(self, page: int, limit: int) -> tuple[list[View], int]:
        """(deposits, withdrawals and funding of a page, newest first; how many there are)."""
        moved = self._movements().subquery()
        query = (
            select(moved)
            .order_by(moved.c.time.desc(), moved.c.name.desc())
            .limit(limit)
            .offset((page - 1) * limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            total = connection.execute(select(func.count()).select_from(moved)).scalar_one()
        return [
            {
                "id": row["name"],
                "kind": row["kind"],
                "symbol": row["symbol"],
                "amount": float(row["amount"]),
                "time": to_iso(row["time"]),
            }
            for row in rows
        ], total

    def balance(self) -> View | None:
        """How the wallet came about; `ledger` is the sum of the parts, `wallet` what the venue
        said last. None before the first candle was traded on."""
        with self._database.reading() as connection:
            opened, latest = self._wallet(connection), self._wallet(connection, newest=True)
            results = connection.execute(self._results()).first()
            moved = connection.execute(self._sum(transfers.c.amount)).scalar_one()
            costs = connection.execute(self._open_costs()).scalar_one()
        if opened is None or latest is None:
            return None
        earned = 0.0 if results is None else float(results.gross_profit - results.gross_loss)
        opening = float(opened.wallet)
        return {
            "openedAt": to_iso(opened.time),
            "opening": opening,
            "results": earned,
            "transfers": moved,
            "openCosts": costs,
            "ledger": opening + earned + moved + costs,
            "wallet": float(latest.wallet),
            "walletAt": to_iso(latest.time),
        }

    def _movements(self) -> Any:
        money, payment = transfers.c, funding_payments.c
        return union_all(
            select(
                money.transfer_id.label("name"),
                money.kind.label("kind"),
                null().label("symbol"),
                type_coerce(money.amount, ExactDecimal).label("amount"),
                money.time.label("time"),
            ).where(money.environment == self._environment),
            select(
                payment.execution_id,
                literal(FUNDING),
                payment.symbol,
                type_coerce(payment.amount, ExactDecimal),
                payment.time,
            ).where(payment.environment == self._environment),
        )

    def _wallet(self, connection: Connection, *, newest: bool = False) -> Any:
        order = equity.c.time.desc() if newest else equity.c.time
        query = select(equity.c.time, equity.c.wallet).where(
            equity.c.environment == self._environment
        )
        return connection.execute(query.order_by(order).limit(1)).first()

    def _results(self) -> Select[Any]:
        return select(trade_totals.c.gross_profit, trade_totals.c.gross_loss).where(
            trade_totals.c.environment == self._environment
        )

    def _open_costs(self) -> Select[Any]:
        columns = paper_trades.c
        return (
            select(func.coalesce(func.sum(_real(columns.funding) - _real(columns.fees)), 0.0))
            .where(columns.environment == self._environment)
            .where(columns.status == TradeStatus.OPEN.value)
        )

    def _sum(self, amount: Any) -> Select[Any]:
        return select(func.coalesce(func.sum(_real(amount)), 0.0)).where(
            amount.table.c.environment == self._environment
        )


def _real(exact: Any) -> Any:
    """A TEXT decimal as a number to add up."""
    return cast(type_coerce(exact, Text), Float)
