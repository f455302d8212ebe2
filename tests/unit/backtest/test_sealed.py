"""The last share of the time is kept, and something must be left before it."""

from pathlib import Path

import pytest

from src.backtest.history import Market
from src.backtest.request import BacktestRequest
from src.backtest.sealed import seal, span
from src.backtest.trial_records import TrialRecords
from src.database import TrialLedger, migrate, open_database
from src.domain.candle import DAY_MS
from src.domain.errors import InvalidInput
from tests.unit.backtest.market import INSTRUMENTS, TIMEFRAME, market

SYMBOLS = ("BTCUSDT",)
CANDLES = market(SYMBOLS, days=10)
FIRST = int(CANDLES["BTCUSDT"].time[0])


@pytest.fixture
def records(tmp_path: Path) -> TrialRecords:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    everything = Market(CANDLES, INSTRUMENTS, "bybit")
    return TrialRecords(TrialLedger(open_database(url)), "study", everything, lambda: 0)


def test_the_seal_begins_with_a_day_and_reaches_to_the_end(records: TrialRecords) -> None:
    kept = seal(BacktestRequest(SYMBOLS), CANDLES, 0.25, records)
    assert kept.segment.market.source == "bybit"
    assert kept.segment.begins_at == FIRST + 7 * DAY_MS
    assert kept.segment.ends_at == FIRST + 10 * DAY_MS
    assert seal(BacktestRequest(SYMBOLS), CANDLES, 0.0, records).is_empty


def test_nothing_after_the_end_asked_for_is_counted(records: TrialRecords) -> None:
    """Files are read whole, whatever the dates."""
    asked = BacktestRequest(SYMBOLS, start=FIRST + DAY_MS, end=FIRST + 5 * DAY_MS)
    assert span(asked, CANDLES) == (asked.start, asked.end)
    assert seal(asked, CANDLES, 0.25, records).segment.begins_at == FIRST + 4 * DAY_MS


def test_a_single_candle_is_a_span() -> None:
    one = {"BTCUSDT": CANDLES["BTCUSDT"].part(0, 1)}
    assert span(BacktestRequest(SYMBOLS), one) == (FIRST, FIRST + TIMEFRAME.milliseconds)


def test_what_leaves_nothing_is_refused_by_name(records: TrialRecords) -> None:
    day = BacktestRequest(SYMBOLS, start=FIRST + 9 * DAY_MS)
    with pytest.raises(InvalidInput, match="before the sealed part"):
        seal(day, CANDLES, 0.5, records)
    for start in (FIRST + 10 * DAY_MS, FIRST + 20 * DAY_MS):
        with pytest.raises(InvalidInput, match="No candle closes"):
            span(BacktestRequest(SYMBOLS, start=start), CANDLES)
    with pytest.raises(InvalidInput, match="There are no 5m candles"):
        span(BacktestRequest(SYMBOLS), {})
