"""The journal's market side: candles, values of open trades, the venue's state and live rows."""

from dataclasses import replace

import pytest

from src.database import Database, LiveState, SqlJournal
from src.database.tables import paper_trades, venue_state
from src.domain.candle import Timeframe
from src.domain.errors import InvalidCandle
from src.domain.events import (
    StepRecord,
    TradeClosed,
)
from src.domain.ports import StoredBook
from tests.unit.database.facts import (
    START,
    FixedClock,
    candle,
    closed,
    exit_fill,
    open_trade,
)
from tests.unit.database.journals import events_of, opening, row_of, step

EMPTY_BOOK = StoredBook((), (), (), None)


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    """An unfenced journal of the paper environment."""
    return SqlJournal(database, "paper", None, FixedClock(START + 7))


def test_a_candle_that_arrives_again_must_be_the_same(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(StepRecord(START, candles=(candle(0),)))
    journal.commit(StepRecord(START, candles=(candle(0), candle(1))))
    with pytest.raises(InvalidCandle, match="arrived again"):
        journal.commit(StepRecord(START, candles=(candle(1, close=100.6), candle(2))))
    assert journal.candles("BTCUSDT", Timeframe.M5) == [candle(0), candle(1)]


def test_history_is_stored_once_in_any_order_and_read_oldest_first(journal: SqlJournal) -> None:
    history = [candle(number) for number in range(12_000)]
    journal.store_history(history[::-1])
    journal.store_history(history[5_000:])
    assert journal.candles("BTCUSDT", Timeframe.M5) == history
    assert journal.candles("ETHUSDT", Timeframe.M5) == []
    assert journal.candles("BTCUSDT", Timeframe.H1) == []


def test_history_that_contradicts_itself_is_refused_whole(journal: SqlJournal) -> None:
    with pytest.raises(InvalidCandle):
        journal.store_history([candle(0), candle(1), candle(1, close=100.9)])
    assert journal.candles("BTCUSDT", Timeframe.M5) == []


def test_open_trades_are_valued_at_the_newest_close_of_their_symbol(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(*opening(1)))
    told = len(events_of(database))
    journal.commit(
        StepRecord(START, candles=(candle(1, 99.6), candle(0, 100.9), candle(1, 5, "ETHUSDT")))
    )
    row = row_of(database, paper_trades)
    assert row["current_price"] == 99.6
    assert row["unrealized_pnl"] == pytest.approx((100.1 - 99.6) * 0.03)
    assert len(events_of(database)) == told


def test_the_venues_state_is_replaced_and_kept_when_a_step_has_none(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(StepRecord(START, venue_state="first"))
    journal.commit(StepRecord(START, venue_state="second"))
    journal.commit(StepRecord(START))
    assert row_of(database, venue_state)["state"] == "second"
    assert journal.load_book().venue_state == "second"


def test_environments_do_not_see_each_other(journal: SqlJournal, database: Database) -> None:
    journal.commit(replace(step(*opening()), candles=(candle(0),), venue_state="paper's"))
    demo = SqlJournal(database, "demo", None, FixedClock())
    assert demo.load_book() == EMPTY_BOOK
    assert demo.candles("BTCUSDT", Timeframe.M5) == []
    assert demo.trade_ids() == {}
    assert events_of(database, "demo") == []


def test_open_trades_are_named_by_their_row_ids(journal: SqlJournal) -> None:
    journal.commit(step(*opening(1), *opening(2)))
    fill = exit_fill(1, "99.00")
    journal.commit(step(TradeClosed(closed(open_trade(1), fill), fill)))
    assert journal.trade_ids() == {"o2": 2}


def test_published_state_is_the_newest_only(journal: SqlJournal, database: Database) -> None:
    journal.publish("prices", {"BTCUSDT": 1.0})
    journal.publish("prices", {"BTCUSDT": 2.0})
    assert LiveState(database, "paper").read("prices") == (2, {"BTCUSDT": 2.0})
