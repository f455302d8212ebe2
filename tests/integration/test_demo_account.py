"""TRADING_MODE=demo offline: the whole product trades on a Bybit account at the simulated exchange.

With no more than TRADING_MODE in its .env it opens an account and trades. Killed in the middle it
goes on, and exchange and journal tell the same story: every order once, every position the
journal's, each with its stop, and every cent where `flask ledger check` expects it.
"""

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from pybit.unified_trading import HTTP

from bench.ports import free_port
from services.trading_account import account_key
from src.domain.candle import DAY_MS
from src.exchange.bybit.simulator_control import market_status, simulator_answers
from tests.integration.simulator.private import apply_money, signed_session
from tests.product import ROOT, SECRET_KEY, Product, wait_until

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
END = START + DAY_MS
KILL = START + DAY_MS // 2
SYMBOLS = "BTCUSDT,ETHUSDT"
OWN_KEY = account_key(None, None, SECRET_KEY)
"""The key the product makes for itself, as it is given none."""
DEPOSIT = Decimal(250)


@contextmanager
def lock_step_exchange(folder: Path) -> Iterator[str]:
    """A synthetic market with one account; its time moves only when the monitor asks."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["simulator", "--lockstep", "--port", str(port), "--symbols", SYMBOLS]
    span = ["--start", str(START), "--end", str(END)]
    key = ["--api-key", OWN_KEY.key, "--api-secret", OWN_KEY.secret]
    account = [*key, "--data-directory", str(folder)]
    process = subprocess.Popen([sys.executable, "-m", "flask", *command, *span, *account], cwd=ROOT)
    try:
        wait_until(lambda: simulator_answers(url), 60, "the simulated exchange")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


class Account:
    """The account as its owner sees it with another client."""

    def __init__(self, session: HTTP) -> None:
        self._session = session

    def _pages(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = getattr(self._session, name)(
                category="linear", settleCoin="USDT", limit=50, cursor=cursor, **parameters
            )["result"]
            rows += answer["list"]
            cursor = answer["nextPageCursor"]
            if not cursor:
                return rows

    def entries(self) -> list[dict[str, Any]]:
        """Every entry the exchange ever took, live or ended."""
        rows = [*self._pages("get_open_orders"), *self._pages("get_order_history")]
        return [row for row in rows if row["orderLinkId"] and not row["reduceOnly"]]

    def stops(self) -> list[dict[str, Any]]:
        """Stops that are waiting."""
        rows = self._pages("get_open_orders", orderFilter="StopOrder")
        return [row for row in rows if row["stopOrderType"] == "StopLoss"]

    def positions(self) -> dict[str, Decimal]:
        """Signed size by symbol."""
        rows = self._pages("get_positions")
        sign = {"Buy": 1, "Sell": -1, "": 0}
        return {row["symbol"]: Decimal(row["size"]) * sign[row["side"]] for row in rows}

    def wallet(self) -> Decimal:
        """Cash."""
        rows = self._session.get_wallet_balance(accountType="UNIFIED")["result"]["list"]
        return Decimal(rows[0]["totalWalletBalance"])


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(query)]
    finally:
        connection.close()


def execute(database: Path, query: str, *values: str) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(query, values)
    connection.close()


def last_step(database: Path) -> int:
    return int(rows(database, "SELECT max(time) AS at FROM equity")[0]["at"] or 0)


def cash_moved(trade: dict[str, Any]) -> Decimal:
    """What a trade has done to the wallet so far."""
    if trade["status"] == "closed":
        return Decimal(trade["net_pnl"])
    return Decimal(trade["funding"]) - Decimal(trade["fees"])


def reached(url: str, moment: int) -> bool:
    return market_status(url).market_time >= moment


def require_agreement(account: Account, database: Path) -> None:
    """Every order once, orders and positions as in the journal, every position with one stop."""
    journal = rows(database, "SELECT order_link_id, status FROM orders WHERE status <> 'pending'")
    entries = account.entries()
    counted = Counter(row["orderLinkId"] for row in entries)
    assert not [name for name, times in counted.items() if times > 1], "an order was doubled"
    assert counted.keys() <= {row["order_link_id"] for row in journal}, "an order nobody journaled"
    live = {row["orderLinkId"] for row in entries if row["orderStatus"] == "New"}
    assert live == {row["order_link_id"] for row in journal if row["status"] == "accepted"}
    trades = rows(database, "SELECT * FROM paper_trades WHERE status = 'open'")
    held = account.positions()
    assert held == {
        row["symbol"]: Decimal(row["quantity_exact"]) * (1 if row["direction"] == "long" else -1)
        for row in trades
    }
    assert Counter(row["symbol"] for row in account.stops()) == Counter(held.keys())


def require_a_ledger_that_ties(product: Product, trades: int) -> None:
    """Every trade in a row whose parts are its net, the deposit named, and no difference."""
    told = product.flask("ledger", "check")
    assert f"{trades} trades and 1 transfer tie to the wallet to the cent." in told
    listed = [row.split() for row in told.splitlines() if " closed " in row or " open " in row]
    assert len(listed) == trades
    for _, _, _, gross, fees, funding, _, net in listed:
        assert Decimal(gross) - Decimal(fees) + Decimal(funding) == Decimal(net)
    assert "TRANSFER_IN" in told
    assert "250.00000000" in told
    [difference] = [row.split()[1] for row in told.splitlines() if row.startswith("difference")]
    assert abs(Decimal(difference)) < Decimal("0.01")


def require_planted_differences_named(product: Product) -> None:
    """Which trade and by how much: by its own executions, and by the exchange's statement."""
    [victim, *_] = rows(product.database, "SELECT * FROM paper_trades WHERE status = 'closed'")
    name, fees, net = victim["order_link_id"], Decimal(victim["fees"]), Decimal(victim["net_pnl"])
    [entry] = rows(
        product.database,
        f"SELECT fee FROM fills WHERE order_link_id = '{name}' AND reason = 'entry'",
    )
    changed = str(Decimal(entry["fee"]) + Decimal("0.25"))
    query = f"UPDATE fills SET fee = ? WHERE order_link_id = '{name}' AND reason = 'entry'"
    execute(product.database, query, changed)
    done = product.run_flask("ledger", "check")
    assert done.returncode == 1
    assert f"{name} ({victim['symbol']}): fees of" in done.stderr
    assert ": +0.25000000." in done.stderr
    assert "What to do" in done.stderr
    query = f"UPDATE paper_trades SET fees = ?, net_pnl = ? WHERE order_link_id = '{name}'"
    dearer = Decimal("0.25")
    execute(product.database, query, str(fees + dearer), str(net - dearer))
    done = product.run_flask("ledger", "check")
    assert done.returncode == 1
    assert f"{name} ({victim['symbol']}): the exchange booked fees of" in done.stderr
    assert ": -0.25000000." in done.stderr
    assert "+0.25" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "product"


def test_a_demo_account_that_was_killed_holds_what_the_journal_says_and_its_cash_ties(
    tmp_path: Path, folder: Path
) -> None:
    with lock_step_exchange(tmp_path) as url:
        session = signed_session(url, OWN_KEY.key, OWN_KEY.secret)
        account = Account(session)
        before = account.wallet()
        product = Product(
            folder, TRADING_MODE="demo", SIMULATOR_URL=url, SYMBOLS=SYMBOLS,
            LOSING_STREAK="0", DAILY_LOSS_LIMIT_R="0",
        )  # fmt: skip
        with product:
            wait_until(partial(reached, url, KILL), 180, "the moment to kill")
            product.kill()
        apply_money(session, str(DEPOSIT))
        with product:
            wait_until(partial(reached, url, END), 180, "the end of the replay")
            finished = "SELECT max(time) AS at FROM equity"
            end = END
            wait_until(
                lambda: rows(product.database, finished)[0]["at"] >= end, 60, "its last step"
            )
        require_agreement(account, product.database)
        closed = rows(product.database, "SELECT net_pnl FROM paper_trades WHERE status = 'closed'")
        open_fees = rows(
            product.database, "SELECT fees, funding FROM paper_trades WHERE status = 'open'"
        )
        result = sum((Decimal(row["net_pnl"]) for row in closed), Decimal(0))
        result += sum((Decimal(r["funding"]) - Decimal(r["fees"]) for r in open_fees), Decimal(0))
        assert len(closed) >= 3, "too quiet a market proves nothing"
        booked = before + result + DEPOSIT
        assert abs(account.wallet() - booked) < Decimal("0.00000001")
        words = {row["environment"] for row in rows(product.database, "SELECT * FROM paper_trades")}
        assert words == {"simulator_demo"}
        session.client.close()
        require_a_ledger_that_ties(product, len(closed) + len(open_fees))
        require_planted_differences_named(product)


def test_demo_needs_no_key_and_no_network_to_run(folder: Path) -> None:
    with Product(folder, TRADING_MODE="demo") as product:

        def health() -> dict[str, Any]:
            return dict(requests.get(f"{product.url}/api/health", timeout=5).json())

        def monitor() -> dict[str, Any]:
            return dict(health()["monitor"] or {})

        wait_until(lambda: monitor().get("state") == "running", 120, "the monitor to run")
        facts = health()
        assert (facts["environment"], facts["mode"]) == ("simulator_demo", "demo")
        assert monitor()["quarantined"] == []
        prices = "SELECT json_extract(payload, '$.wallet') AS wallet FROM live_state "
        prices += "WHERE name = 'prices'"
        found = wait_until(lambda: rows(product.database, prices), 60, "the account's cash")
        assert found == [{"wallet": 1000.0}]
