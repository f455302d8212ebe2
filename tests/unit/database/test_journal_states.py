"""What the journal tells besides trades: a stop that moved, and what the monitor does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.database import Database, SqlJournal
from src.domain.events import MonitorChanged, ProtectionMoved, StepRecord
from tests.unit.database.facts import START, FixedClock, open_trade
from tests.unit.database.journals import events_of, opening, step, types_of


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database, "paper", None, FixedClock(START + 7))


def test_a_stop_that_moved_is_told_once_with_where_it_was_and_by_whom(
    journal: SqlJournal, database: Database
) -> None:
    journal.commit(step(*opening(1)))
    before = open_trade(1)
    assert "stop_moved" not in types_of(database)
    moved = replace(before, stop_loss=Decimal("97.5"))
    for _ in range(2):
        journal.commit(
            step(ProtectionMoved(moved, before.stop_loss, before.take_profit, "exchange"))
        )
    updated, told = events_of(database)[-2:]
    assert (updated.type, told.type) == ("trade_updated", "stop_moved")
    assert types_of(database).count("stop_moved") == 1
    assert told.payload["trade"]["stopLoss"] == 97.5
    assert told.payload["move"] == {
        "stop": {"from": float(before.stop_loss), "to": 97.5},
        "target": None,
        "by": "exchange",
    }
    (stored,) = journal.load_book().open_trades
    assert stored == moved


def test_what_the_monitor_does_is_told(journal: SqlJournal, database: Database) -> None:
    change = MonitorChanged("stale", "No market data for 21 s.")
    journal.commit(StepRecord(market_time=START, monitor=change))
    [event] = events_of(database)
    assert (event.type, event.market_time) == ("monitor_state", START)
    assert event.payload == {"state": "stale", "detail": "No market data for 21 s."}
