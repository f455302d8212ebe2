"""Candles and trading rules over HTTP, with the real pybit."""

from collections import defaultdict

import pytest
from pybit.unified_trading import HTTP

from src.domain.candle import Candle, Timeframe
from src.domain.errors import Rejected, Unavailable
from src.exchange.bybit import bybit_answers, simulator_environment
from src.simulator.bars import DAY_MS, INTERVALS, aggregate
from src.simulator.clock import LockStepClock, wall_now
from src.simulator.synthetic import SyntheticFeed
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import market_data, realtime_market, wait_until

START = 1_767_225_600_000 + 5 * 3_600_000


def still_market() -> tuple[SyntheticFeed, LockStepClock]:
    return SyntheticFeed(("BTCUSDT", "ETHUSDT", "SOLUSDT"), 5, START), LockStepClock(START, None)


def pybit_session(url: str) -> HTTP:
    session = HTTP(testnet=False)
    session.endpoint = url
    session.client.trust_env = False
    return session


def test_long_histories_come_in_pages_without_gap_or_duplicate() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        candles = market.candles("ETHUSDT", Timeframe.M5, START - 11 * DAY_MS, START + DAY_MS)
        market.close()
    expected = aggregate(feed.bars("ETHUSDT", START - 11 * DAY_MS, START), 300_000)
    assert [candle.open_time for candle in candles] == expected.time.tolist()
    assert len(candles) == 11 * 288
    for field in ("open", "high", "low", "close"):
        assert [getattr(candle, field) for candle in candles] == pytest.approx(
            getattr(expected, field).tolist(), rel=1e-12
        )


@pytest.mark.parametrize("timeframe", list(Timeframe))
def test_every_timeframe_agrees_with_the_minutes_it_is_made_of(timeframe: Timeframe) -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        start = START - START % DAY_MS - 2 * DAY_MS
        candles = market.candles("BTCUSDT", timeframe, start, START)
        minutes = market.candles("BTCUSDT", Timeframe.M1, start, START)
        market.close()
    assert len(candles) == (START - start) // timeframe.milliseconds
    made_of: dict[int, list[Candle]] = defaultdict(list)
    for minute in minutes:
        made_of[timeframe.open_time(minute.open_time)].append(minute)
    for candle in candles:
        inside = made_of[candle.open_time]
        assert candle.open == inside[0].open
        assert candle.close == inside[-1].close
        assert candle.high == max(minute.high for minute in inside)
        assert candle.low == min(minute.low for minute in inside)
        assert candle.volume == pytest.approx(sum(minute.volume for minute in inside))


def test_in_real_time_row_zero_is_the_open_candle_and_the_client_leaves_it_out() -> None:
    feed, clock = realtime_market()
    clock.kline_subscribed()
    wait_until(lambda: clock.caught_up)
    with BackgroundSimulator(feed, clock) as simulator:
        rows = pybit_session(simulator.url).get_kline(
            category="linear", symbol="BTCUSDT", interval="5", limit=3
        )["result"]["list"]
        market = market_data(simulator.url)
        candles = market.candles("BTCUSDT", Timeframe.M5, wall_now() - DAY_MS, wall_now() + DAY_MS)
        server_time = market.server_time()
        market.close()
    assert int(rows[0][0]) + 300_000 > server_time - 10_000
    assert [int(row[0]) for row in rows] == sorted((int(row[0]) for row in rows), reverse=True)
    assert all(isinstance(text, str) for row in rows for text in row)
    assert candles[-1].close_time <= server_time


def test_behind_the_wall_clock_only_closed_candles_are_served() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        session = pybit_session(simulator.url)
        rows = session.get_kline(category="linear", symbol="BTCUSDT", interval="60")["result"]
        newest = int(rows["list"][0][0])
        assert newest + 3_600_000 == START
        beyond = session.get_kline(
            category="linear", symbol="BTCUSDT", interval="5", start=START, end=START + DAY_MS
        )
    assert beyond["result"]["list"] == []


def test_start_alone_pages_forward_and_end_alone_pages_backward() -> None:
    feed, clock = still_market()
    start = START - DAY_MS
    with BackgroundSimulator(feed, clock) as simulator:
        session = pybit_session(simulator.url)
        ask = {"category": "linear", "symbol": "BTCUSDT", "interval": "5", "limit": 4}
        forward = session.get_kline(**ask, start=start)["result"]["list"]
        backward = session.get_kline(**ask, end=start)["result"]["list"]
    assert [int(row[0]) for row in forward] == [start + index * 300_000 for index in (3, 2, 1, 0)]
    assert [int(row[0]) for row in backward] == [start - index * 300_000 for index in (0, 1, 2, 3)]


def test_instruments_come_in_pages_by_cursor() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        session = pybit_session(simulator.url)
        seen, cursor = [], None
        while True:
            result = session.get_instruments_info(category="linear", limit=2, cursor=cursor)[
                "result"
            ]
            seen += [row["symbol"] for row in result["list"]]
            cursor = result["nextPageCursor"]
            if not cursor:
                break
            assert "%" in cursor
    assert seen == ["BTCUSDT", "ETHUSDT", "SOLUSDT"]


def test_an_unknown_symbol_is_rejected_by_name() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        market = market_data(simulator.url)
        with pytest.raises(Rejected, match="NOPEUSDT"):
            market.instruments(["BTCUSDT", "NOPEUSDT"])
        with pytest.raises(Rejected, match="Symbol Is Invalid"):
            market.candles("NOPEUSDT", Timeframe.M5, START - DAY_MS, START)
        market.close()


@pytest.mark.parametrize(
    "wrong", [{"interval": "7"}, {"limit": 1001}, {"start": "soon"}, {"category": "spot"}]
)
def test_a_wrong_parameter_is_code_10001(wrong: dict[str, object]) -> None:
    feed, clock = still_market()
    ask = {"category": "linear", "symbol": "BTCUSDT", "interval": "5", **wrong}
    with BackgroundSimulator(feed, clock) as simulator:
        answer = pybit_session(simulator.url).client.get(
            f"{simulator.url}/v5/market/kline", params={name: str(v) for name, v in ask.items()}
        )
    assert answer.status_code == 200
    content = answer.json()
    assert content["retCode"] == 10001
    assert set(content) == {"retCode", "retMsg", "result", "retExtInfo", "time"}


def test_prices_carry_the_decimals_of_the_tick_and_integers_are_integers() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        session = pybit_session(simulator.url)
        ticker = session.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]
        rules = session.get_instruments_info(category="linear", symbol="SOLUSDT")["result"]["list"]
    assert all(isinstance(text, str) for text in ticker.values())
    assert len(ticker["lastPrice"].partition(".")[2]) == 2
    assert ticker["openInterestValue"]
    assert type(rules[0]["fundingInterval"]) is int
    assert set(INTERVALS) >= {"1", "D"}


def test_a_restarted_market_serves_identical_candles() -> None:
    histories = []
    for _ in range(2):
        feed, clock = still_market()
        with BackgroundSimulator(feed, clock) as simulator:
            market = market_data(simulator.url)
            histories.append(market.candles("SOLUSDT", Timeframe.M15, START - 3 * DAY_MS, START))
            market.close()
    assert histories[0] == histories[1]


def test_whether_an_exchange_answers_is_a_plain_yes_or_no() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        environment = simulator_environment(simulator.url)
        assert bybit_answers(environment, 5.0)
    assert not bybit_answers(environment, 1.0)


def test_a_market_that_is_not_there_is_unavailable() -> None:
    feed, clock = still_market()
    with BackgroundSimulator(feed, clock) as simulator:
        url = simulator.url
    market = market_data(url)
    with pytest.raises(Unavailable, match="cannot be reached"):
        market.server_time()
    market.close()
