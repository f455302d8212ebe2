"""The protection watch on a Bybit account whose stop is taken away, and on paper."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from src.database import Database, EventLog, StorageUnavailable
from src.domain.order import Direction, FillReason
from src.monitors.naked_parts import NakedParts
from src.monitors.protection_watch import ProtectionWatch
from src.simulator.account.model import AccountSettings
from tests.contract.venues import SYMBOL, paper_venue
from tests.integration.exchange.bybit_venue import KEY, BybitVenue, bybit_venue
from tests.integration.exchange.test_no_order_without_journal import locked_file
from tests.integration.monitors.test_command_desk import ENVIRONMENT, Desk
from tests.integration.simulator.faults import control, happened, inject
from tests.product import wait_until

RICH = AccountSettings(KEY.key, KEY.secret, Decimal(10_000_000))


class Watched(Desk):
    """A trading worker with an open trade under watch."""

    def watch(self) -> None:
        self.guard = ProtectionWatch(self.step, self.clock)
        self.parts = NakedParts(self.step, self.clock)

    def second(self) -> None:
        """A second passes; the account is heard of, the watch looks, the market trades on."""
        self.still_second()
        self.venue.trade_at(self.price)

    def still_second(self) -> None:
        """The same on a market that does not trade."""
        self.clock.advance(1_000)
        self.venue.broker.refresh()
        self.step.absorb(self.venue.now())
        self.parts.look(self.venue.now())
        self.guard.look(self.venue.now())

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let seconds pass until the condition holds."""

        def holds() -> bool:
            self.second()
            return condition()

        wait_until(holds, 60, what)

    def is_protected(self) -> bool:
        return all(position.stop_loss for position in self.venue.broker.positions())

    def alarms(self) -> list[str]:
        events = EventLog(self.database, ENVIRONMENT).after(0, 1_000)
        return [e.payload["symbol"] for e in events if e.type == "protection"]


def take_stop_away(venue: BybitVenue) -> None:
    """As its owner would by hand, with another client."""
    with venue.account() as side:
        side.session.set_trading_stop(
            category="linear", symbol=SYMBOL, positionIdx=0, tpslMode="Full",
            stopLoss="0", takeProfit="0",
        )  # fmt: skip
    venue.broker.refresh()


def test_a_stop_that_was_taken_away_is_set_again(database: Database) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        take_stop_away(venue)
        desk.until(lambda: not desk.is_protected(), "the loss to be seen")
        desk.until(lambda: desk.is_protected(), "the stop to be back")
        position, trade = venue.broker.positions()[0], desk.engine.open_trades[0]
        assert (position.stop_loss, position.take_profit) == (trade.stop_loss, trade.take_profit)
        for _ in range(6):
            desk.second()
        assert (desk.alarms(), desk.exits()) == ([], [])
    database.dispose()


def test_a_stop_is_set_again_although_the_account_cannot_be_read(database: Database) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        inject(venue.url, "server_error", path="/v5/position/list", times=0)
        take_stop_away(venue)
        desk.until(lambda: not desk.is_protected(), "the loss to be heard of")
        desk.until(lambda: desk.is_protected(), "the stop to be back")
        assert venue.broker.complaints()
        assert (desk.alarms(), desk.exits()) == ([], [])
    database.dispose()


def test_a_stop_that_the_stream_does_not_tell_of_is_read_and_not_set_again(
    database: Database,
) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.rest()
        desk.watch()
        inject(venue.url, "lost", topic="position", first=2, times=0)
        inject(venue.url, "refused", path="/v5/position/trading-stop", times=0)
        venue.move(49_990.0)

        def heard() -> bool:
            desk.step.absorb(venue.now())
            return not desk.is_protected()

        wait_until(heard, 60, "a position without its stop to be heard of")
        for _ in range(6):
            desk.clock.advance(1_000)
            desk.step.absorb(venue.now())
            desk.guard.look(venue.now())
        assert desk.is_protected()
        assert happened(venue.url)[1] == 0
        assert (len(desk.engine.open_trades), desk.alarms(), desk.exits()) == (1, [], [])
    database.dispose()


def test_a_position_that_cannot_be_protected_is_closed_and_told(database: Database) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        take_stop_away(venue)
        inject(venue.url, "refused", path="/v5/position/trading-stop", times=0)
        desk.until(lambda: bool(desk.exits()), "the position to be closed")
        assert desk.exits() == [FillReason.MANUAL]
        assert desk.alarms() == [SYMBOL]
        assert venue.broker.positions() == ()
    database.dispose()


def test_a_position_without_a_stop_is_closed_though_nothing_can_be_stored(
    database: Database,
) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        take_stop_away(venue)
        inject(venue.url, "refused", path="/v5/position/trading-stop", times=0)
        desk.until(lambda: not desk.is_protected(), "the loss to be seen")
        with locked_file(database), pytest.raises(StorageUnavailable):
            desk.until(lambda: bool(desk.exits()), "the alarm to be refused")

        def is_flat() -> bool:
            venue.trade_at(desk.price)
            venue.broker.drain()
            return venue.broker.positions() == ()

        wait_until(is_flat, 60, "the position to be closed")
    database.dispose()


def test_a_part_of_a_resting_entry_that_stands_without_a_stop_becomes_a_protected_trade(
    database: Database,
) -> None:
    with bybit_venue(RICH) as venue:
        desk = Watched(venue, database)
        inject(venue.url, "stop_rejected")
        deeper_than_the_book = replace(desk.armed(), entry=50_106.0)
        desk.candle_at(50_100.0, deeper_than_the_book)
        desk.watch()
        desk.candle_at(50_110.0)
        desk.until(lambda: bool(venue.broker.positions()), "a part to be held")
        assert desk.engine.no_room(SYMBOL) == ("BTCUSDT already has a resting entry.",)
        desk.until(lambda: bool(desk.engine.open_trades), "the part to be a trade")
        (trade,) = desk.engine.open_trades
        desk.until(desk.is_protected, "its stop to be set")
        (position,) = venue.broker.positions()
        assert (position.quantity, position.stop_loss) == (trade.quantity, trade.stop_loss)
        assert venue.broker.resting() == ()
        assert desk.alarms() == []
    database.dispose()


def test_a_part_whose_stop_the_stream_does_not_tell_of_does_not_end_its_entry(
    database: Database,
) -> None:
    with bybit_venue(RICH) as venue:
        desk = Watched(venue, database)
        desk.candle_at(50_100.0, replace(desk.armed(), entry=50_106.0))
        desk.watch()
        inject(venue.url, "lost", topic="position", first=2, times=0)
        venue.move(50_110.0)

        def heard() -> bool:
            desk.step.absorb(venue.now())
            return not desk.is_protected()

        wait_until(heard, 60, "a part without its stop to be heard of")
        for _ in range(3):
            desk.clock.advance(1_000)
            desk.step.absorb(venue.now())
            desk.parts.look(venue.now())
        assert desk.is_protected()
        assert len(desk.engine.resting_orders) == len(venue.broker.resting()) == 1
    database.dispose()


def test_a_suspended_symbol_gets_few_closes_and_one_alarm_and_is_closed_once_it_trades_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        sent = count_closes(venue, monkeypatch)
        take_stop_away(venue)
        inject(venue.url, "refused", path="/v5/position/trading-stop", times=0)
        suspended = {"code": 110074, "message": "This contract is not live", "times": 0}
        inject(venue.url, "refused", path="/v5/order/create", symbol=SYMBOL, **suspended)
        desk.until(lambda: bool(sent), "the first close")
        for _ in range(31):
            desk.second()
        assert len(sent) == 5
        assert len(set(sent)) == 1
        assert (desk.alarms(), desk.exits()) == ([SYMBOL], [])
        control(venue.url, "DELETE")
        desk.candle_at(49_995.0)
        for _ in range(2):
            desk.second()
        assert desk.exits() == [FillReason.MANUAL]
        assert (len(sent), desk.alarms()) == (6, [SYMBOL])
    database.dispose()


def test_a_close_that_waits_to_be_filled_is_not_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        sent = count_closes(venue, monkeypatch)
        take_stop_away(venue)
        inject(venue.url, "refused", path="/v5/position/trading-stop", times=0)
        for _ in range(40):
            desk.still_second()
        assert (len(sent), desk.alarms(), desk.exits()) == (1, [SYMBOL], [])
        desk.until(lambda: bool(desk.exits()), "the position to be closed")
        assert (len(sent), desk.exits()) == (1, [FillReason.MANUAL])
    database.dispose()


def count_closes(venue: BybitVenue, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the closes sent from now on."""
    sent: list[str] = []
    close = venue.broker.close_position

    def counted(symbol: str, direction: Direction, quantity: Decimal, link_id: str) -> None:
        sent.append(link_id)
        close(symbol, direction, quantity, link_id)

    monkeypatch.setattr(venue.broker, "close_position", counted)
    return sent


def test_a_stop_the_exchange_drops_at_birth_is_set_again(database: Database) -> None:
    with bybit_venue() as venue:
        desk = Watched(venue, database)
        inject(venue.url, "stop_rejected")
        desk.enter()
        desk.watch()
        assert not desk.is_protected()
        desk.until(lambda: desk.is_protected(), "the stop to be set")
        assert desk.exits() == []
    database.dispose()


def test_on_paper_a_position_is_never_without_a_stop(database: Database) -> None:
    with paper_venue() as venue:
        desk = Watched(venue, database)
        desk.enter()
        desk.watch()
        for _ in range(8):
            desk.second()
            assert desk.is_protected()
        assert (desk.alarms(), desk.exits()) == ([], [])
    database.dispose()
