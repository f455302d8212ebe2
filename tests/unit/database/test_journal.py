"""The journal: a step is stored whole, read back exactly, told once, and safe to repeat."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from src.database import Database, SqlJournal
from src.database.errors import UnstorableValue
from src.database.tables import orders, paper_trades, signals
from src.domain.errors import Conflict
from src.domain.events import (
    CancelIntended,
    EntryIntended,
    EquityPoint,
    GuardTripped,
    OrderChanged,
    SignalChanged,
    StepRecord,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.order import FillReason, OrderStatus
from src.domain.ports import Journal, StoredBook
from src.domain.signal import SignalStatus
from src.domain.trade import TradeResult
from tests.unit.database.facts import (
    START,
    FixedClock,
    candle,
    closed,
    entry_fill,
    exit_fill,
    funded,
    funding,
    open_trade,
    order,
    request,
    signal,
)
from tests.unit.database.journals import events_of, everything, opening, row_of, step, types_of

EMPTY_BOOK = StoredBook((), (), (), None)


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    """An unfenced journal of the paper environment."""
    return SqlJournal(database, "paper", None, FixedClock(START + 7))


def test_it_is_the_domains_journal(journal: SqlJournal) -> None:
    as_port: Journal = journal
    assert as_port.load_book() == EMPTY_BOOK


def test_an_intended_entry_is_pending_before_anything_is_sent(journal: SqlJournal) -> None:
    journal.commit(step(SignalChanged(signal(1)), EntryIntended(request(1))))
    book = journal.load_book()
    assert book.live_orders == (order(1, OrderStatus.PENDING),)
    assert book.signals == (signal(1),)


def test_an_open_trade_comes_back_digit_for_digit_with_what_was_booked_on_it(
    journal: SqlJournal,
) -> None:
    journal.commit(step(*opening()))
    book = journal.load_book()
    assert book.open_trades == (open_trade(1),)
    assert book.open_trades[0].fees == Decimal("0.000600600000000000001")
    assert book.live_orders == ()
    assert book.signals == (signal(1, SignalStatus.FILLED),)
    assert book.booked_executions == ("entry-1",)


def test_funding_is_booked_on_the_open_trade(journal: SqlJournal, database: Database) -> None:
    payment = funding(1, "-0.0003")
    trade = funded(open_trade(1), payment)
    journal.commit(step(*opening(), TradeFunded(trade, payment)))
    book = journal.load_book()
    assert book.open_trades == (trade,)
    assert book.booked_executions == ("entry-1", "funding-1-1")
    assert types_of(database)[-1] == "trade_updated"


def test_a_closed_trade_leaves_the_book_and_keeps_its_exact_result(
    journal: SqlJournal, database: Database
) -> None:
    fill = exit_fill(1, "98.70", START + 60_000)
    trade = closed(open_trade(1), fill)
    journal.commit(step(*opening()))
    journal.commit(step(TradeClosed(trade, fill), time=START + 60_000))
    result = TradeResult("o1", START + 60_000, trade.realized_pnl / trade.risk_amount)
    assert journal.load_book() == replace(
        EMPTY_BOOK,
        booked_executions=("entry-1", "exit-1"),
        results=(result,),
        closed_trades=(trade,),
    )
    row = row_of(database, paper_trades)
    assert row["net_pnl"] == trade.realized_pnl
    assert row["realized_pnl"] == float(trade.realized_pnl)
    assert (row["status"], row["exit_reason"]) == ("closed", FillReason.TARGET.value)
    assert (row["exit_time"], row["exit_ms"]) == ("2026-03-06T07:01:00.000Z", START + 60_000)
    assert (row["current_price"], row["unrealized_pnl"]) == (98.7, 0.0)


def test_a_step_tells_what_it_did_in_order_and_in_the_words_of_the_wire(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(replace(step(*opening()), equity=EquityPoint(START, Decimal(9), Decimal(10))))
    events = events_of(database)
    assert [event.type for event in events] == [
        "signal",
        "order",
        "order",
        "order",
        "signal",
        "trade_opened",
        "equity",
    ]
    assert [event.market_time for event in events] == [START] * 7
    trade = events[5].payload["trade"]
    assert (trade["id"], trade["signalId"], trade["direction"]) == (1, "s1", "short")
    assert (trade["entryPrice"], trade["positionSize"]) == (100.1, 0.03)
    assert (trade["model"], trade["confluenceScore"]) == ("2022", 72.5)
    assert events[6].payload["point"] == {
        "time": "2026-03-06T07:00:00.000Z",
        "equity": 10.0,
        "wallet": 9.0,
        "drawdown": 0.0,
    }


def test_events_and_rows_carry_the_clocks_time_not_the_markets(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(*opening(), time=START - 500))
    assert row_of(database, paper_trades)["created_date"] == "2026-03-06T07:00:00.007Z"
    assert {row.created_at for row in everything(database)["events"]} == {START + 7}


def test_committing_a_step_again_changes_nothing(journal: SqlJournal, database: Database) -> None:
    payment, fill = funding(1, "0.0001"), exit_fill(1, "99.00")
    trade = funded(open_trade(1), payment)
    record = StepRecord(
        market_time=START,
        candles=(candle(0), candle(0, symbol="ETHUSDT")),
        changes=(
            *opening(),
            TradeFunded(trade, payment),
            TradeClosed(closed(trade, fill), fill),
        ),
        equity=EquityPoint(START, Decimal(1000), Decimal(1000)),
        venue_state='{"wallet":"1000"}',
    )
    journal.commit(record)
    before = everything(database)
    journal.commit(record)
    assert everything(database) == before


def test_late_news_of_an_order_does_not_turn_it_back(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(EntryIntended(request(1)), OrderChanged(order(1, OrderStatus.FILLED))))
    journal.commit(step(OrderChanged(order(1, OrderStatus.ACCEPTED))))
    assert row_of(database, orders)["status"] == "filled"


def test_late_news_of_a_signal_does_not_turn_it_back(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(SignalChanged(signal(1, SignalStatus.FILLED, START + 5))))
    journal.commit(step(SignalChanged(signal(1, SignalStatus.ARMED, START + 9))))
    journal.commit(step(SignalChanged(signal(1, SignalStatus.CANCELLED, START + 4))))
    assert row_of(database, signals)["status"] == "filled"


def test_a_refused_signal_is_kept_with_every_reason(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(SignalChanged(signal(1, SignalStatus.REFUSED))))
    row = row_of(database, signals)
    assert row["refusals"] == ["Three positions are open already."]
    assert row["components"] == {"fvg": 40.0, "sweep": 32.5}
    assert journal.load_book().signals == ()


def test_a_wanted_cancel_is_on_record_until_the_venue_answers(journal: SqlJournal) -> None:
    journal.commit(step(EntryIntended(request(1)), OrderChanged(order(1, OrderStatus.ACCEPTED))))
    journal.commit(step(CancelIntended("o1", "The entry was not reached in time.")))
    assert journal.load_book().live_orders == (
        order(1, OrderStatus.ACCEPTED, "The entry was not reached in time."),
    )
    journal.commit(step(OrderChanged(order(1, OrderStatus.CANCELLED))))
    assert journal.load_book().live_orders == ()


def test_the_reason_of_a_cancel_stays_when_the_venue_gives_none(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(EntryIntended(request(1)), CancelIntended("o1", "Expired.")))
    journal.commit(step(OrderChanged(order(1, OrderStatus.CANCELLED))))
    row = row_of(database, orders)
    assert (row["status"], row["reason"]) == ("cancelled", "Expired.")


def test_cancelling_what_was_never_journaled_is_a_contradiction(journal: SqlJournal) -> None:
    with pytest.raises(Conflict, match="never journaled"):
        journal.commit(step(CancelIntended("o1", "why")))


def test_a_step_that_fails_at_its_end_leaves_nothing_of_itself(
    journal: SqlJournal, database: Database
) -> None:
    before = everything(database)
    record = StepRecord(
        market_time=START,
        candles=(candle(0),),
        changes=(*opening(), CancelIntended("unknown", "why")),
        equity=EquityPoint(START, Decimal(1), Decimal(1)),
        venue_state="{}",
    )
    with pytest.raises(Conflict):
        journal.commit(record)
    assert everything(database) == before


def test_an_amount_that_is_no_number_never_reaches_the_ledger(
    journal: SqlJournal, database: Database
) -> None:
    poisoned = replace(open_trade(1), fees=Decimal("NaN"))
    with pytest.raises(UnstorableValue, match="finite"):
        journal.commit(step(TradeOpened(poisoned, entry_fill(1))))
    assert everything(database)["paper_trades"] == []


def test_a_signal_that_json_cannot_hold_is_not_stored(
    journal: SqlJournal, database: Database
) -> None:
    with pytest.raises(UnstorableValue, match="JSON"):
        journal.commit(step(SignalChanged(replace(signal(1), components={"fvg": math.nan}))))
    assert everything(database)["signals"] == []


def test_a_guard_is_told_with_the_close_that_tripped_it_and_once(
    journal: SqlJournal, database: Database
) -> None:
    fill = exit_fill(1, "98.70", START + 60_000)
    trip = GuardTripped("daily_loss", "Enough for today.", START + 60_000, START + 120_000)
    change = TradeClosed(closed(open_trade(1), fill), fill, (trip,))
    journal.commit(step(*opening()))
    journal.commit(step(change))
    journal.commit(step(change))
    assert types_of(database)[-2:] == ["trade_closed", "guard"]
    assert events_of(database)[-1].payload == {
        "guard": {
            "name": "daily_loss",
            "sentence": "Enough for today.",
            "at": "2026-03-06T07:01:00.000Z",
            "until": "2026-03-06T07:02:00.000Z",
        }
    }
