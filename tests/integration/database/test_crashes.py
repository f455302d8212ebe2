"""A process that dies in the middle of a step, and one that forks with a connection open."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from src.database import Database, EventLog, SqlJournal
from src.database.columns import metadata
from src.domain.candle import Timeframe
from src.domain.events import SignalChanged, StepRecord
from tests.unit.database.facts import START, FixedClock, candle, signal

ROOT = Path(__file__).resolve().parents[3]

DIE_IN_THE_MIDDLE = """
import os, signal, sys
from src.database import open_database
from src.database.candle_store import add_candles
from src.database.ledger import Ledger
from src.domain.events import SignalChanged
from tests.unit.database import facts

database = open_database(sys.argv[1])
with database.writing() as connection:
    add_candles(connection, "paper", [facts.candle(number) for number in range(2_000)])
    ledger = Ledger(connection, "paper", facts.START, facts.START)
    ledger.apply(SignalChanged(facts.signal(1)))
    os.kill(os.getpid(), signal.SIGKILL)
"""

FORK_WITH_CONNECTIONS = """
import os, sys
from src.database import EventLog, open_database

database = open_database(sys.argv[1])
log = EventLog(database, "paper")
log.append("signal", 0, {"by": "parent, before"})
log.newest_id()
child = os.fork()
if child == 0:
    log.append("signal", 0, {"by": "child"})
    os._exit(0 if log.newest_id() == 2 else 1)
_, status = os.waitpid(child, 0)
log.append("signal", 0, {"by": "parent, after"})
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(script: str, url: str) -> int:
    """Exit code of a Python script given the database's URL."""
    return subprocess.run(
        [sys.executable, "-c", script, url], cwd=ROOT, timeout=60, check=False
    ).returncode


def test_a_process_killed_in_the_middle_of_a_step_leaves_nothing_of_it(
    url: str, database: Database
) -> None:
    assert run(DIE_IN_THE_MIDDLE, url) == -9
    with database.reading() as connection:
        rows = {
            table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables
        }
    assert {name: found for name, found in rows.items() if found} == {}


def test_the_next_process_writes_at_once_after_a_kill(url: str, database: Database) -> None:
    run(DIE_IN_THE_MIDDLE, url)
    journal = SqlJournal(database, "paper", None, FixedClock())
    journal.commit(StepRecord(START, candles=(candle(0),), changes=(SignalChanged(signal(1)),)))
    assert journal.candles("BTCUSDT", Timeframe.M5) == [candle(0)]
    assert EventLog(database, "paper").newest_id() == 1


def test_a_forked_process_opens_its_own_connections(url: str, database: Database) -> None:
    assert run(FORK_WITH_CONNECTIONS, url) == 0
    written = [row.payload["by"] for row in EventLog(database, "paper").after(0, 10)]
    assert written == ["parent, before", "child", "parent, after"]
