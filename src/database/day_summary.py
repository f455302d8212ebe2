"""A day in figures, for the daily summary."""

from dataclasses import dataclass

from sqlalchemy import func, select

from src.database.engines import Database
from src.database.tables import equity, paper_trades
from src.domain.trade import TradeStatus


@dataclass(frozen=True, slots=True)
class DaySummary:
    """The trades closed in a stretch of time. `net` and `equity` are in the settlement coin."""

    trades: int
    won: int
    result_in_r: float
    net: float
    equity: float
    open_trades: int

    def facts(self) -> dict[str, float | int]:
        """The same as JSON."""
        return {
            "trades": self.trades,
            "won": self.won,
            "resultR": self.result_in_r,
            "net": self.net,
            "equity": self.equity,
            "open": self.open_trades,
        }


class DayReader:
    """The days of one environment."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database = database
        self._environment = environment

    def summary(self, begin: int, end: int) -> DaySummary:
        """What was closed from `begin` up to `end` (UTC ms), and how the account stands."""
        trades, net = paper_trades.c, paper_trades.c.realized_pnl
        mine = trades.environment == self._environment
        closed = select(
            func.count(),
            func.coalesce(func.sum((net > 0).cast(trades.id.type)), 0),
            func.coalesce(func.sum(net / trades.risk_amount), 0.0),
            func.coalesce(func.sum(net), 0.0),
        ).where(mine, trades.exit_ms >= begin, trades.exit_ms < end)
        still_open = select(func.count()).where(mine, trades.status == TradeStatus.OPEN.value)
        newest = (
            select(equity.c.equity)
            .where(equity.c.environment == self._environment)
            .order_by(equity.c.time.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            count, won, result, total = connection.execute(closed).one()
            return DaySummary(
                trades=count,
                won=won,
                result_in_r=float(result),
                net=float(total),
                equity=float(connection.execute(newest).scalar() or 0),
                open_trades=connection.execute(still_open).scalar_one(),
            )
