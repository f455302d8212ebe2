"""Fills and funding of a Bybit account: from executions alone, whole, and each once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from src.clock import SystemClock
from src.domain.order import Direction, Fill, FillReason, FundingPayment, OrderKind
from src.domain.ports import Report
from src.exchange.bybit import BrokerSettings, BybitBroker, simulator_environment
from src.simulator.account.model import AccountSettings
from tests.contract.venues import entry_at
from tests.integration.exchange.bybit_venue import (
    KEY,
    QUICK,
    BybitVenue,
    JournalledBroker,
    bybit_venue,
)
from tests.integration.exchange.faulty_gateway import CuttableLine
from tests.integration.simulator.faults import inject
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import private_side
from tests.integration.simulator.scripted_market import NOON, STEP, ScriptedFeed

RICH = AccountSettings(KEY.key, KEY.secret, Decimal(10_000_000))
DAY_MS = 86_400_000
FUNDING_MS = 8 * 3_600_000


def collected(venue: BybitVenue, count: int) -> list[Report]:
    """Reports as the stream brings them, until there are so many."""
    found: list[Report] = []

    def enough() -> bool:
        found.extend(venue.broker.drain())
        return len(found) >= count

    wait_until(enough)
    return found


def streaming(venue: BybitVenue) -> None:
    """Wait for the stream, and for the pull its connection asked for."""
    wait_until(lambda: venue.bybit.health().connected)
    assert venue.broker.drain() == []


def fills(reports: list[Report]) -> list[Fill]:
    return [fact for fact in reports if isinstance(fact, Fill)]


def test_fills_arrive_by_the_stream_and_a_pull_of_the_same_adds_nothing() -> None:
    with bybit_venue() as venue:
        streaming(venue)
        venue.broker.submit(entry_at(venue))
        venue.move(49_950.0, 49_700.0)
        reports = fills(collected(venue, 2))
        assert [fill.reason for fill in reports] == [FillReason.ENTRY, FillReason.STOP]
        venue.bybit.refresh()
        assert venue.broker.drain() == []


def test_an_entry_executed_in_pieces_is_one_fill_and_ties_to_the_wallet() -> None:
    with bybit_venue(RICH) as venue:
        before = venue.broker.balance().wallet
        venue.broker.submit(entry_at(venue, kind=OrderKind.MARKET, quantity=Decimal(10)))
        venue.trade_at(50_100.0)
        (entered,) = fills(venue.broker.drain())
        with venue.account() as side:
            pieces = side.executions()
        assert len(pieces) == 3
        value = sum(Decimal(piece["execValue"]) for piece in pieces)
        assert entered.quantity == 10
        assert entered.price * 10 == value
        assert entered.fee == before - venue.broker.balance().wallet
        venue.trade_at(49_700.0)
        (left,) = fills(venue.broker.drain())
        assert left.quantity == 10
        gross = (left.price - entered.price) * 10
        assert venue.broker.balance().wallet == before + gross - entered.fee - left.fee


def test_an_entry_cancelled_after_it_executed_in_part_is_a_fill_of_that_part() -> None:
    with bybit_venue(RICH) as venue:
        wanted = entry_at(venue, quantity=Decimal(119), price=Decimal("50106.0"))
        venue.broker.submit(wanted)
        venue.trade_at(50_110.0)
        assert venue.broker.drain() == []
        venue.broker.cancel("contract-1")
        venue.bybit.refresh()
        (fill,) = venue.broker.drain()
    assert isinstance(fill, Fill)
    assert 0 < fill.quantity < 119


def test_the_rest_of_an_entry_is_withdrawn_when_its_position_is_stopped() -> None:
    with bybit_venue(RICH) as venue:
        wanted = entry_at(venue, quantity=Decimal(119), price=Decimal("50106.0"))
        venue.broker.submit(wanted)
        venue.trade_at(50_120.0)
        assert venue.broker.drain() == []
        venue.bybit.set_protection("BTCUSDT", Decimal("50115.0"), Decimal("50900.0"))
        venue.trade_at(50_114.0)
        reports = fills(venue.broker.drain()) + fills(venue.broker.drain())
        assert [fill.reason for fill in reports] == [FillReason.ENTRY, FillReason.STOP]
        assert reports[0].quantity == reports[1].quantity
        venue.trade_at(50_000.0)
        assert fills(venue.broker.drain()) == []
        with venue.account() as side:
            assert side.position()["size"] == "0"


def test_an_entry_that_fills_on_after_its_target_while_nobody_ran_is_one_trade() -> None:
    """Without a reader nobody withdraws the rest; it must not be lost, nor the first part."""
    with bybit_venue(RICH) as venue:
        before = venue.broker.balance().wallet
        wanted = entry_at(venue, quantity=Decimal(119), price=Decimal("50106.0"))
        venue.broker.submit(wanted)
        venue.move(50_110.0)
        venue.bybit.close()
        venue.move(50_700.0, 50_000.0)
        venue.restart()
        (entered,) = fills(venue.broker.drain())
        assert entered.quantity == 119
        (position,) = venue.broker.positions()
        assert position.stop_loss == wanted.stop_loss
        assert 0 < position.quantity < 119
        venue.trade_at(49_700.0)
        (left,) = fills(venue.broker.drain())
        assert (left.quantity, left.reason) == (Decimal(119), FillReason.STOP)
        gross = (left.price - entered.price) * 119
        paid = entered.fee + left.fee
        assert abs(venue.broker.balance().wallet - (before + gross - paid)) < Decimal("0.000001")


def test_a_close_that_executes_in_part_is_one_exit_when_the_rest_is_closed() -> None:
    with bybit_venue() as venue:
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0)
        (entered,) = fills(venue.broker.drain())
        inject(venue.url, "partial_fill_then_cancel", fraction=0.4, matching={"reduceOnly": True})
        venue.broker.close_position("BTCUSDT", Direction.LONG, entered.quantity, "close-1")
        venue.trade_at(49_960.0)
        assert venue.broker.drain() == []
        (position,) = venue.broker.positions()
        assert (position.quantity, position.stop_loss) == (Decimal("0.006"), Decimal(49_800))
        venue.restart()
        venue.broker.close_position("BTCUSDT", Direction.LONG, position.quantity, "close-2")
        venue.trade_at(49_970.0)
        (left,) = fills(venue.broker.drain())
        assert (left.quantity, left.reason) == (entered.quantity, FillReason.MANUAL)
        assert venue.broker.positions() == ()


def test_slippage_of_a_stop_counts_from_its_trigger() -> None:
    with bybit_venue() as venue:
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0, 49_700.0)
        entered, stopped = fills(venue.broker.drain())
    assert entered.slippage == 0
    assert stopped.slippage == (Decimal("49800.0") - stopped.price) * stopped.quantity > 0


def test_funding_belongs_to_the_open_trade_and_ties_to_the_wallet() -> None:
    with bybit_venue(feed=ScriptedFeed(50_100.0, funding_rate=0.0002)) as venue:
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0)
        venue.broker.drain()
        before = venue.broker.balance().wallet
        until = NOON - NOON % FUNDING_MS + FUNDING_MS
        venue.trade_at(*[49_950.0] * ((until - venue.now()) // STEP))
        (payment,) = venue.broker.drain()
        after = venue.broker.balance().wallet
    assert isinstance(payment, FundingPayment)
    assert (payment.order_link_id, payment.time) == ("contract-1", until)
    assert payment.rate == Decimal("0.0002")
    assert payment.amount == after - before < 0


def test_a_liquidation_is_a_fill_of_its_own_reason() -> None:
    with bybit_venue(AccountSettings(KEY.key, KEY.secret, Decimal(60))) as venue:
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0)
        venue.broker.drain()
        with venue.account() as side:
            side.session.cancel_all_orders(category="linear", symbol="BTCUSDT")
        venue.trade_at(44_000.0)
        (fill,) = fills(venue.broker.drain())
    assert fill.reason is FillReason.LIQUIDATION


@contextmanager
def on_a_line(settings: BrokerSettings = QUICK) -> Iterator[tuple[BybitVenue, CuttableLine]]:
    """A venue whose stream runs over a line that can be cut."""
    with bybit_venue() as venue, CuttableLine(venue.simulator.port) as line:
        environment = replace(simulator_environment(venue.url), private_ws=line.address)
        venue.bybit.close()
        venue.broker = JournalledBroker(environment, settings, frozenset())
        yield venue, line
        venue.bybit.close()


def test_what_happened_while_the_stream_was_cut_is_pulled_when_it_is_back() -> None:
    with on_a_line() as (venue, line):
        streaming(venue)
        venue.broker.submit(entry_at(venue))
        line.cut()
        wait_until(lambda: not venue.bybit.health().connected)
        venue.move(49_950.0, 49_700.0)
        line.mend()
        reports = fills(collected(venue, 2))
        assert [fill.reason for fill in reports] == [FillReason.ENTRY, FillReason.STOP]
        assert venue.bybit.health().connected
        assert venue.bybit.discrepancies == ()


def test_a_stream_that_stays_open_and_says_nothing_cannot_hide_a_fill() -> None:
    with on_a_line(replace(QUICK, pull_every_ms=0)) as (venue, line):
        streaming(venue)
        line.mute()
        venue.broker.submit(entry_at(venue))
        venue.move(49_950.0)
        (fill,) = fills(venue.broker.drain())
        assert fill.reason is FillReason.ENTRY
        assert venue.bybit.health().connected


def test_a_stream_that_cannot_be_had_is_replaced_by_pulls() -> None:
    with private_side(AccountSettings(KEY.key, KEY.secret, Decimal(1000))) as side:
        environment = replace(simulator_environment(side.url), private_ws="ws://127.0.0.1:9")
        impatient = replace(QUICK, pull_again_ms=0)
        broker = BybitBroker(environment, KEY, SystemClock(), settings=impatient)
        broker.start()
        side.buy(orderLinkId="by-hand")
        side.move(49_950.0)
        (fill,) = fills(broker.drain())
        assert fill.order_link_id == "by-hand"
        assert not broker.health().connected
        broker.close()


@pytest.mark.parametrize("days", [0, 8])
def test_a_restart_reads_back_to_what_the_journal_still_waits_for(days: int) -> None:
    """The journal waits since an entry's newest execution; older ones of it are read as well."""
    with bybit_venue() as venue:
        venue.broker.submit(entry_at(venue))
        venue.trade_at(49_950.0)
        venue.move(*[49_950.0] * (days * DAY_MS // STEP))
        venue.bybit.close()
        environment = simulator_environment(venue.url)
        broker = BybitBroker(environment, KEY, SystemClock(), since=NOON + STEP + 1, settings=QUICK)
        broker.start()
        entered, *rest = [f for f in broker.drain() if isinstance(f, Fill)]
        assert broker.discrepancies == ()
        broker.close()
        forgetful = BybitBroker(environment, KEY, SystemClock(), settings=QUICK)
        forgetful.start()
        assert len(forgetful.discrepancies) == (1 if days > 7 else 0)
        forgetful.close()
    assert entered.reason is FillReason.ENTRY
    assert rest == []
