"""`gunicorn -w 4` trades once, reaches every client, and survives the death of its engine."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

from tests.integration.web.live_server import InOrderClient
from tests.product import Product, wait_until

DURABLE = ("signal", "order", "trade_opened", "trade_updated", "trade_closed", "equity")
CLIENTS = 8


class Listener:
    """One browser tab: keeps every durable event it was sent, and asks for what it missed."""

    def __init__(self, url: str, token: str) -> None:
        self.ids: list[int] = []
        self.greeted = False
        self._lock = Lock()
        self.client = InOrderClient(
            reconnection=True, reconnection_delay=0.2, reconnection_delay_max=1
        )
        for name in DURABLE:
            self.client.on(name, self._received)
        self.client.on("hello", self._hello)
        self.client.connect(
            url,
            transports=["websocket"],
            auth=lambda: {"token": token, **({"lastEventId": self.ids[-1]} if self.ids else {})},
        )

    def _received(self, event: dict[str, Any]) -> None:
        with self._lock:
            self.ids.append(int(event["id"]))

    def _hello(self, _: dict[str, Any]) -> None:
        self.greeted = True


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("four-workers"), workers=4) as running:
        yield running


def rows(database: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def engine_pid(database: Path) -> int:
    [(holder,)] = rows(database, "SELECT holder FROM lease WHERE name = 'engine'")
    return int(holder.split(":")[1])


def test_every_client_gets_every_event_once_and_another_worker_takes_over(
    product: Product,
) -> None:
    """One engine among four workers; kill -9 loses and doubles nothing, and trading goes on."""
    token = product.login()
    wait_until(lambda: rows(product.database, "SELECT 1 FROM lease"), 60, "an engine")
    listeners = [Listener(product.url, token) for _ in range(CLIENTS)]
    wait_until(lambda: all(listener.greeted for listener in listeners), 60, "the greetings")
    first = rows(product.database, "SELECT max(id) FROM events")[0][0] or 0
    wait_until(
        lambda: rows(product.database, "SELECT 1 FROM paper_trades WHERE status = 'open'"),
        120,
        "an open trade",
    )
    victim = engine_pid(product.database)
    open_before = rows(
        product.database, "SELECT order_link_id FROM paper_trades WHERE status = 'open'"
    )
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: engine_pid(product.database) != victim, 60, "another worker to take over")
    taken_over = rows(product.database, "SELECT max(id) FROM events")[0][0]
    wait_until(
        lambda: rows(product.database, f"SELECT 1 FROM events WHERE id > {taken_over + 3}"),
        90,
        "the new engine's events",
    )
    for (order_link_id,) in open_before:
        stored = rows(
            product.database,
            f"SELECT count(*) FROM paper_trades WHERE order_link_id = '{order_link_id}'",
        )
        assert stored == [(1,)]
    expect_every_event_once(product, listeners, first)
    for listener in listeners:
        listener.client.close()


def expect_every_event_once(product: Product, listeners: list[Listener], first: int) -> None:
    """All clients have every event since `first`, each id once and in order."""
    last = rows(product.database, "SELECT max(id) FROM events")[0][0]
    kinds = ", ".join(f"'{name}'" for name in DURABLE)
    expected = rows(
        product.database,
        f"SELECT id FROM events WHERE id > {first} AND id <= {last} "
        f"AND type IN ({kinds}) ORDER BY id",
    )
    wait_until(
        lambda: all(listener.ids[-1:] >= [last] for listener in listeners), 60, "the last event"
    )
    for listener in listeners:
        assert [(i,) for i in listener.ids if first < i <= last] == expected
