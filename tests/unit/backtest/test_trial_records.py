"""Every outcome goes into the ledger; a sealed segment is looked at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from src.backtest.history import Market
from src.backtest.trial import Trial, fingerprint
from src.backtest.trial_records import TrialRecords
from src.database import TrialLedger, migrate, open_database
from src.database.trial_ledger import Segment
from src.domain.errors import Conflict, InvalidInput
from tests.unit.backtest.invented import BASE, outcome, trial
from tests.unit.backtest.market import INSTRUMENTS, market

CANDLES = market(("BTCUSDT",), days=1)
MARKET = Market(CANDLES, INSTRUMENTS, "bybit")


def test_outcomes_are_written_with_all_they_rest_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    database = open_database(url)
    ledger = TrialLedger(database)
    records = TrialRecords(ledger, "study", MARKET, now=lambda: 77)
    records.keep("optimise", [outcome(BASE, 0.001), outcome(trial(setup_bars=30), 0.002)])
    first, second = ledger.study("study")
    assert first.identity == BASE.identity()
    assert first.data_fingerprint == second.data_fingerprint == fingerprint(CANDLES)
    assert first.figures["expectancy_in_r"] == {"value": pytest.approx(0.1), "n": 50}
    assert second.parameters == trial(setup_bars=30).description()
    assert first.market.source == "bybit"
    assert records.tried(BASE.request).count == 2
    segment = Segment(records.market_of(BASE.request), 10, 20)
    another = TrialRecords(ledger, "another study", MARKET, now=lambda: 78)
    assert (records.earlier_readers(segment), another.earlier_readers(segment)) == (0, 2)
    before, after = (replace(BASE.request, start=a, end=b) for a, b in ((0, 10), (20, 30)))
    records.keep("optimise", [outcome(Trial(one), 0.001) for one in (before, after)])
    assert another.earlier_readers(segment) == 2
    records.open_sealed(segment, outcome(BASE, 0.001))
    records.refuse_opened(segment)
    with pytest.raises(Conflict):
        another.open_sealed(segment, outcome(BASE, 0.001))
    with pytest.raises(Conflict, match="opened before on Bybit's candles"):
        another.refuse_opened(segment)
    with pytest.raises(InvalidInput, match="Nothing is sealed"):
        records.refuse_opened(Segment(segment.market, 20, 20))
    generated = TrialRecords(ledger, "third", replace(MARKET, source="simulator"), lambda: 79)
    elsewhere = Segment(generated.market_of(BASE.request), 10, 20)
    generated.refuse_opened(elsewhere)
    assert generated.earlier_readers(elsewhere) == generated.tried(BASE.request).count == 0
    assert [one.purpose for one in ledger.latest(9)] == ["sealed", *["optimise"] * 4]
    database.dispose()
