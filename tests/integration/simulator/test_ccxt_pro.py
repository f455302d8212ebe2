"""The real ccxt.pro against the simulator's streams."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import ccxt.pro
import pytest

from src.simulator.account.model import AccountSettings
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.ccxt_wiring import PERPETUAL, point_to
from tests.integration.simulator.following import realtime_market, wait_until

ACCOUNT = AccountSettings("key", "secret", Decimal(100_000))
DEADLINE = 60
_PRIVATE = ("orders", "myTrades", "positions", "balances")

Watching = Callable[[Any], Awaitable[None]]


def run(watching: Watching) -> None:
    """Watch with a connected ccxt.pro in a loop of its own."""
    feed, clock = realtime_market("BTCUSDT")
    clock.kline_subscribed()
    wait_until(lambda: clock.caught_up)
    with BackgroundSimulator(feed, clock, account=ACCOUNT) as simulator:

        async def connected() -> None:
            exchange = ccxt.pro.bybit({"apiKey": "key", "secret": "secret"})
            point_to(exchange, simulator.url)
            try:
                async with asyncio.timeout(DEADLINE):
                    await watching(exchange)
            finally:
                await exchange.close()

        asyncio.run(connected())


def test_candles_ticker_book_and_trades_are_watched() -> None:
    async def watching(exchange: Any) -> None:
        candle = (await exchange.watch_ohlcv(PERPETUAL, "1m"))[-1]
        ticker = await exchange.watch_ticker(PERPETUAL)
        book = await exchange.watch_order_book(PERPETUAL)
        trade = (await exchange.watch_trades(PERPETUAL))[-1]
        assert candle[3] <= ticker["last"] * 1.01
        assert book["bids"][0][0] < book["asks"][0][0]
        assert trade["amount"] > 0

    run(watching)


@pytest.mark.parametrize("depth", [1, 50])
def test_a_book_stays_in_order_through_its_deltas(depth: int) -> None:
    async def watching(exchange: Any) -> None:
        for _ in range(3):
            book = await exchange.watch_order_book(PERPETUAL, depth)
            bids, asks = ([price for price, _ in book[side]] for side in ("bids", "asks"))
            assert bids == sorted(bids, reverse=True)
            assert asks == sorted(asks)
            assert bids[0] < asks[0]
            assert len(bids) == len(asks) == min(depth, 25)

    run(watching)


def test_orders_fills_positions_and_wallet_are_watched() -> None:
    async def watching(exchange: Any) -> None:
        watched = [
            asyncio.create_task(watch)
            for watch in (
                exchange.watch_orders(PERPETUAL),
                exchange.watch_my_trades(PERPETUAL),
                exchange.watch_balance(),
            )
        ]
        assert await exchange.watch_positions([PERPETUAL]) == []
        positions = asyncio.create_task(exchange.watch_positions([PERPETUAL]))
        while not all(_subscribed(exchange, name) for name in _PRIVATE):
            await asyncio.sleep(0.02)
        made = await exchange.create_order(PERPETUAL, "market", "buy", 0.02)
        orders, fills, balance = [await task for task in watched]
        assert orders[-1]["id"] == fills[-1]["order"] == made["id"]
        assert balance["USDT"]["total"] <= 100_000
        assert (await positions)[-1]["contracts"] == 0.02

    run(watching)


def _subscribed(exchange: Any, name: str) -> bool:
    keys = (key for client in exchange.clients.values() for key in client.subscriptions)
    return any(key.startswith(name) for key in keys)
