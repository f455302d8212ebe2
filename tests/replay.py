"""A lock-step replay of a synthetic market through the whole product, and what it traded."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ports import free_port
from src.clock import SystemClock
from src.domain.candle import DAY_MS
from src.domain.instrument import Instrument
from src.exchange.bybit import BybitMarketData, simulator_environment
from src.exchange.bybit.simulator_control import simulator_answers
from tests.product import ROOT, wait_until

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
REPLAY_DAYS = 4
SYMBOLS = ("BTCUSDT", "ETHUSDT")


@dataclass(frozen=True)
class Replay:
    """Where a finished replay stands, and the rules of what it traded."""

    database: Path
    instruments: dict[str, Instrument]


@contextmanager
def lock_step_market(days: int) -> Iterator[str]:
    """A synthetic market that moves only when it is asked to, for `days` from START."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["simulator", "--lockstep", "--port", str(port), "--symbols", ",".join(SYMBOLS)]
    span = ["--start", str(START), "--end", str(START + days * DAY_MS)]
    process = subprocess.Popen([sys.executable, "-m", "flask", *command, *span], cwd=ROOT)
    try:
        wait_until(lambda: simulator_answers(url), 60, "the simulator")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def start_replay(url: str, database: Path) -> "subprocess.Popen[bytes]":
    """Follow the market to its end in a process of its own."""
    command = ["--attach", "--simulator-url", url, "--symbols", ",".join(SYMBOLS)]
    with (database.parent / "replay.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.replay", *command, "--database", str(database)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )


def replay_to_the_end(url: str, database: Path) -> Replay:
    """Follow the market to its end, and ask it for the rules of its symbols."""
    assert start_replay(url, database).wait(timeout=300) == 0
    market = BybitMarketData(simulator_environment(url), SystemClock())
    instruments = dict(market.instruments(SYMBOLS))
    market.close()
    return Replay(database, instruments)


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """What a query finds, each row by the names of its columns."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(query)]
    finally:
        connection.close()
