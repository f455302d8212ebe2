"""Whatever happens to an account, the database knows it exactly and the ledger adds up."""

import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from src.database import (
    Database,
    EventLog,
    SignalReader,
    SqlJournal,
    TradeReader,
    migrate,
    open_database,
)
from src.database.tables import fills, funding_payments, paper_trades, trade_totals
from src.domain.events import Change
from tests.integration.database.history import INITIAL, Account
from tests.unit.database.facts import FixedClock

Action = Callable[[Account], list[Change]]

numbers = st.integers(0, 3)
payments = st.tuples(numbers, st.integers(-9, 9))
exits = st.tuples(numbers, st.integers(-90, 90))
actions = st.one_of(
    numbers.map(lambda n: lambda account: account.arm(n) + account.enter(n)),
    exits.map(lambda exit_: lambda account: account.leave(*exit_)),
    payments.map(lambda payment: lambda account: account.fund(*payment)),
    numbers.map(lambda n: lambda account: account.arm(n)),
    numbers.map(lambda n: lambda account: account.refuse(n)),
    numbers.map(lambda n: lambda account: account.accept(n)),
    numbers.map(lambda n: lambda account: account.enter(n)),
    numbers.map(lambda n: lambda account: account.cancel(n)),
)
steps = st.lists(
    st.tuples(st.lists(actions, min_size=1, max_size=5), st.booleans()), min_size=5, max_size=20
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "trading.db"
    migrate(f"sqlite:///{path}")
    return path


@settings(max_examples=30, deadline=None)
@given(history=steps)
def test_the_database_equals_plain_bookkeeping(
    template: Path, history: list[tuple[list[Action], bool]]
) -> None:
    """Each step may be committed twice, as after a crash between commit and answer."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{shutil.copy(template, f'{folder}/trading.db')}")
        account = Account()
        journal = SqlJournal(database, "paper", None, FixedClock())
        for happenings, again in history:
            record = account.step([change for act in happenings for change in act(account)])
            journal.commit(record)
            if again:
                told = EventLog(database, "paper").newest_id()
                journal.commit(record)
                assert EventLog(database, "paper").newest_id() == told
        book = journal.load_book()
        expected = account.book()
        assert set(book.booked_executions) == set(expected.booked_executions)
        assert book.open_trades == tuple(
            sorted(expected.open_trades, key=lambda trade: trade.entry_time)
        )
        assert {trade.order_link_id: trade for trade in book.closed_trades} == {
            trade.order_link_id: trade for trade in expected.closed_trades
        }
        assert book.live_orders == expected.live_orders
        assert book.signals == expected.signals
        assert book.venue_state == expected.venue_state
        check_the_ledger(database, account)
        check_the_totals(database, account)
        database.dispose()


def check_the_ledger(database: Database, account: Account) -> None:
    """Trades, executions and wallet tell the same story to the last digit."""
    with database.reading() as connection:
        trades = connection.execute(select(paper_trades)).mappings().all()
        fees = connection.execute(select(fills.c.fee)).scalars().all()
        received = connection.execute(select(funding_payments.c.amount)).scalars().all()
    finished = sum((row["net_pnl"] for row in trades), Decimal(0))
    pending = sum(
        (row["funding"] - row["fees"] for row in trades if row["status"] == "open"), Decimal(0)
    )
    assert finished + pending == account.wallet - INITIAL
    assert sum(fees, Decimal(0)) == sum((row["fees"] for row in trades), Decimal(0))
    assert sum(received, Decimal(0)) == sum((row["funding"] for row in trades), Decimal(0))
    assert len(trades) == len(account.trades) + len(account.closed)


def check_the_totals(database: Database, account: Account) -> None:
    """The running totals equal a recount."""
    nets = [trade.realized_pnl for trade in account.closed]
    with database.reading() as connection:
        row = connection.execute(select(trade_totals)).mappings().first()
    if row is not None:
        assert row["gross_profit"] == sum((net for net in nets if net > 0), Decimal(0))
        assert row["gross_loss"] == -sum((net for net in nets if net < 0), Decimal(0))
    totals = TradeReader(database, "paper").totals()
    assert (totals.trades, totals.wins) == (len(nets), sum(net > 0 for net in nets))
    distribution = SignalReader(database, "paper").distribution()
    statuses = [signal.status.value for signal in account.signals.values()]
    assert distribution["byStatus"] == {
        status: statuses.count(status) for status in ("refused", "armed", "filled", "cancelled")
    }
