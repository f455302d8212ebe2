"""Every trial is written down for good, and a sealed segment is opened once."""

from dataclasses import replace

import pytest

from src.database import Database, TrialLedger
from src.database.trial_ledger import ALTERED, Market, Segment, TrialEntry, Tried
from src.database.trial_tables import UNKNOWN_SOURCE
from src.domain.errors import Conflict

MARKET = Market(("BTCUSDT", "ETHUSDT"), "5m", "bybit")
ENTRY = TrialEntry(
    purpose="optimise",
    study="study-1",
    market=MARKET,
    identity="a" * 64,
    data_fingerprint="d" * 64,
    parameters={"confluence_threshold": 60.0, "models": ["fvg_retrace"]},
    trade_count=41,
    daily_sharpe=0.05,
    figures={"net": {"value": 12.5, "n": 41}},
    first_day=20_000,
    daily_returns=(0.01, -0.02, 0.0),
)


@pytest.fixture
def ledger(database: Database) -> TrialLedger:
    return TrialLedger(database)


def test_a_trial_comes_back_as_it_was_written(ledger: TrialLedger) -> None:
    ledger.append([ENTRY], now=5)
    [stored] = ledger.latest(10)
    assert stored == replace(ENTRY, daily_returns=[0.01, -0.02, 0.0])
    assert ledger.study("study-1") == [stored]
    assert ledger.study("another") == []


def test_a_study_keeps_the_order_in_which_it_ran(ledger: TrialLedger) -> None:
    ledger.append([replace(ENTRY, identity=name) for name in "cab"], now=5)
    assert [entry.identity for entry in ledger.study("study-1")] == ["c", "a", "b"]
    assert [entry.identity for entry in ledger.latest(2)] == ["b", "a"]


def test_what_was_tried_counts_the_same_question_once(ledger: TrialLedger) -> None:
    ledger.append([ENTRY, replace(ENTRY, study="again", daily_sharpe=0.07)], now=5)
    ledger.append([replace(ENTRY, identity="b", daily_sharpe=None)], now=6)
    ledger.append([replace(ENTRY, market=Market(("SOLUSDT",), "5m", "bybit"))], now=7)
    ledger.append([replace(ENTRY, identity="c", purpose=ALTERED)], now=8)
    assert ledger.tried(MARKET) == Tried(2, (0.07,))
    assert ledger.tried(Market(("ETHUSDT", "BTCUSDT"), "5m", "bybit")).count == 2
    assert ledger.tried(Market(("BTCUSDT",), "5m", "bybit")) == Tried(0, ())


def of(source: str, market: Market = MARKET) -> Market:
    """The same market, traded on the candles of another source."""
    return replace(market, source=source)


def test_a_trial_counts_for_its_own_source_and_where_nobody_said_for_every(
    ledger: TrialLedger,
) -> None:
    for source, ratio in (("bybit", 0.1), ("simulator", 0.2), (UNKNOWN_SOURCE, 0.3)):
        ledger.append(
            [replace(ENTRY, market=of(source), identity=source, daily_sharpe=ratio)], now=5
        )
    assert ledger.tried(MARKET) == Tried(2, (0.1, 0.3))
    assert ledger.tried(of("simulator")) == Tried(2, (0.2, 0.3))
    assert ledger.tried(of(UNKNOWN_SOURCE)) == Tried(3, (0.1, 0.2, 0.3))


def test_the_same_question_on_other_candles_has_an_answer_of_its_own(ledger: TrialLedger) -> None:
    ledger.append([ENTRY, replace(ENTRY, market=of("simulator"), daily_sharpe=9.0)], now=5)
    assert ledger.tried(MARKET) == Tried(1, (0.05,))
    assert ledger.tried(of("simulator")) == Tried(1, (9.0,))


def test_whoever_read_one_of_the_symbols_has_read_candles_of_the_market(
    ledger: TrialLedger,
) -> None:
    ledger.append([ENTRY, replace(ENTRY, market=Market(("SOLUSDT",), "5m", "bybit"))], now=5)
    ledger.append([replace(ENTRY, market=of("simulator"), study="generated")], now=6)
    bitcoin = Market(("BTCUSDT",), "5m", "bybit")
    assert ledger.asked(bitcoin) == [ENTRY.parameters]
    assert ledger.asked(bitcoin, but_by=ENTRY.study) == []
    assert len(ledger.asked(of(UNKNOWN_SOURCE, bitcoin))) == 2
    assert ledger.asked(replace(bitcoin, symbols=("BTC",))) == []


class TestSealedSegment:
    SEGMENT = Segment(MARKET, 1_000, 2_000)

    def test_it_is_opened_once_and_what_was_seen_is_kept(self, ledger: TrialLedger) -> None:
        assert ledger.opened(self.SEGMENT) == []
        ledger.open_segment(self.SEGMENT, ENTRY, now=9)
        assert [one.market.symbols for one in ledger.opened(self.SEGMENT)] == [
            ("BTCUSDT",),
            ("ETHUSDT",),
        ]
        for other in (replace(ENTRY, study="another"), replace(ENTRY, identity="another")):
            with pytest.raises(Conflict, match="opened before"):
                ledger.open_segment(self.SEGMENT, other, now=10)
        assert len(ledger.latest(10)) == 1

    def test_who_was_interrupted_sees_again_what_he_saw(self, ledger: TrialLedger) -> None:
        ledger.open_segment(self.SEGMENT, ENTRY, now=9)
        assert ledger.opened(self.SEGMENT, but_by=ENTRY.study) == []
        ledger.open_segment(self.SEGMENT, ENTRY, now=10)
        assert len(ledger.opened(self.SEGMENT)) == 2
        assert len(ledger.latest(10)) == 1

    @pytest.mark.parametrize(
        ("begins_at", "ends_at", "symbol", "seen"),
        [
            (1_999, 3_000, "BTCUSDT", True),
            (500, 1_001, "ETHUSDT", True),
            (2_000, 3_000, "BTCUSDT", False),
            (500, 1_000, "ETHUSDT", False),
            (1_000, 2_000, "SOLUSDT", False),
        ],
    )
    def test_any_shared_time_of_a_shared_symbol_has_been_seen(
        self, ledger: TrialLedger, begins_at: int, ends_at: int, symbol: str, seen: bool
    ) -> None:
        ledger.open_segment(self.SEGMENT, ENTRY, now=9)
        other = Segment(Market((symbol,), "5m", "bybit"), begins_at, ends_at)
        assert bool(ledger.opened(other)) is seen
        assert ledger.opened(replace(other, market=Market((symbol,), "1h", "bybit"))) == []

    @pytest.mark.parametrize(
        ("opened", "asked", "seen"),
        [
            ("bybit", "bybit", True),
            ("simulator", "bybit", False),
            (UNKNOWN_SOURCE, "bybit", True),
            ("simulator", UNKNOWN_SOURCE, True),
        ],
    )
    def test_generated_candles_do_not_spend_the_seal_of_real_ones(
        self, ledger: TrialLedger, opened: str, asked: str, seen: bool
    ) -> None:
        there = replace(self.SEGMENT, market=of(opened))
        ledger.open_segment(there, replace(ENTRY, market=of(opened)), now=9)
        here, entry = replace(self.SEGMENT, market=of(asked)), replace(ENTRY, market=of(asked))
        assert [one.market.source for one in ledger.opened(here)] == [opened] * 2 * seen
        if seen:
            with pytest.raises(Conflict):
                ledger.open_segment(here, replace(entry, study="another"), now=10)
        else:
            ledger.open_segment(here, replace(entry, study="another"), now=10)
            assert len(ledger.opened(replace(here, market=of(UNKNOWN_SOURCE)))) == 4
