"""A ledger from before trials had a source: nothing of it counts less than it did."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.database import Database, TrialLedger, downgrade, migrate, open_database
from src.database.trial_ledger import Market, Segment, TrialEntry
from src.database.trial_tables import UNKNOWN_SOURCE

BEFORE = "0011"
BITCOIN = {source: Market(("BTCUSDT",), "5m", source) for source in ("bybit", "simulator")}


@pytest.fixture
def old(tmp_path: Path) -> str:
    """A database of the version before, with two trials and a seal that was opened."""
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url, BEFORE)
    connection = sqlite3.connect(tmp_path / "trading.db")
    for number, purpose in ((7, "optimise"), (9, "sealed")):
        connection.execute(
            "INSERT INTO trials VALUES (?, 5, ?, 'job-3', 'BTCUSDT', '5m', ?, 'd', '{}', 41, 0.05, "
            "'{}', 20000, '[0.01]')",
            (number, purpose, f"question {number}"),
        )
    connection.execute("INSERT INTO sealed_segments VALUES (4, 'BTCUSDT', '5m', 100, 200, 5, 9)")
    connection.commit()
    connection.close()
    return url


@pytest.fixture
def database(old: str) -> Iterator[Database]:
    migrate(old)
    opened = open_database(old)
    yield opened
    opened.dispose()


def entry(source: str, identity: str = "new") -> TrialEntry:
    """A trial as this version writes it down."""
    return TrialEntry(
        purpose="backtest",
        study=f"study on {source}",
        market=BITCOIN[source],
        identity=identity,
        data_fingerprint="d",
        parameters={},
        trade_count=41,
        daily_sharpe=0.05,
        figures={},
        first_day=20_000,
        daily_returns=(0.01,),
    )


@pytest.mark.parametrize("source", BITCOIN)
def test_old_trials_and_seals_count_for_every_source(database: Database, source: str) -> None:
    ledger = TrialLedger(database)
    assert [one.market.source for one in ledger.latest(9)] == [UNKNOWN_SOURCE] * 2
    assert ledger.latest(1)[0].daily_returns == [0.01]
    ledger.append([entry(source), entry(source, "question 7")], now=6)
    assert ledger.tried(BITCOIN[source]).count == 3, "a question asked again counts once"
    [seen] = ledger.opened(Segment(BITCOIN[source], 150, 300))
    assert (seen.begins_at, seen.ends_at, seen.market.source) == (100, 200, UNKNOWN_SOURCE)
    # Whoever had opened it and was interrupted by the new version sees it again.
    assert ledger.opened(Segment(BITCOIN[source], 150, 300), but_by="job-3") == []


def test_ids_go_on_where_they_were_and_an_old_program_can_still_write(
    database: Database, tmp_path: Path
) -> None:
    """A process of the version before, still running, names no source."""
    with sqlite3.connect(tmp_path / "trading.db") as connection:
        for statement in (
            "INSERT INTO trials (created_at, purpose, study, symbols, timeframe, identity, "
            "data_fingerprint, parameters, trade_count, figures, first_day, daily_returns) "
            "VALUES (5, 'sealed', 's', 'BTCUSDT', '5m', 'i', 'd', '{}', 0, '{}', 20000, '[]')",
            "INSERT INTO sealed_segments (symbol, timeframe, begins_at, ends_at, opened_at, "
            "trial_id) VALUES ('BTCUSDT', '5m', 200, 300, 5, 10)",
        ):
            connection.execute(statement)
        written = connection.execute("SELECT id, source FROM sealed_segments").fetchall()
    connection.close()
    assert written == [(4, UNKNOWN_SOURCE), (5, UNKNOWN_SOURCE)]
    assert len(TrialLedger(database).opened(Segment(BITCOIN["bybit"], 0, 999))) == 2


def test_what_was_opened_on_any_source_stays_opened_on_the_way_back(
    database: Database, old: str, tmp_path: Path
) -> None:
    ledger = TrialLedger(database)
    for source, ends_at in (("bybit", 400), ("simulator", 500)):
        ledger.open_segment(Segment(BITCOIN[source], 300, ends_at), entry(source), now=9)
    database.dispose()
    downgrade(old, BEFORE)
    with sqlite3.connect(tmp_path / "trading.db") as connection:
        columns = "id, symbol, timeframe, begins_at, ends_at"
        kept = connection.execute(f"SELECT {columns} FROM sealed_segments").fetchall()
        trials = connection.execute("SELECT count(*) FROM trials").fetchone()
        table = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'sealed_segments'"
        ).fetchone()
    connection.close()
    assert kept == [(4, "BTCUSDT", "5m", 100, 200), (5, "BTCUSDT", "5m", 300, 500)]
    assert trials == (4,)
    assert "AUTOINCREMENT" in table[0]
    migrate(old)
    [seen] = TrialLedger(open_database(old)).opened(Segment(BITCOIN["bybit"], 450, 460))
    assert seen.market.source == UNKNOWN_SOURCE
