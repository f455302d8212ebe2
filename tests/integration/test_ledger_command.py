"""`flask ledger check` in a folder of its own: it ties, or says where it does not and fails."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from src.database import SqlJournal, migrate, open_database
from src.domain.events import EquityPoint, StepRecord, TradeClosed
from src.exchange.paper import PaperBroker, TradingCosts
from tests.commands import flask
from tests.unit.database.facts import START, closed, exit_fill, open_trade
from tests.unit.database.journals import opening


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "FLASK_ENV": "development",
        "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789",
        "MARKET_DATA": "simulator",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'trading.db'}",
        "DATA_DIRECTORY": str(tmp_path),
    }


def trade_once(url: str, missing: str = "0") -> Decimal:
    """One closed trade from 1,000 on, and a venue that lacks `missing`; the net result."""
    migrate(url)
    database = open_database(url)
    journal = SqlJournal(database, "simulator")
    fill = exit_fill(1, "98.70", START + 60_000)
    trade = closed(open_trade(1), fill)
    wallet = 1000 + trade.realized_pnl - Decimal(missing)
    state = PaperBroker({}, TradingCosts(), wallet, Decimal(10)).snapshot()
    begun = EquityPoint(START, Decimal(1000), Decimal(1000))
    journal.commit(StepRecord(START, changes=opening(1), equity=begun))
    journal.commit(StepRecord(START, changes=(TradeClosed(trade, fill),), venue_state=state))
    database.dispose()
    return trade.realized_pnl


def test_a_ledger_that_ties_is_printed_and_passes(environment: dict[str, str]) -> None:
    net = trade_once(environment["DATABASE_URL"])
    done = flask(environment, "ledger", "check")
    assert done.exit_code == 0, done.stderr
    [row] = [row.split() for row in done.stdout.splitlines() if row.startswith("o1 ")]
    assert row[1:3] == ["BTCUSDT", "closed"]
    assert row[-1] == f"{net:+.8f}"
    assert "1 trade ties to the wallet to the cent." in done.stdout


def test_a_ledger_that_does_not_tie_says_so_and_fails(environment: dict[str, str]) -> None:
    trade_once(environment["DATABASE_URL"], missing="0.02")
    done = flask(environment, "ledger", "check")
    assert done.exit_code == 1
    assert "-0.0200" in done.stderr
    assert "unexplained" in done.stderr
