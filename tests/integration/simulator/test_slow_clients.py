"""Clients that do not read what they are sent."""

import gc
import socket

import websocket

from src.simulator.clock import wall_now
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import Follower, market_data, realtime_market
from tests.integration.simulator.private_line import Line

NARROW = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096),)


def test_the_exchange_stops_although_a_client_has_stopped_reading() -> None:
    began = wall_now()
    feed, clock = realtime_market("BTCUSDT")
    with BackgroundSimulator(feed, clock) as simulator:
        address = simulator.url.replace("http", "ws") + "/v5/public/linear"
        deaf = websocket.create_connection(
            address, timeout=60, http_no_proxy=["127.0.0.1"], sockopt=NARROW
        )
        assert Line(deaf).ask("subscribe", "tickers.BTCUSDT", "kline.1.BTCUSDT")["success"]
        market = market_data(simulator.url)
        follower = Follower(market)
        follower.follow("BTCUSDT")
        follower.wait_for(lambda _: any(tick.time > began for tick in follower.ticks[-1:]))
        market.close()
    deaf.close()
    gc.collect()  # a connection left open would be warned of here
