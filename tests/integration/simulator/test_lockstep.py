"""A market that moves only when it is told to."""

import os
from pathlib import Path

import pytest

from src.domain.candle import Timeframe
from src.domain.errors import InvalidInput, Rejected, Unavailable
from src.exchange.bybit.simulator_control import market_status, step
from src.simulator.bars import DAY_MS
from src.simulator.clock import LockStepClock
from src.simulator.command import candle_files, lockstep_market
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import (
    PATIENT_WITH_SILENCE,
    Follower,
    market_data,
    realtime_market,
)

START = 1_767_225_600_000
RECORDED = os.environ.get("CANDLE_DATA_DIR")


def test_a_step_releases_one_candle_of_every_symbol_in_order() -> None:
    feed = SyntheticFeed(("SOLUSDT", "BTCUSDT"), 5, START)
    with BackgroundSimulator(feed, LockStepClock(START, None)) as simulator:
        market = market_data(simulator.url, PATIENT_WITH_SILENCE)
        follower = Follower(market)
        follower.follow("SOLUSDT", "BTCUSDT")
        for number in range(1, 4):
            answer = step(simulator.url)
            assert (answer.market_time, answer.finished) == (START + number * 300_000, False)
            follower.wait_for_candles(2 * number)
        served = market.candles("BTCUSDT", Timeframe.M5, START, START + DAY_MS)
        market.close()
    assert [candle.symbol for candle in follower.candles] == ["SOLUSDT", "BTCUSDT"] * 3
    assert [candle for candle in follower.candles if candle.symbol == "BTCUSDT"] == served


def test_nothing_later_than_the_clock_is_served_before_the_step() -> None:
    feed = SyntheticFeed(("BTCUSDT",), 5, START)
    with BackgroundSimulator(feed, LockStepClock(START, None)) as simulator:
        market = market_data(simulator.url, PATIENT_WITH_SILENCE)
        before = market.candles("BTCUSDT", Timeframe.M5, START - DAY_MS, START + DAY_MS)
        step(simulator.url)
        after = market.candles("BTCUSDT", Timeframe.M5, START - DAY_MS, START + DAY_MS)
        market.close()
    assert before[-1].close_time == START
    assert after[:-1] == before
    assert after[-1].open_time == START


def test_a_follower_that_comes_back_misses_nothing_when_nobody_stepped() -> None:
    feed = SyntheticFeed(("BTCUSDT",), 5, START)
    with BackgroundSimulator(feed, LockStepClock(START, None)) as simulator:
        times = []
        for _ in range(3):
            market = market_data(simulator.url, PATIENT_WITH_SILENCE)
            follower = Follower(market)
            follower.follow("BTCUSDT")
            step(simulator.url)
            follower.wait_for_candles(1)
            times.append(follower.candles[0].open_time)
            market.close()
    assert times == [START, START + 300_000, START + 600_000]


def test_the_status_tells_mode_and_clock() -> None:
    feed = SyntheticFeed(("BTCUSDT", "ETHUSDT"), 5, START)
    with BackgroundSimulator(feed, LockStepClock(START, None)) as simulator:
        status = market_status(simulator.url)
    assert (status.mode, status.market_time, status.anchor) == ("lockstep", START, None)
    assert (status.seed, status.symbols, status.caught_up) == (5, ("BTCUSDT", "ETHUSDT"), False)


def test_a_real_time_market_cannot_be_stepped() -> None:
    with BackgroundSimulator(*realtime_market()) as simulator:
        with pytest.raises(Rejected, match="lock-step"):
            step(simulator.url)
        url = simulator.url
    with pytest.raises(Unavailable):
        market_status(url)


def test_a_start_outside_the_candles_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "candles.csv"
    file.write_text(
        "timestamp,open,high,low,close,volume\n300000,1,1,1,1,1\n600000,1,1,1,1,1\n"
        "900000,1,1,1,1,1\n"
    )
    files = candle_files([f"XYZUSDT={file}"])
    with pytest.raises(InvalidInput, match="inside the candles"):
        lockstep_market(files, [], None, 300_000)
    feed, clock = lockstep_market(files, [], None, 600_000)
    assert feed.symbols == ("XYZUSDT",)
    assert [clock.step(), clock.step(), clock.finished] == [900_000, 1_200_000, True]


def test_a_replay_ends_where_it_is_told_to() -> None:
    _, clock = lockstep_market({}, ["BTCUSDT"], 1, START, START + 600_000)
    assert [clock.step(), clock.finished, clock.step(), clock.finished] == [
        START + 300_000,
        False,
        START + 600_000,
        True,
    ]


def test_candles_are_named_by_symbol_and_path() -> None:
    assert candle_files(["A=x=y.csv"]) == {"A": Path("x=y.csv")}
    for wrong in ("A", "=x", "A="):
        with pytest.raises(InvalidInput, match="SYMBOL=path"):
            candle_files([wrong])


@pytest.mark.skipif(RECORDED is None, reason="CANDLE_DATA_DIR is not set")
def test_recorded_candles_arrive_exactly_as_they_were_written() -> None:
    (file,) = Path(RECORDED or "").glob("bybit_linear_BTCUSDT_5m_*.csv")
    rows = [line.split(",") for line in file.read_text().splitlines()[1:20_001]]
    start = int(rows[18_000][0])
    feed, clock = lockstep_market({"BTCUSDT": file}, [], None, start)
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url, PATIENT_WITH_SILENCE)
        candles = market.candles("BTCUSDT", Timeframe.M5, int(rows[0][0]), start)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        for _ in range(20):
            step(simulator.url)
        follower.wait_for_candles(20)
        market.close()
    received = candles + follower.candles
    assert [
        (str(candle.open_time), candle.open, candle.high, candle.low, candle.close, candle.volume)
        for candle in received
    ] == [(row[0], *map(float, row[1:])) for row in rows[:18_020]]
