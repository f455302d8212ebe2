"""The account outlives the exchange's process, also one that is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pybit.unified_trading import HTTP

from bench.ports import free_port
from src.domain.errors import InvalidInput
from src.domain.order import Direction
from src.exchange.bybit.simulator_control import simulator_answers, step
from src.simulator.account.admission import Admission
from src.simulator.account.codec import decoded, encoded
from src.simulator.account.exchange import Exchange
from src.simulator.account.model import AccountSettings, Protection, VenueOrder
from src.simulator.account.store import AccountStore, account_file
from src.simulator.clock import RealTimeClock
from src.simulator.market import Market
from src.simulator.state import StoredState
from src.simulator.synthetic import SyntheticFeed
from src.simulator.ticker import Tickers
from tests.integration.simulator.background import BackgroundSimulator
from tests.integration.simulator.following import wait_until
from tests.integration.simulator.private import apply_money, signed_session
from tests.integration.simulator.scripted_market import ScriptedFeed, scripted_clock

ACCOUNT = AccountSettings("key", "secret", Decimal(50_000))
LINEAR = {"category": "linear", "symbol": "BTCUSDT"}
MINUTE = 60_000
NOON = 1_772_366_400_000


def candles(folder: Path) -> Path:
    """Two days of one-minute candles at 50,000, with a dip to 49,000 in the last hour."""
    file = folder / "candles.csv"
    lines = ["timestamp,open,high,low,close,volume"]
    for minute in range(-1440, 1440):
        low = 49_000 if minute == 1400 else 49_990
        lines.append(f"{NOON + minute * MINUTE},50000,50010,{low},50000,100")
    file.write_text("\n".join(lines) + "\n")
    return file


@contextmanager
def process(folder: Path, port: int) -> Iterator[tuple[str, HTTP]]:
    """A lock-step exchange in a process of its own, killed at the end without a warning."""
    command = [
        sys.executable, "-m", "flask", "--app", "src.cli:create_cli_app", "simulator", "--lockstep",
        "--port", str(port), "--candles", f"BTCUSDT={folder / 'candles.csv'}",
        "--start", str(NOON), "--api-key", "key", "--api-secret", "secret",
        "--data-directory", str(folder), "--keep-account", "--exit-with-parent",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        url = f"http://127.0.0.1:{port}"
        session = signed_session(url, "key", "secret")
        try:
            wait_until(lambda: simulator_answers(url))
            yield url, session
        finally:
            os.kill(running.pid, signal.SIGKILL)
            session.client.close()


def everything(session: HTTP) -> dict[str, Any]:
    """All that a client can ask of the account."""
    asked = {
        "open": session.get_open_orders(**LINEAR),
        "history": session.get_order_history(**LINEAR),
        "executions": session.get_executions(category="linear"),
        "positions": session.get_positions(**LINEAR),
        "closed": session.get_closed_pnl(category="linear"),
        "wallet": session.get_wallet_balance(accountType="UNIFIED"),
        "log": session.get_transaction_log(startTime=NOON, endTime=NOON + 1440 * MINUTE),
    }
    return {name: answer["result"] for name, answer in asked.items()}


def place(session: HTTP, **changes: object) -> None:
    usual: dict[str, object] = {
        **LINEAR, "side": "Buy", "orderType": "Market", "qty": "0.1", "positionIdx": 0,
    }  # fmt: skip
    session.place_order(**(usual | changes))


def test_a_killed_exchange_comes_back_with_its_account_and_goes_on(tmp_path: Path) -> None:
    candles(tmp_path)
    port = free_port()
    with process(tmp_path, port) as (url, session):
        session.set_leverage(**LINEAR, buyLeverage="7", sellLeverage="7")
        place(session, orderLinkId="entry", stopLoss="49500", takeProfit="60000")
        place(session, side="Sell", qty="0.03", orderLinkId="part")
        apply_money(session)
        for _ in range(2):
            moment = step(url).market_time
        place(session, orderType="Limit", price="48000", orderLinkId="resting")
        before = everything(session)
    with process(tmp_path, port) as (url, session):
        assert everything(session) == before
        assert session.get_positions(**LINEAR)["result"]["list"][0]["leverage"] == "7"
        with pytest.raises(Exception, match="110072"):
            place(session, orderLinkId="entry")
        assert step(url).market_time == moment + 5 * MINUTE
        while not step(url).finished:
            continue
        after = everything(session)
    assert "TRANSFER_IN" in {row["type"] for row in before["log"]["list"]}
    assert before["positions"]["list"][0]["size"] == "0.07"
    assert after["positions"]["list"][0]["size"] == "0"
    stop = after["executions"]["list"][0]
    assert (stop["stopOrderType"], stop["closedSize"]) == ("StopLoss", "0.07")
    assert {row["orderLinkId"] for row in after["open"]["list"]} == {"resting"}


def test_a_torn_last_line_was_never_acknowledged_and_is_left_out(tmp_path: Path) -> None:
    file = account_file(tmp_path, ACCOUNT)
    file.write_text(
        json.dumps({"account": {"account": {"time": 5}}}) + '\n{"account": {"account": {"ti'
    )
    assert AccountStore(file).traded_until == 5
    file.write_text('{"account": \n{}\n')
    with pytest.raises(InvalidInput, match="line 1 is damaged"):
        AccountStore(file)


def test_every_key_has_an_account_of_its_own(tmp_path: Path) -> None:
    other = AccountSettings("other", "secret")
    assert account_file(tmp_path, ACCOUNT) != account_file(tmp_path, other)
    assert "key" not in account_file(tmp_path, ACCOUNT).name


def test_an_order_is_read_as_it_was_written() -> None:
    order = VenueOrder(
        "id", "link", 3, "BTCUSDT", 0, Direction.LONG, "Limit",
        Decimal("0.10"), None, "GTC", False, 1,
        protection=Protection(Decimal("1.50"), None, "MarkPrice"), fills_at_most=Decimal(1),
    )  # fmt: skip
    assert decoded(VenueOrder, json.loads(json.dumps(encoded(order)))) == order


def test_what_the_market_did_meanwhile_has_happened_to_the_account(tmp_path: Path) -> None:
    feed, clock, file = ScriptedFeed(50_100.0), scripted_clock(), account_file(tmp_path, ACCOUNT)
    with BackgroundSimulator(feed, clock, account=ACCOUNT, store=AccountStore(file)) as simulator:
        session = signed_session(simulator.url, "key", "secret")
        place(session, stopLoss="49500")
        feed.trade(NOON, {"BTCUSDT": 50_100.0})
        step(simulator.url)
        session.client.close()
    feed.trade(clock.now(), {"BTCUSDT": 49_000.0})
    clock.step()
    with BackgroundSimulator(feed, clock, account=ACCOUNT, store=AccountStore(file)) as simulator:
        session = signed_session(simulator.url, "key", "secret")
        state = everything(session)
        session.client.close()
    assert state["positions"]["list"][0]["size"] == "0"
    assert state["executions"]["list"][0]["stopOrderType"] == "StopLoss"


def test_missed_seconds_are_lived_through_as_they_would_have_been() -> None:
    outcomes = []
    for missed in (False, True):
        exchange = an_exchange()
        start = exchange.now() + 30_000
        last = Decimal(str(exchange.last("BTCUSDT")))
        order = Admission(
            exchange.ledger, exchange.instrument, exchange.last, exchange.market_maximum
        ).order(
            {**LINEAR, "side": "Buy", "orderType": "Market", "qty": "0.1", "positionIdx": 0,
             "stopLoss": str((last * Decimal("0.999")).quantize(Decimal("0.1")))},
            start,
        )  # fmt: skip
        exchange.accept(order, {})
        if missed:
            exchange.catch_up(start, start + 600 * MINUTE)
        else:
            exchange.advance(start, start + 600 * MINUTE, by_second=True)
        executions = exchange.ledger.executions
        outcomes.append([(e.order.stop_order_type, e.time // MINUTE) for e in executions])
    assert outcomes[0] == outcomes[1]
    assert [kind for kind, _ in outcomes[0]] == ["", "StopLoss"]


def an_exchange() -> Exchange:
    """An account on a synthetic real-time market whose clock stands at noon."""
    feed = SyntheticFeed(("BTCUSDT",), 5, NOON)
    clock = RealTimeClock(StoredState(5, "synthetic", NOON), wall=lambda: NOON)
    market = Market(feed, clock)
    return Exchange(market, Tickers(market), ACCOUNT, lambda *_: None)
