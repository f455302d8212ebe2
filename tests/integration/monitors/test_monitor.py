"""The monitor on a market that loses, repeats and delays candles; database and venue are real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.domain.candle import DAY_MS, Candle, Timeframe
from src.monitors.contract_watch import EVERY_MS
from src.monitors.monitor import STALE_DATA
from tests.integration.monitors.running import START, STEP, SYMBOLS, Running
from tests.product import wait_until


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    monitor = Running(tmp_path)
    monitor.start()
    yield monitor
    monitor.stop()
    monitor.database.dispose()


def candles(running: Running, index: int) -> list[Candle]:
    """Both symbols' candle number `index` after the start, which is now closed."""
    time = START + index * STEP
    running.market.closed_until = time + STEP
    return [running.market.candle(symbol, time) for symbol in SYMBOLS]


def test_the_warm_up_is_stored_before_anything_is_traded(running: Running) -> None:
    stored = running.journal.candles("BTCUSDT", Timeframe.M5)
    assert [c.open_time for c in stored] == list(range(START - 2 * DAY_MS, START, STEP))


def test_repeated_candles_are_stored_once(running: Running) -> None:
    bitcoin, ether = candles(running, 0)
    running.market.deliver(bitcoin, bitcoin, ether, ether, bitcoin)
    wait_until(lambda: running.stored("ETHUSDT") == [0], 60, "the candle")
    assert running.stored("BTCUSDT") == [0]


def test_a_hole_in_the_stream_is_filled_over_rest_before_the_next_candle_counts(
    running: Running,
) -> None:
    for index in range(3):
        both = candles(running, index)
    running.market.deliver(*both)
    wait_until(lambda: running.stored("ETHUSDT") == [0, 1, 2], 60, "the hole to be filled")
    assert running.stored("BTCUSDT") == [0, 1, 2]
    assert running.equity_times() == [START + STEP, START + 2 * STEP, START + 3 * STEP]
    assert ("BTCUSDT", START, START + 2 * STEP) in running.market.asked


def test_candles_missed_while_it_was_away_are_each_processed_at_their_own_time(
    running: Running,
) -> None:
    running.stop()
    for index in range(3):
        candles(running, index)
    running.start()
    assert running.stored("BTCUSDT") == running.stored("ETHUSDT") == [0, 1, 2]
    assert running.equity_times() == [START + STEP, START + 2 * STEP, START + 3 * STEP]


def test_a_symbol_whose_candle_is_late_is_asked_for_after_a_moment(running: Running) -> None:
    bitcoin, _ = candles(running, 0)
    running.market.deliver(bitcoin)
    assert running.stored("BTCUSDT") == []

    def a_moment_later() -> bool:
        running.clock.advance(4_000)
        return running.stored("ETHUSDT") == [0]

    wait_until(a_moment_later, 60, "the late candle")
    assert running.stored("BTCUSDT") == [0]


def test_silence_pauses_entries_until_the_market_speaks_again(running: Running) -> None:
    running.market.reachable = False
    running.clock.advance(20_000)
    wait_until(lambda: running.shown("state") == "stale", 60, "the silence to be noticed")
    assert running.shown("entriesPaused") == STALE_DATA
    running.market.reachable = True
    running.market.deliver(*candles(running, 0))
    wait_until(lambda: running.shown("state") == "running", 60, "the monitor to recover")
    wait_until(lambda: running.stored("ETHUSDT") == [0], 60, "the candle")
    assert running.shown("entriesPaused") is None


def test_changed_rules_of_a_contract_make_the_monitor_start_again(running: Running) -> None:
    """Bybit changes largest quantities twice a month; orders by the old ones would be refused."""
    running.market.max_quantity /= 2
    running.clock.advance(EVERY_MS)
    wait_until(lambda: running.shown("state") == "stopped", 60, "the monitor to end")
    assert "changed the rules of BTCUSDT, ETHUSDT" in str(running.shown("detail"))
    running.start()


def test_a_contract_that_is_no_longer_listed_takes_no_entries_and_others_go_on(
    running: Running,
) -> None:
    def quarantined() -> object:
        running.clock.advance(EVERY_MS)
        return running.shown("quarantined")

    gone = {"symbol": "ETHUSDT", "reason": "ETHUSDT is no longer listed; take it out of SYMBOLS."}
    running.market.unlisted = {"ETHUSDT"}
    wait_until(lambda: quarantined() == [gone], 60, "the quarantine")
    running.market.unlisted = set()
    wait_until(lambda: quarantined() == [], 60, "the release")
