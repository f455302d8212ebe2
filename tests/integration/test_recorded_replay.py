"""Recorded Bybit candles, replayed in lock-step through simulator, pybit, monitor and SQLite."""

import os
import re
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from bench.ports import free_port
from tests.product import ROOT

DAYS = 7
INITIAL_BALANCE = Decimal("1000.0")


@pytest.fixture
def recordings() -> dict[str, Path]:
    """The recorded five-minute Bybit candles by symbol."""
    folder = os.environ.get("CANDLE_DATA_DIR")
    if not folder:
        pytest.skip("CANDLE_DATA_DIR is not set: there are no recorded candles to replay")
    return {
        symbol: next(Path(folder).glob(f"bybit_linear_{symbol}_5m_*.csv"))
        for symbol in ("BTCUSDT", "ETHUSDT")
    }


def test_a_week_of_recorded_candles_is_traded_and_accounted_for(
    recordings: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every candle is stored once, every trade had its stop, and the ledger ties to the wallet."""
    database = tmp_path / "trading.db"
    candles = [
        word for symbol, path in recordings.items() for word in ("--candles", f"{symbol}={path}")
    ]
    where = ["--database", str(database), "--simulator-url", f"http://127.0.0.1:{free_port()}"]
    replay = subprocess.run(
        [sys.executable, "-m", "scripts.replay", *candles, "--days", str(DAYS), *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert replay.returncode == 0, replay.stderr[-3000:]
    with capsys.disabled():
        sys.stdout.write(f"\n{replay.stdout}")
    connection = sqlite3.connect(database)
    try:
        check_candles(connection)
        check_trades(connection)
    finally:
        connection.close()


def check_candles(connection: sqlite3.Connection) -> None:
    for count, first, last in connection.execute(
        "SELECT count(*), min(open_time), max(open_time) FROM candles GROUP BY symbol"
    ):
        assert count == (last - first) // 300_000 + 1, "candles are missing"


def check_trades(connection: sqlite3.Connection) -> None:
    trades = connection.execute(
        "SELECT direction, entry_price, stop_loss, take_profit FROM paper_trades"
    ).fetchall()
    assert trades, "a week without a single trade proves nothing"
    for direction, entry, stop, target in trades:
        assert (stop < entry < target) if direction == "long" else (target < entry < stop)
    booked = connection.execute(
        "SELECT CASE status WHEN 'closed' THEN net_pnl END, fees, funding FROM paper_trades"
    ).fetchall()
    result = sum(
        Decimal(net) if net is not None else Decimal(funding) - Decimal(fees)
        for net, fees, funding in booked
    )
    [(wallet,)] = connection.execute("SELECT wallet FROM equity ORDER BY time DESC LIMIT 1")
    assert Decimal(wallet) == INITIAL_BALANCE + result
    refused = connection.execute("SELECT refusals FROM signals WHERE status = 'refused'").fetchall()
    assert refused
    assert all(re.search("[A-Za-z]", reasons) for (reasons,) in refused)
