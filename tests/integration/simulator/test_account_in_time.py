"""The account while market time runs by itself: catching up, and in step with the wall clock."""

from decimal import Decimal

from src.domain.candle import Timeframe
from src.exchange.bybit.simulator_control import market_status
from src.simulator.account.model import AccountSettings
from src.simulator.clock import wall_now
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import (
    Follower,
    market_data,
    realtime_market,
    wait_until,
)
from tests.integration.simulator.private import signed_session

ACCOUNT = AccountSettings("key", "secret", Decimal(10_000))
MARKET = {
    "category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market",
    "qty": "0.01", "positionIdx": 0,
}  # fmt: skip
TRADES = {"category": "linear", "execType": "Trade"}
HOUR_MS = 3_600_000


def test_orders_are_filled_in_fast_history_and_then_in_real_time() -> None:
    feed, clock = realtime_market("BTCUSDT", speed=60_000.0)
    with BackgroundSimulator(feed, clock, account=ACCOUNT) as simulator:
        session = signed_session(simulator.url, "key", "secret")
        market = market_data(simulator.url)

        def executions() -> list[dict[str, str]]:
            return list(session.get_executions(**TRADES)["result"]["list"])

        session.place_order(**MARKET)
        assert executions() == []
        follower = Follower(market)
        follower.follow("BTCUSDT")
        wait_until(lambda: len(executions()) == 1)
        first = executions()[0]
        assert int(first["execTime"]) < wall_now() - HOUR_MS
        follower.wait_for(lambda _: market_status(simulator.url).caught_up)
        placed = wall_now()
        session.place_order(**MARKET)
        wait_until(lambda: executions()[0]["execId"] != first["execId"])
        second = executions()[0]
        assert placed - 2_000 <= int(second["execTime"]) <= wall_now()
        minute = int(first["execTime"]) // 60_000 * 60_000
        candle = market.candles("BTCUSDT", Timeframe.M1, minute, minute + 60_000)[0]
        assert candle.low <= float(first["execPrice"]) <= candle.high * 1.0002
        market.close()
        session.client.close()
