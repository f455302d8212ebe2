"""Bybit's JSON in the domain's words."""

from decimal import Decimal
from typing import Any

import pytest

from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle
from src.exchange.bybit.environment import DEMO, LIVE, TESTNET, simulator_environment
from src.exchange.bybit.stream import StreamSettings
from src.exchange.bybit.translate import (
    INTERVAL_OF,
    candle_of_row,
    candles_of_push,
    instrument_of,
    tick_of_push,
)


def kline_push(confirm: bool, low: str = "99.5") -> dict[str, Any]:
    row = {
        "start": 300_000, "end": 599_999, "interval": "5", "open": "100", "close": "101",
        "high": "102", "low": low, "volume": "3.5", "turnover": "350", "confirm": confirm,
        "timestamp": 600_000,
    }  # fmt: skip
    return {"topic": "kline.5.BTCUSDT", "data": [row], "ts": 600_000, "type": "snapshot"}


def test_only_a_confirmed_candle_is_a_fact() -> None:
    assert candles_of_push(kline_push(confirm=False)) == []
    expected = Candle("BTCUSDT", Timeframe.M5, 300_000, 100, 102, 99.5, 101, 3.5)
    assert candles_of_push(kline_push(confirm=True)) == [expected]


def test_an_impossible_candle_is_refused() -> None:
    with pytest.raises(InvalidCandle):
        candles_of_push(kline_push(confirm=True, low="101.5"))


def test_a_rest_row_and_a_push_of_one_candle_are_equal() -> None:
    row = ["300000", "100", "102", "99.5", "101", "3.5", "350"]
    assert [candle_of_row("BTCUSDT", Timeframe.M5, row)] == candles_of_push(kline_push(True))


def test_every_timeframe_has_an_interval() -> None:
    assert set(INTERVAL_OF) == set(Timeframe)


def test_a_ticker_with_empty_strings_falls_back_to_the_last_price() -> None:
    fields = {"symbol": "BTCUSDT", "lastPrice": "100.5", "markPrice": "", "fundingRate": ""}
    tick = tick_of_push({"topic": "tickers.BTCUSDT", "ts": 5, "data": fields})
    assert (tick.time, tick.last, tick.mark, tick.bid, tick.funding_rate) == (
        5, 100.5, 100.5, 100.5, 0.0,
    )  # fmt: skip


def test_the_tighter_limit_for_market_orders_bounds_the_quantity() -> None:
    instrument = instrument_of(
        {
            "symbol": "BTCUSDT",
            "priceFilter": {"tickSize": "0.10"},
            "lotSizeFilter": {
                "qtyStep": "0.001", "minOrderQty": "0.001", "maxOrderQty": "1190.000",
                "maxMktOrderQty": "119.000", "minNotionalValue": "5",
            },
            "leverageFilter": {"maxLeverage": "100.00"},
            "fundingInterval": 480,
        }
    )  # fmt: skip
    assert instrument.max_quantity == Decimal(119)
    assert instrument.min_notional == Decimal(5)


def test_demo_watches_the_live_market() -> None:
    assert DEMO.public_ws == LIVE.public_ws
    assert DEMO.private_ws != LIVE.private_ws
    assert TESTNET.public_ws != LIVE.public_ws
    assert not any(environment.is_local for environment in (LIVE, DEMO, TESTNET))


def test_the_simulator_is_one_address_for_everything() -> None:
    local = simulator_environment("http://127.0.0.1:8899/")
    assert local.rest_url == "http://127.0.0.1:8899"
    assert local.public_ws == "ws://127.0.0.1:8899"
    assert local.is_local


def test_pauses_grow_to_a_minute_and_no_further() -> None:
    settings = StreamSettings()
    for failures, longest in ((1, 1.0), (2, 2.0), (5, 16.0), (7, 60.0), (500, 60.0)):
        for _ in range(20):
            assert longest / 2 <= settings.pause(failures) <= longest
