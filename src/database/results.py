"""The results of the trades closed last: what the discipline guards start from."""

from sqlalchemy import Connection, func, select

from src.database.rows import trade_from
from src.database.tables import paper_trades
from src.domain.candle import DAY_MS
from src.domain.ports import LATE_FUNDING_TRADES
from src.domain.trade import Trade, TradeResult

KEPT_RESULTS = 200
KEPT_MS = 14 * DAY_MS


def newest_closed(connection: Connection, environment: str) -> tuple[Trade, ...]:
    """The trades closed last, oldest first: news of their funding may still come."""
    columns = paper_trades.c
    query = (
        select(paper_trades)
        .where(columns.environment == environment, columns.exit_ms.is_not(None))
        .order_by(columns.exit_ms.desc())
        .limit(LATE_FUNDING_TRADES)
    )
    rows = connection.execute(query).mappings().all()
    return tuple(trade_from(row) for row in reversed(rows))


def newest_results(connection: Connection, environment: str) -> tuple[TradeResult, ...]:
    """Trades closed in the two weeks before the newest, and at least the newest 200."""
    columns = paper_trades.c
    closed = (columns.environment == environment, columns.exit_ms.is_not(None))
    newest = connection.execute(select(func.max(columns.exit_ms)).where(*closed)).scalar()
    if newest is None:
        return ()
    oldest_of_the_least = connection.execute(
        select(columns.exit_ms)
        .where(*closed)
        .order_by(columns.exit_ms.desc())
        .offset(KEPT_RESULTS - 1)
        .limit(1)
    ).scalar()
    since = 0 if oldest_of_the_least is None else min(oldest_of_the_least, newest - KEPT_MS)
    query = (
        select(columns.order_link_id, columns.exit_ms, columns.net_pnl, columns.risk_amount_exact)
        .where(*closed, columns.exit_ms >= since)
        .order_by(columns.exit_ms, columns.id)
    )
    return tuple(
        TradeResult(row.order_link_id, row.exit_ms, row.net_pnl / row.risk_amount_exact)
        for row in connection.execute(query)
    )
