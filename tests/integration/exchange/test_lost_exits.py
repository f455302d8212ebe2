"""A trade whose exit the exchange no longer shows as an execution."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from src.database import Database
from src.domain.order import FillReason
from src.simulator.account.account_endpoints import AccountEndpoints
from src.simulator.account.numbers import Parameters
from src.simulator.account.order_endpoints import OrderEndpoints
from src.simulator.account.rows import Row
from tests.integration.exchange.bybit_venue import BybitVenue
from tests.integration.exchange.test_reconciliation import compared


class Memory:
    """What the simulated exchange still tells."""

    def __init__(self) -> None:
        self.forgotten: set[str] = set()


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    kept = Memory()

    def forget(owner: type, name: str) -> None:
        usual = getattr(owner, name)

        def told(self: object, parameters: Parameters) -> Row:
            answer: Row = usual(self, parameters)
            return {**answer, "list": []} if name in kept.forgotten else answer

        monkeypatch.setattr(owner, name, told)

    forget(OrderEndpoints, "executions")
    forget(AccountEndpoints, "closed_pnl")
    return kept


def stopped_while_nobody_ran(venue: BybitVenue) -> None:
    """The stop closes the position, and long afterwards the system starts again."""
    venue.broker.close()
    venue.move(49_700.0)


def test_an_exit_without_executions_is_booked_by_its_closed_pnl_and_ties_to_the_wallet(
    database: Database, memory: Memory
) -> None:
    with compared(database, entered=False) as (venue, desk):
        before = venue.broker.balance().wallet
        desk.enter()
        stopped_while_nobody_ran(venue)
        memory.forgotten = {"executions"}
        desk.start()
        desk.compare()
        desk.reconciler.check(venue.now())
        assert "no execution says how it ended" in desk.quarantine()
        desk.minute()
        assert desk.exits() == [FillReason.STOP]
        assert desk.quarantine() == ""
        with database.reading() as connection:
            net = connection.execute(text("SELECT net_pnl FROM paper_trades")).scalar()
        result = venue.broker.balance().wallet - before
        assert abs(Decimal(str(net)) - result) < Decimal("0.00000001")


def test_an_exit_the_exchange_has_forgotten_altogether_stays_in_quarantine(
    database: Database, memory: Memory
) -> None:
    with compared(database) as (venue, desk):
        stopped_while_nobody_ran(venue)
        memory.forgotten = {"executions", "closed_pnl"}
        desk.start()
        desk.compare()
        desk.minute()
        desk.minute()
        assert "trade other symbols, or restore a backup" in desk.quarantine()
        assert len(desk.engine.open_trades) == 1
