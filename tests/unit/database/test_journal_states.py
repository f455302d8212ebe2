"""What the journal tells besides trades: a stop that moved, and what the monitor does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.database import Database, SqlJournal
from src.domain.events import MonitorChanged, StepRecord, TradeFunded
from tests.unit.database.facts import START, FixedClock, funded, funding, open_trade
from tests.unit.database.journals import events_of, opening, step, types_of


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database, "paper", None, FixedClock(START + 7))


def test_a_stop_that_moved_is_told_once(journal: SqlJournal, database: Database) -> None:
    journal.commit(step(*opening(1)))
    assert "stop_moved" not in types_of(database)
    trade = replace(open_trade(1), stop_loss=Decimal("97.5"))
    for part in (1, 2):
        payment = funding(1, "-0.1", part)
        trade = funded(trade, payment)
        journal.commit(step(TradeFunded(trade, payment)))
    told = [event for event in events_of(database) if event.type == "stop_moved"]
    assert [event.payload["trade"]["stopLoss"] for event in told] == [97.5]


def test_what_the_monitor_does_is_told(journal: SqlJournal, database: Database) -> None:
    change = MonitorChanged("stale", "No market data for 21 s.")
    journal.commit(StepRecord(market_time=START, monitor=change))
    [event] = events_of(database)
    assert (event.type, event.market_time) == ("monitor_state", START)
    assert event.payload == {"state": "stale", "detail": "No market data for 21 s."}
