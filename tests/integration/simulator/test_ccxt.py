"""The real ccxt against the simulator: every call that its users make on a perpetual."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from src.simulator.account.model import AccountSettings
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.ccxt_wiring import PERPETUAL, point_to
from tests.integration.simulator.following import realtime_market, wait_until

ACCOUNT = AccountSettings("key", "secret", Decimal(100_000))


@contextmanager
def exchange_on_market(account: AccountSettings = ACCOUNT) -> Iterator[Any]:
    feed, clock = realtime_market("BTCUSDT", "ETHUSDT")
    clock.kline_subscribed()
    wait_until(lambda: clock.caught_up)
    with BackgroundSimulator(feed, clock, account=account) as simulator:
        exchange = ccxt.bybit({"apiKey": "key", "secret": "secret", "enableRateLimit": False})
        exchange.session.trust_env = False
        point_to(exchange, simulator.url)
        yield exchange
        exchange.session.close()


@pytest.fixture
def exchange() -> Iterator[Any]:
    with exchange_on_market() as exchange:
        yield exchange


def test_it_starts_without_options_and_finds_the_perpetuals(exchange: Any) -> None:
    markets = exchange.load_markets()
    assert list(markets) == [PERPETUAL, "ETH/USDT:USDT"]
    rules = markets[PERPETUAL]
    assert (rules["swap"], rules["linear"], rules["active"]) == (True, True, True)
    assert (rules["precision"]["price"], rules["precision"]["amount"]) == (0.1, 0.001)


def test_it_reads_every_public_figure(exchange: Any) -> None:
    ticker = exchange.fetch_ticker(PERPETUAL)
    book = exchange.fetch_order_book(PERPETUAL)
    trades = exchange.fetch_trades(PERPETUAL, limit=5)
    rates = exchange.fetch_funding_rate_history(PERPETUAL, limit=3)
    assert ticker["bid"] < ticker["ask"]
    assert set(exchange.fetch_tickers([PERPETUAL])) == {PERPETUAL}
    assert (len(book["bids"]), len(book["asks"])) == (25, 25)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert [trade["timestamp"] for trade in trades] == sorted(t["timestamp"] for t in trades)
    assert [rate["timestamp"] % (8 * 3_600_000) for rate in rates] == [0, 0, 0]
    assert exchange.fetch_funding_rate(PERPETUAL)["fundingRate"] is not None
    assert exchange.fetch_market_leverage_tiers(PERPETUAL)[0]["maxLeverage"] == 100
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000


@pytest.mark.parametrize("timeframe", ["1m", "5m", "4h", "1d", "1w", "1M"])
def test_it_reads_candles_of_every_length(exchange: Any, timeframe: str) -> None:
    rows = exchange.fetch_ohlcv(PERPETUAL, timeframe, limit=2)
    assert len(rows) == 2
    assert rows[0][0] < rows[1][0]
    assert all(low <= opened <= high for _, opened, high, low, _, _ in rows)


def test_an_order_with_stop_and_target_lives_its_whole_life(exchange: Any) -> None:
    last = exchange.fetch_ticker(PERPETUAL)["last"]
    levels = {
        "stopLoss": {"triggerPrice": round(last * 0.95, 1)},
        "takeProfit": {"triggerPrice": round(last * 1.05, 1)},
    }
    entry = exchange.create_order(PERPETUAL, "market", "buy", 0.02, params=levels)
    wait_until(lambda: exchange.fetch_positions([PERPETUAL])[0]["contracts"] == 0.02)
    position = exchange.fetch_positions([PERPETUAL])[0]
    assert (position["side"], position["stopLossPrice"]) == ("long", round(last * 0.95, 1))
    assert len(exchange.fetch_open_orders(PERPETUAL)) == 2
    trades = exchange.fetch_my_trades(PERPETUAL)
    assert {trade["order"] for trade in trades} == {entry["id"]}
    exchange.create_order(PERPETUAL, "market", "sell", 0.02, params={"reduceOnly": True})
    wait_until(lambda: exchange.fetch_positions([PERPETUAL])[0]["contracts"] == 0)
    assert exchange.fetch_open_orders(PERPETUAL) == []
    assert exchange.fetch_positions_history([PERPETUAL])[0]["symbol"] == PERPETUAL
    assert len(exchange.fetch_ledger("USDT")) == 2


def test_a_resting_order_is_changed_and_withdrawn(exchange: Any) -> None:
    last = exchange.fetch_ticker(PERPETUAL)["last"]
    made = exchange.create_order(
        PERPETUAL, "limit", "buy", 0.01, last * 0.9, {"clientOrderId": "once"}
    )
    exchange.edit_order(made["id"], PERPETUAL, "limit", "buy", 0.02, last * 0.8)
    changed = exchange.fetch_open_order(made["id"], PERPETUAL)
    assert (changed["amount"], changed["clientOrderId"]) == (0.02, "once")
    exchange.cancel_order(made["id"], PERPETUAL)
    assert exchange.fetch_canceled_orders(PERPETUAL)[0]["id"] == made["id"]
    with pytest.raises(ccxt.InvalidOrder):
        exchange.create_order(
            PERPETUAL, "limit", "buy", 0.01, last * 0.9, {"clientOrderId": "once"}
        )


def test_batches_answer_order_by_order(exchange: Any) -> None:
    last = exchange.fetch_ticker(PERPETUAL)["last"]
    wanted = [
        {"symbol": PERPETUAL, "type": "limit", "side": "buy", "amount": amount, "price": last * 0.9}
        for amount in (0.01, 100, 0.02)
    ]
    made = exchange.create_orders(wanted)
    assert [bool(order["id"]) for order in made] == [True, False, True]
    exchange.cancel_orders([made[0]["id"]], PERPETUAL)
    assert [order["id"] for order in exchange.fetch_open_orders(PERPETUAL)] == [made[2]["id"]]
    exchange.cancel_all_orders(PERPETUAL)
    assert exchange.fetch_open_orders(PERPETUAL) == []


def test_account_settings_are_read_and_written(exchange: Any) -> None:
    exchange.set_leverage(5, PERPETUAL)
    assert exchange.fetch_leverage(PERPETUAL)["longLeverage"] == 5
    with pytest.raises(ccxt.BadRequest, match="110043"):
        exchange.set_leverage(5, PERPETUAL)
    exchange.set_position_mode(True, PERPETUAL)
    with pytest.raises(ccxt.NoChange):
        exchange.set_position_mode(True, PERPETUAL)
    assert exchange.fetch_balance()["USDT"]["free"] == 100_000
    with pytest.raises(ccxt.BadRequest):
        exchange.fetch_trading_fee(PERPETUAL)


def test_outside_of_demo_the_fee_rates_are_told() -> None:
    with exchange_on_market(AccountSettings("key", "secret", demo=False)) as exchange:
        assert exchange.fetch_trading_fee(PERPETUAL)["taker"] == 0.00055


def test_more_than_there_is_money_for_is_insufficient_funds(exchange: Any) -> None:
    with pytest.raises(ccxt.InsufficientFunds):
        exchange.create_order(PERPETUAL, "market", "buy", 50)
