"""What only the transaction log tells: transfers, and funding whose executions are forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import select

from src.database import Database, SqlJournal
from src.database.account_reader import read_account
from src.database.transfer_tables import transfers
from src.exchange.bybit import AccountHistory
from src.simulator.account import transactions
from src.simulator.account.model import Execution, Transfer
from src.simulator.account.rows import Row
from src.simulator.envelope import RefusedRequestError
from tests.integration.exchange.bybit_venue import BybitVenue, bybit_venue
from tests.integration.exchange.test_lost_exits import Memory, memory
from tests.integration.exchange.test_reconciliation import Compared
from tests.integration.monitors.test_command_desk import ENVIRONMENT
from tests.integration.simulator.private import apply_money
from tests.product import wait_until

__all__ = ["memory"]

PAST_THE_FUNDING = 50
"""Candles from noon until after 16:00, when funding is exchanged."""


class Remembered(Compared):
    """A worker that is told at its birth what the journal knows, as the product does."""

    def start(self, log: object = None) -> None:
        book = SqlJournal(self.database, ENVIRONMENT).load_book()
        assert isinstance(self.venue, BybitVenue)
        self.venue.history = AccountHistory(book.valued_at, book.open_trades, book.payments)
        super().start()

    def money(self, amount: str, *, take: bool = False) -> None:
        assert isinstance(self.venue, BybitVenue)
        with self.venue.account() as side:
            apply_money(side.session, amount, take=take)

    def transfers(self) -> list[Decimal]:
        with self.database.reading() as connection:
            return list(connection.execute(select(transfers.c.amount)).scalars())

    def funding(self) -> list[Decimal]:
        """What is booked, payment by payment; each trade holds the sum of its own."""
        stored = read_account(self.database, ENVIRONMENT)
        amounts = [payment.amount for payment in stored.payments]
        assert sum(amounts, Decimal(0)) == sum((t.funding for t in stored.trades), Decimal(0))
        return amounts


@contextmanager
def remembered(database: Database) -> Iterator[tuple[BybitVenue, Remembered]]:
    with bybit_venue() as venue:
        yield venue, Remembered(venue, database)


def away(venue: BybitVenue, *prices: float) -> None:
    """The market trades while nobody runs here."""
    venue.broker.close()
    venue.move(*prices)


def test_a_deposit_is_told_soon_after_the_wallet_and_stored_once(database: Database) -> None:
    with remembered(database) as (venue, desk):
        desk.candle_at(50_100.0)
        desk.money("250")

        def booked() -> bool:
            desk.step.absorb(venue.now())
            return desk.transfers() == [Decimal(250)]

        wait_until(booked, 60, "the deposit to be booked")
        desk.start()
        desk.candle_at(50_100.0)
        assert desk.transfers() == [Decimal(250)]


def test_money_that_moved_while_nobody_ran_is_found_at_the_start(database: Database) -> None:
    with remembered(database) as (venue, desk):
        desk.candle_at(50_100.0)
        away(venue, 50_100.0)
        desk.money("300", take=True)
        desk.start()
        assert desk.transfers() == [Decimal(-300)]
        assert desk.step.broker.balance().wallet == 700


def test_an_exchange_that_refuses_its_log_is_traded_without_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Row:
        raise RefusedRequestError(10001, "not supported in demo trading")

    monkeypatch.setattr("src.simulator.account.reference_endpoints.transaction_page", refuse)
    with remembered(database) as (_, desk):
        desk.enter()
        assert desk.step.broker.complaints() == ()


def test_funding_of_a_night_without_this_system_is_booked_at_the_start_and_once(
    database: Database,
) -> None:
    with remembered(database) as (venue, desk):
        desk.enter()
        away(venue, *[50_000.0] * PAST_THE_FUNDING)
        desk.start()
        [amount] = desk.funding()
        assert amount < 0
        desk.start()
        desk.compare()
        desk.minute()
        assert desk.funding() == [amount]


@pytest.mark.parametrize("same_id", [True, False])
def test_funding_whose_execution_is_forgotten_is_booked_from_the_log_and_never_doubled(
    database: Database, memory: Memory, monkeypatch: pytest.MonkeyPatch, *, same_id: bool
) -> None:
    particulars = transactions._particulars

    def renamed(fact: Execution | Transfer) -> Row:
        row = particulars(fact)
        return row if same_id else {**row, "tradeId": f"log-{row['tradeId']}"}

    monkeypatch.setattr(transactions, "_particulars", renamed)
    with remembered(database) as (venue, desk):
        desk.enter()
        away(venue, *[50_000.0] * PAST_THE_FUNDING)
        memory.forgotten = {"executions"}
        desk.start()
        [amount] = desk.funding()
        memory.forgotten = set()
        desk.start()
        desk.compare()
        desk.minute()
        assert desk.funding() == [amount]


def test_funding_before_an_exit_that_nobody_saw_is_in_the_result(database: Database) -> None:
    with remembered(database) as (venue, desk):
        before = venue.broker.balance().wallet
        desk.enter()
        away(venue, *[50_000.0] * PAST_THE_FUNDING, 49_700.0)
        desk.start()
        assert len(desk.funding()) == 1
        [trade] = read_account(database, ENVIRONMENT).trades
        assert desk.engine.open_trades == ()
        result = venue.broker.balance().wallet - before
        assert abs(trade.realized_pnl - result) < Decimal("0.00000001")
