"""A stop or target that is moved on the exchange: adopted, told, guarded; never put back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pybit.exceptions import InvalidRequestError

from src.database import Database, EventLog
from src.domain.order import FillReason
from src.monitors.protection_watch import ProtectionWatch
from src.monitors.reconciliation import Reconciler
from tests.contract.venues import SYMBOL
from tests.integration.exchange.bybit_venue import QUICK, BybitVenue, bybit_venue
from tests.integration.monitors.test_command_desk import ENVIRONMENT, Desk
from tests.integration.simulator.faults import control, inject
from tests.product import wait_until


class Followed(Desk):
    """A trading worker whose account is compared and whose positions are guarded."""

    def follow(self) -> None:
        self.reconciler = Reconciler(self.step, self.clock)
        self.reconciler.recover(self.venue.now())
        self.guard = ProtectionWatch(self.step, self.clock)

    def second(self) -> None:
        """A second passes, as the monitor lives it."""
        self.clock.advance(1_000)
        self.reconciler.check(self.venue.now())
        self.guard.look(self.venue.now())

    def levels(self) -> tuple[int, int]:
        """Stop and target of the open trade."""
        (trade,) = self.engine.open_trades
        return int(trade.stop_loss), int(trade.take_profit)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let seconds pass until the condition holds."""

        def holds() -> bool:
            self.second()
            return condition()

        wait_until(holds, 60, what)

    def until_at(self, stop: int, target: int) -> None:
        """Let seconds pass until the trade has these levels."""
        self.until(lambda: self.levels() == (stop, target), f"levels {stop} and {target}")

    def moves(self) -> list[dict[str, Any]]:
        """Every move that was told."""
        events = EventLog(self.database, ENVIRONMENT).after(0, 1_000)
        return [event.payload["move"] for event in events if event.type == "stop_moved"]


def by_hand(venue: BybitVenue, **levels: str) -> None:
    """Set stop or target with another client, as the exchange's app does."""
    with venue.account() as side:
        side.session.set_trading_stop(
            category="linear", symbol=SYMBOL, positionIdx=0, tpslMode="Full", **levels
        )


@contextmanager
def followed(database: Database) -> Iterator[tuple[BybitVenue, Followed]]:
    with bybit_venue(settings=replace(QUICK, pull_again_ms=50)) as venue:
        desk = Followed(venue, database)
        desk.enter()
        desk.follow()
        yield venue, desk


def test_a_stop_moved_by_hand_is_adopted_told_once_and_kept(database: Database) -> None:
    with followed(database) as (venue, desk):
        risk = desk.engine.open_trades[0].risk_amount
        by_hand(venue, stopLoss="49900")
        desk.until_at(49_900, 50_600)
        for _ in range(8):
            desk.second()
        assert desk.levels() == (49_900, 50_600)
        assert int(venue.broker.positions()[0].stop_loss or 0) == 49_900
        assert desk.moves() == [
            {"stop": {"from": 49_800.0, "to": 49_900.0}, "target": None, "by": "exchange"}
        ]
        (stored,) = desk.journal.load_book().open_trades
        assert (int(stored.stop_loss), stored.risk_amount) == (49_900, risk)


def test_a_moved_stop_that_fires_closes_the_trade_with_its_first_risk_as_r(
    database: Database,
) -> None:
    with followed(database) as (venue, desk):
        (trade,) = desk.engine.open_trades
        by_hand(venue, stopLoss="49950", takeProfit="50700")
        desk.until_at(49_950, 50_700)
        desk.candle_at(49_900.0)
        assert desk.exits() == [FillReason.STOP]
        (result,) = desk.journal.load_book().results
        lost = (trade.entry_price - 49_950) * trade.quantity / trade.risk_amount
        assert Decimal(-1) < result.result_in_r < -lost
        assert len(desk.moves()) == 1


def test_a_stop_moved_while_nobody_ran_is_adopted_at_the_start(database: Database) -> None:
    with followed(database) as (venue, desk):
        by_hand(venue, stopLoss="49850", takeProfit="50650")
        desk.start()
        assert desk.levels() == (49_800, 50_600)
        desk.follow()
        assert desk.levels() == (49_850, 50_650)
        desk.start()
        desk.follow()
        assert [move["by"] for move in desk.moves()] == ["exchange"]


def test_a_stop_taken_away_is_a_breach_and_comes_back_where_it_was_moved_to(
    database: Database,
) -> None:
    with followed(database) as (venue, desk):
        by_hand(venue, stopLoss="49900")
        desk.until_at(49_900, 50_600)
        by_hand(venue, stopLoss="0")
        desk.until(lambda: venue.broker.positions()[0].stop_loss is None, "the loss to be seen")
        desk.until(lambda: venue.broker.positions()[0].stop_loss is not None, "the stop again")
        assert int(venue.broker.positions()[0].stop_loss or 0) == 49_900
        assert (len(desk.moves()), desk.exits()) == (1, [])


def test_a_stop_beyond_the_price_is_the_exchanges_to_refuse_and_one_at_it_fires(
    database: Database,
) -> None:
    with followed(database) as (venue, desk):
        with pytest.raises(InvalidRequestError):
            by_hand(venue, stopLoss="50300")
        desk.second()
        assert desk.levels() == (49_800, 50_600)
        by_hand(venue, stopLoss="49989.9")
        desk.candle_at(49_980.0)
        desk.until(lambda: bool(desk.exits()), "the stop to fire")
        assert desk.exits() == [FillReason.STOP]
        assert venue.broker.positions() == ()


def test_nothing_is_adopted_while_the_account_cannot_be_read(database: Database) -> None:
    with followed(database) as (venue, desk):
        inject(venue.url, "server_error", path="/v5/position/list", times=0)
        venue.broker.refresh()
        desk.until(lambda: bool(venue.broker.complaints()), "a complaint")
        by_hand(venue, stopLoss="49900")
        for _ in range(4):
            desk.second()
        assert desk.moves() == []
        control(venue.url, "DELETE")
        desk.until_at(49_900, 50_600)
