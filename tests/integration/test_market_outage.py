"""The exchange dies and comes back: entries wait, stops stay, nothing is missed or doubled."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product import Product, wait_until

DEADLINE = 120.0


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("outage")) as running:
        yield running


def rows(database: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_unplugged_market_is_shown_as_stale_and_recovers_without_a_gap(
    product: Product,
) -> None:
    token = product.login()

    def monitor() -> dict[str, Any]:
        shown: dict[str, Any] = product.get("/api/health", token)["monitor"] or {}
        return shown

    def paused() -> object:
        return product.get("/api/dashboard/monitor", token)["entriesPaused"]

    traded = "SELECT count(*) FROM candles"
    wait_until(lambda: monitor().get("state") == "running", DEADLINE, "the monitor to run")
    product.unplug_market()
    wait_until(lambda: monitor()["state"] == "stale", DEADLINE, "the outage to be noticed")
    assert paused() == "market data is stale"
    [(before,)] = rows(product.database, traded)
    exchange = product.plug_market_in()
    try:
        wait_until(lambda: monitor()["state"] == "running", DEADLINE, "the monitor to recover")
        wait_until(lambda: rows(product.database, traded)[0][0] > before, DEADLINE, "new candles")
        assert paused() is None
        [(distinct_gaps,)] = rows(product.database, GAPS)
        assert distinct_gaps == 0
    finally:
        exchange.terminate()
        exchange.wait(timeout=30)


GAPS = """
SELECT count(*) FROM (
  SELECT open_time - lag(open_time) OVER (PARTITION BY symbol ORDER BY open_time) AS step
  FROM candles
) WHERE step <> 300000
"""
