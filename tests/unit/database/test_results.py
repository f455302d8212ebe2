"""The results a restart hands to the guards."""

from dataclasses import replace

from src.database import Database, SqlJournal
from src.domain.candle import DAY_MS
from src.domain.events import TradeClosed
from tests.unit.database.facts import START, closed, exit_fill, open_trade
from tests.unit.database.journals import step


def test_the_newest_two_hundred_and_all_of_two_weeks_are_read(database: Database) -> None:
    journal = SqlJournal(database, "paper")
    assert journal.load_book().results == ()
    times = [START + day * DAY_MS for day in range(3)]
    times += [START + 30 * DAY_MS + minute for minute in range(210)]
    for number, time in enumerate(times):
        fill = replace(exit_fill(number, "98.70", time), order_link_id=f"o{number}")
        journal.commit(step(TradeClosed(closed(open_trade(number), fill), fill)))
    read = journal.load_book().results
    assert [result.closed_at for result in read] == times[3:]
    assert read[0].order_link_id == "o3"
    journal = SqlJournal(database, "demo")
    assert journal.load_book().results == ()
