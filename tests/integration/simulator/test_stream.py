"""Candles and tickers over the stream, with the real pybit."""

import socket
import threading

from src.domain.candle import Candle, Tick, Timeframe
from src.exchange.bybit import StreamSettings
from src.exchange.bybit.simulator_control import market_status
from src.simulator.bars import DAY_MS
from src.simulator.clock import LockStepClock, wall_now
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import (
    PATIENT_WITH_SILENCE,
    Follower,
    market_data,
    realtime_market,
    wait_until,
)

START = 1_767_225_600_000


def test_the_last_three_days_are_played_and_then_the_market_is_real_time() -> None:
    feed, clock = realtime_market("BTCUSDT", speed=100_000.0)
    with BackgroundSimulator(feed, clock) as simulator:
        assert not market_status(simulator.url).caught_up
        market = market_data(simulator.url, PATIENT_WITH_SILENCE)
        before = market.candles("BTCUSDT", Timeframe.M5, wall_now() - 4 * DAY_MS, wall_now())
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for(lambda _: market_status(simulator.url).caught_up)
        caught_up_at = wall_now()
        follower.wait_for(
            lambda facts: isinstance(facts[-1], Tick) and facts[-1].time > caught_up_at
        )
        status = market_status(simulator.url)
        history = market.candles("BTCUSDT", Timeframe.M5, before[0].open_time, caught_up_at)
        market.close()
    assert status.anchor is not None
    assert abs(status.market_time - wall_now()) < 60_000
    streamed = follower.candles
    assert len(streamed) >= 863
    assert history[: len(before)] == before
    by_time = {candle.open_time: candle for candle in history}
    closed = [candle for candle in streamed if candle.open_time in by_time]
    assert closed == [by_time[candle.open_time] for candle in closed]
    assert set(by_time) - {candle.open_time for candle in before} <= {
        candle.open_time for candle in streamed
    }


def test_fast_history_shows_each_candle_by_at_most_six_ticks_that_hit_its_extremes() -> None:
    feed, clock = realtime_market("BTCUSDT", speed=100_000.0)
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for_candles(50)
        market.close()
    for candle in follower.candles[1:]:
        inside = [
            tick.last
            for tick in follower.ticks
            if candle.open_time <= tick.time < candle.close_time
        ]
        assert 1 <= len(inside) <= 6
        assert (max(inside), min(inside)) == (candle.high, candle.low)
        assert (inside[0], inside[-1]) == (candle.open, candle.close)


def test_every_tick_is_whole_although_only_changes_travel() -> None:
    feed, clock = realtime_market("BTCUSDT", speed=100_000.0)
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for(lambda facts: len(facts) > 200)
        market.close()
    times = [tick.time for tick in follower.ticks]
    assert times == sorted(times)
    assert len({tick.last for tick in follower.ticks}) > 50
    assert all(tick.mark > 0 and tick.bid < tick.last <= tick.ask for tick in follower.ticks)
    assert all(tick.next_funding_time > tick.time for tick in follower.ticks)


def test_facts_of_all_symbols_arrive_in_market_order() -> None:
    feed, clock = realtime_market("BTCUSDT", "ETHUSDT", "SOLUSDT", speed=100_000.0)
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow(*feed.symbols)
        follower.wait_for_candles(90)
        market.close()
    known_at = [
        fact.close_time if isinstance(fact, Candle) else fact.time
        for fact in follower.facts[len(feed.symbols) :]
    ]
    assert known_at == sorted(known_at)
    candles = follower.candles[:90]
    assert [candle.symbol for candle in candles] == list(feed.symbols) * 30


def test_the_stream_comes_back_after_the_exchange_was_gone() -> None:
    feed, clock = realtime_market("BTCUSDT")
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for(lambda facts: len(facts) >= 3)
    wait_until(lambda: not market.health().connected)
    with BackgroundSimulator(feed, clock, simulator.port):
        wait_until(lambda: market.health().connected)
        back_at = wall_now()
        follower.wait_for(lambda facts: isinstance(facts[-1], Tick) and facts[-1].time > back_at)
        assert market.health().reconnects >= 1
        market.close()


def test_a_stream_that_says_nothing_is_built_anew() -> None:
    feed = SyntheticFeed(("BTCUSDT",), 5, START)
    impatient = StreamSettings(
        ticker_deadline_ms=150, first_pause=0.02, longest_pause=0.05, check_every=0.02
    )
    with BackgroundSimulator(feed, LockStepClock(START, None)) as simulator:
        market = market_data(simulator.url, impatient)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        wait_until(lambda: market.health().reconnects >= 2)
        market.close()
    assert not market.health().connected


def test_an_exchange_that_is_not_there_yet_is_found_when_it_comes() -> None:
    feed, clock = realtime_market("BTCUSDT")
    with BackgroundSimulator(feed, clock) as first:
        port, url = first.port, first.url
    market = market_data(url)
    follower = Follower(market)
    market.subscribe(["BTCUSDT"], Timeframe.M5, lambda _: None)
    assert not market.health().connected
    with BackgroundSimulator(feed, clock, port):
        wait_until(lambda: market.health().connected)
        market.close()
    assert follower.facts == []


def test_an_exchange_that_accepts_but_never_speaks_is_given_up() -> None:
    before = set(threading.enumerate())
    hasty = StreamSettings(connect_timeout=0.1, first_pause=0.02, longest_pause=0.05)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        market = market_data(f"http://127.0.0.1:{mute.getsockname()[1]}", hasty)
        market.subscribe(["BTCUSDT"], Timeframe.M5, lambda _: None)
        callers = [mute.accept()[0] for _ in range(2)]
        assert not market.health().connected
        market.close()
        for caller in callers:
            caller.close()
    wait_until(lambda: set(threading.enumerate()) <= before)


def test_closing_ends_every_thread_and_may_be_repeated() -> None:
    before = set(threading.enumerate())
    feed, clock = realtime_market("BTCUSDT")
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        Follower(market).follow("BTCUSDT")
        market.close()
        market.close()
    wait_until(lambda: set(threading.enumerate()) <= before)
