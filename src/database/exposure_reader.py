"""What is at stake now: what a kill switch would close and withdraw."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from src.database.account_reader import LIVE_STATUSES
from src.database.engines import Database
from src.database.tables import orders, paper_trades
from src.domain.trade import TradeStatus


@dataclass(frozen=True, slots=True)
class Exposure:
    """Counts, and values in quote currency: positions at the last price, entries at their own."""

    positions: int
    positions_value: float
    unrealized_pnl: float
    entries: int
    entries_value: float


def read_exposure(database: Database, environment: str) -> Exposure:
    """Open trades and entries that may still fill, as the journal knows them."""
    trade, order = paper_trades.c, orders.c
    price = case((trade.current_price.is_(None), trade.entry_price), else_=trade.current_price)
    held = select(
        func.count(),
        func.coalesce(func.sum(trade.position_size * price), 0.0),
        func.coalesce(func.sum(trade.unrealized_pnl), 0.0),
    ).where(trade.environment == environment, trade.status == TradeStatus.OPEN.value)
    resting = select(order.quantity, order.price).where(
        order.environment == environment, order.status.in_(LIVE_STATUSES)
    )
    with database.reading() as connection:
        positions, value, unrealized = connection.execute(held).one()
        entries = connection.execute(resting).all()
    return Exposure(
        positions=positions,
        positions_value=value,
        unrealized_pnl=unrealized,
        entries=len(entries),
        entries_value=float(sum(row.quantity * row.price for row in entries)),
    )
