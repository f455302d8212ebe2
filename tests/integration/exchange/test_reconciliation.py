"""Whatever happens on a Bybit account outside this system is noticed, and stops what it must."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from src.database import Database
from src.domain.order import FillReason, OrderStatus
from src.engine.identifiers import order_link_id
from src.monitors.reconciliation import EVERY_MS, Reconciler
from tests.contract.venues import SYMBOL
from tests.integration.exchange.bybit_venue import QUICK, BybitVenue, bybit_venue
from tests.integration.monitors.test_command_desk import Desk
from tests.integration.simulator.faults import control, inject
from tests.product import wait_until


class Compared(Desk):
    """A trading worker that keeps its journal and a Bybit account in agreement."""

    def compare(self) -> None:
        self.reconciler = Reconciler(self.step, self.clock)
        self.reconciler.recover(self.venue.now())

    def minute(self) -> None:
        """A minute passes, so that both sides are compared."""
        self.clock.advance(EVERY_MS)
        self.reconciler.check(self.venue.now())

    def closed_quantity(self) -> Decimal:
        """What the newest exit booked."""
        query = "SELECT quantity FROM fills WHERE reason <> 'entry' ORDER BY time DESC"
        with self.database.reading() as connection:
            return Decimal(str(connection.execute(text(query)).scalar()))

    def is_free(self) -> bool:
        self.minute()
        return self.engine.blocks.paused is None

    def quarantine(self) -> str:
        return self.engine.blocks.quarantined.get(SYMBOL, "")


@contextmanager
def compared(database: Database, *, entered: bool = True) -> Iterator[tuple[BybitVenue, Compared]]:
    with bybit_venue(settings=replace(QUICK, pull_again_ms=50)) as venue:
        desk = Compared(venue, database)
        if entered:
            desk.enter()
        desk.compare()
        yield venue, desk


def test_agreement_leaves_entries_free(database: Database) -> None:
    with compared(database) as (_, desk):
        desk.minute()
        assert desk.quarantine() == ""
        assert desk.engine.blocks.paused is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("position_closed", FillReason.MANUAL), ("liquidation", FillReason.LIQUIDATION)],
)
def test_a_position_ended_by_another_hand_closes_its_trade(
    database: Database, fault: str, reason: FillReason
) -> None:
    with compared(database) as (venue, desk):
        inject(venue.url, fault, symbol=SYMBOL)
        desk.minute()
        assert desk.exits() == [reason]
        assert desk.engine.open_trades == ()
        assert desk.quarantine() == ""


def test_deleveraging_of_a_part_is_noticed_and_the_stop_stays(database: Database) -> None:
    with compared(database) as (venue, desk):
        inject(venue.url, "adl", fraction=0.4)
        desk.minute()
        assert "partly closed outside this system" in desk.quarantine()
        assert venue.broker.positions()[0].stop_loss is not None


def test_a_position_that_was_added_to_is_booked_with_its_own_share(database: Database) -> None:
    with compared(database) as (venue, desk):
        (trade,) = desk.engine.open_trades
        inject(venue.url, "position_resized", factor=3.0)
        desk.minute()
        assert "added to outside this system" in desk.quarantine()
        inject(venue.url, "position_closed", symbol=SYMBOL)
        desk.minute()
        assert desk.engine.open_trades == ()
        assert desk.exits() == [FillReason.MANUAL]
        assert desk.quarantine() == ""
        assert desk.closed_quantity() == trade.quantity


def test_a_position_this_system_did_not_open_takes_no_entries_until_it_is_gone(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        with venue.account() as side:
            side.market()
        venue.move(50_100.0)
        desk.minute()
        assert "that this system did not open (IT HAS NO STOP)" in desk.quarantine()
        with venue.account() as side:
            side.market(side="Sell", reduceOnly=True)
        venue.move(50_100.0)
        desk.minute()
        assert desk.quarantine() == ""


def test_an_entry_is_withdrawn_when_another_hand_takes_its_symbol_the_other_way(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        desk.rest()
        with venue.account() as side:
            side.market(side="Sell", qty="0.1")
        venue.move(50_100.0)
        desk.minute()
        assert "that this system did not open" in desk.quarantine()
        with venue.account() as side:
            assert side.open_orders(orderFilter="Order") == []
        desk.minute()
        assert desk.engine.resting_orders == ()


def test_an_entry_that_another_hands_position_swallowed_ends_without_a_trade(
    database: Database,
) -> None:
    """Otherwise it would hold its place for ever: it neither rests nor opened anything."""
    with compared(database, entered=False) as (venue, desk):
        desk.rest()
        with venue.account() as side:
            side.market(side="Sell", qty="0.1")
        venue.move(50_100.0, 49_990.0)
        desk.minute()
        assert desk.engine.resting_orders == ()
        assert desk.engine.open_trades == ()
        assert "that this system did not open" in desk.quarantine()


def test_an_entry_that_joins_another_hands_position_is_booked_with_its_own_share(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        desk.rest()
        (order,) = desk.engine.resting_orders
        with venue.account() as side:
            side.market(qty="0.001")
        venue.move(50_100.0, 49_990.0)
        desk.minute()
        (trade,) = desk.engine.open_trades
        assert trade.quantity == order.request.quantity
        assert "added to outside this system" in desk.quarantine()
        inject(venue.url, "position_closed", symbol=SYMBOL)
        desk.minute()
        assert desk.exits() == [FillReason.MANUAL]
        assert desk.closed_quantity() == trade.quantity
        assert desk.quarantine() == ""


def test_an_entry_the_journal_gave_up_is_withdrawn_and_a_strangers_order_is_not(
    database: Database,
) -> None:
    lost = order_link_id("simulator-BTCUSDT-lost", 1)
    with compared(database, entered=False) as (venue, desk):
        with venue.account() as side:
            side.buy(orderLinkId=lost)
            side.buy(orderLinkId="by-hand")
        desk.minute()
        with venue.account() as side:
            assert [row["orderLinkId"] for row in side.open_orders()] == ["by-hand"]


def test_an_order_without_an_answer_is_settled_by_asking_and_never_sent_twice(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        inject(venue.url, "dropped", path="/v5/order/create", accepted=True)
        desk.candle_at(50_100.0, desk.armed())
        desk.minute()
        (order,) = desk.engine.resting_orders
        assert order.status is OrderStatus.ACCEPTED
        assert desk.engine.doubts == {}
        with venue.account() as side:
            assert len(side.open_orders(orderFilter="Order")) == 1


def test_an_exchange_that_cannot_be_asked_pauses_entries_until_it_answers(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        desk.candle_at(50_100.0, desk.armed())
        inject(venue.url, "server_error", path="/v5/order/realtime", times=40)
        desk.minute()
        assert "cannot be read" in str(desk.engine.blocks.paused)
        control(venue.url, "DELETE")
        wait_until(desk.is_free, 60, "entries to be allowed again")


def test_a_partly_filled_entry_is_no_disagreement(database: Database) -> None:
    with compared(database, entered=False) as (venue, desk):
        inject(venue.url, "partial_fill_then_cancel", fraction=0.5)
        desk.candle_at(50_100.0, desk.armed())
        venue.move(49_950.0)
        desk.minute()
        (trade,) = desk.engine.open_trades
        (position,) = venue.broker.positions()
        assert Decimal(0) < trade.quantity == position.quantity
        assert desk.quarantine() == ""


def told_guards(database: Database) -> list[str]:
    with database.reading() as connection:
        query = text("SELECT payload FROM events WHERE type = 'guard'")
        return [str(payload) for payload in connection.execute(query).scalars()]


def test_an_account_that_cannot_back_an_entry_takes_no_more_until_it_can(
    database: Database,
) -> None:
    with compared(database, entered=False) as (venue, desk):
        inject(venue.url, "refused", path="/v5/order/create", code=110007)
        desk.candle_at(50_100.0, desk.armed())
        assert desk.engine.resting_orders == ()
        desk.reconciler.check(venue.now())
        assert desk.engine.blocks.causes == ("account limit",)
        assert "could not back an entry on BTCUSDT" in str(desk.engine.blocks.paused)
        (told,) = told_guards(database)
        assert "deposit, or close or withdraw something" in told
        desk.minute()
        assert desk.engine.blocks.paused is None
        assert len(told_guards(database)) == 1
        desk.candle_at(50_100.0, desk.armed())
        assert len(desk.engine.resting_orders) == 1


def test_an_account_without_the_margin_stays_closed_to_entries(database: Database) -> None:
    with compared(database, entered=False) as (venue, desk):
        inject(venue.url, "refused", path="/v5/order/create", code=110007)
        desk.candle_at(50_100.0, desk.armed())
        with venue.account() as side:
            side.buy(qty="0.198", price="50000")  # another hand binds the margin
        venue.move(50_100.0)
        desk.minute()
        assert desk.engine.blocks.causes == ("account limit",)
        with venue.account() as side:
            side.session.cancel_all_orders(category="linear", symbol=SYMBOL)
        venue.move(50_100.0)
        desk.minute()
        assert desk.engine.blocks.paused is None
