"""What the dashboard reads of trades and signals. Everything here answers in a few milliseconds
at a million rows, because what would need counting is kept counted."""

from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from src.analytics.trades import TradeSummary
from src.database.engines import Database
from src.database.queries import trades_query
from src.database.setup_totals import setup_groups
from src.database.tables import paper_trades, signal_totals, signals, trade_totals
from src.database.views import View, signal_view, trade_view
from src.domain.order import Direction
from src.domain.signal import SignalStatus
from src.domain.trade import TradeStatus

_NO_TRADES = TradeSummary(0, 0, 0, 0.0, 0.0, 0.0)


class TradeReader:
    """The trades of one environment."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database = database
        self._environment = environment

    def page(self, page: int, limit: int) -> tuple[list[View], int]:
        """(closed trades of a page, newest first; number of closed trades). Pages count from 1."""
        with self._database.reading() as connection:
            total = self._summary(connection).trades
            ids = self._page_ids(connection, (page - 1) * limit, limit, total)
            query = (
                trades_query()
                .where(paper_trades.c.id.in_(ids))
                .order_by(paper_trades.c.exit_ms.desc(), paper_trades.c.id.desc())
            )
            return _trades(connection, query), total

    def active(self) -> list[View]:
        """Open trades, oldest first."""
        query = _open_trades().where(paper_trades.c.environment == self._environment)
        with self._database.reading() as connection:
            return _trades(connection, query)

    def frozen(self) -> list[View]:
        """Open trades of every other environment: listed, never priced."""
        query = _open_trades().where(paper_trades.c.environment != self._environment)
        with self._database.reading() as connection:
            return _trades(connection, query)

    def totals(self) -> TradeSummary:
        """All closed trades, counted and added up."""
        with self._database.reading() as connection:
            return self._summary(connection)

    def result_in_r_since(self, time: int) -> float:
        """Sum of the results, in R, of the trades closed at or after `time` (UTC ms)."""
        query = select(
            func.coalesce(func.sum(paper_trades.c.realized_pnl / paper_trades.c.risk_amount), 0.0)
        ).where(paper_trades.c.environment == self._environment, paper_trades.c.exit_ms >= time)
        with self._database.reading() as connection:
            return float(connection.execute(query).scalar_one())

    def active_count(self) -> int:
        """How many trades are open."""
        query = select(func.count()).where(
            paper_trades.c.environment == self._environment,
            paper_trades.c.status == TradeStatus.OPEN.value,
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def open_risk(self) -> float:
        """What the open trades would lose if all ended at their stops now, before costs.

        A stop that already locks in a gain counts as no risk, not as a negative one.
        """
        entry, stop = paper_trades.c.entry_price, paper_trades.c.stop_loss
        distance = case(
            (paper_trades.c.direction == Direction.LONG.word, entry - stop), else_=stop - entry
        )
        risk = case((distance > 0, distance * paper_trades.c.position_size), else_=0.0)
        query = select(func.coalesce(func.sum(risk), 0.0)).where(
            paper_trades.c.environment == self._environment,
            paper_trades.c.status == TradeStatus.OPEN.value,
        )
        with self._database.reading() as connection:
            return float(connection.execute(query).scalar_one())

    def is_open(self, signal_id: str) -> bool:
        """Whether the signal's trade is open."""
        query = select(paper_trades.c.id).where(
            paper_trades.c.environment == self._environment,
            paper_trades.c.status == TradeStatus.OPEN.value,
            paper_trades.c.signal_id == signal_id,
        )
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def _page_ids(self, connection: Connection, offset: int, limit: int, total: int) -> list[int]:
        """Ids of a page, counted along the index from whichever end is nearer."""
        count = min(limit, total - offset)
        if count <= 0:
            return []
        from_oldest = total - offset - count
        newest_first = offset <= from_oldest
        order = (paper_trades.c.exit_ms, paper_trades.c.id)
        query = (
            select(paper_trades.c.id)
            .where(
                paper_trades.c.environment == self._environment,
                paper_trades.c.exit_ms.is_not(None),
            )
            .order_by(*(column.desc() if newest_first else column for column in order))
            .limit(count)
            .offset(offset if newest_first else from_oldest)
        )
        return list(connection.execute(query).scalars())

    def _summary(self, connection: Connection) -> TradeSummary:
        row = connection.execute(
            select(trade_totals).where(trade_totals.c.environment == self._environment)
        ).first()
        if row is None:
            return _NO_TRADES
        return TradeSummary(
            trades=row.closed,
            wins=row.wins,
            losses=row.losses,
            gross_profit=float(row.gross_profit),
            gross_loss=float(row.gross_loss),
            result_in_r=row.result_r,
        )


class SignalReader:
    """The signals of one environment."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database = database
        self._environment = environment

    def distribution(self) -> View:
        """{total, buy, sell, byStatus, byModel, outcomes: {win, loss}} over all signals, and with
        their results {models, killZones}."""
        by_status = {status.value: 0 for status in SignalStatus}
        by_direction = {"long": 0, "short": 0}
        by_model: dict[str, int] = {}
        query = select(signal_totals).where(
            signal_totals.c.environment == self._environment, signal_totals.c.count > 0
        )
        with self._database.reading() as connection:
            for row in connection.execute(query).mappings():
                count: int = row["count"]
                by_status[row["status"]] += count
                by_direction[row["direction"]] += count
                by_model[row["model"]] = by_model.get(row["model"], 0) + count
            groups = setup_groups(connection, self._environment)
        trades = TradeReader(self._database, self._environment).totals()
        return {
            "total": sum(by_status.values()),
            "buy": by_direction["long"],
            "sell": by_direction["short"],
            "byStatus": by_status,
            "byModel": by_model,
            "outcomes": {"win": trades.wins, "loss": trades.losses},
            **groups,
        }

    def page(self, page: int, limit: int, status: str | None = None) -> tuple[list[View], int]:
        """(signals of a page, newest first; how many there are), of one status if given."""
        mine = [signals.c.environment == self._environment]
        counted = [signal_totals.c.environment == self._environment]
        if status is not None:
            mine.append(signals.c.status == status)
            counted.append(signal_totals.c.status == status)
        query = (
            select(signals)
            .where(*mine)
            .order_by(signals.c.id.desc())
            .limit(limit)
            .offset((page - 1) * limit)
        )
        total = select(func.coalesce(func.sum(signal_totals.c.count), 0)).where(*counted)
        with self._database.reading() as connection:
            items = [signal_view(row) for row in connection.execute(query).mappings()]
            return items, connection.execute(total).scalar_one()


def _open_trades() -> Select[Any]:
    return (
        trades_query()
        .where(paper_trades.c.status == TradeStatus.OPEN.value)
        .order_by(paper_trades.c.id)
    )


def _trades(connection: Connection, query: Select[Any]) -> list[View]:
    return [trade_view(row) for row in connection.execute(query).mappings()]
