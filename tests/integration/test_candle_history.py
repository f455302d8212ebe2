"""`flask candles` and `flask backtest` as a person runs them, downloads through real pybit."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.ports import free_port
from src.domain.candle import DAY_MS, Timeframe
from src.exchange.bybit.simulator_control import simulator_answers
from src.simulator.bars import aggregate
from src.simulator.synthetic import SyntheticFeed
from tests import commands
from tests.product import ROOT, wait_until

START = 1_760_313_600_000  # Monday 13 October 2025, 00:00 UTC
DAYS = 40
SYMBOL = "BTCUSDT"
EXPECTED = DAYS * 1440
DATES = ["--from", "2025-09-03", "--to", "2025-10-13"]


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """A market whose clock stands still, with history before it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["simulator", "--lockstep", "--port", str(port), "--symbols", f"{SYMBOL},ETHUSDT"]
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", *command, "--start", str(START)], cwd=ROOT
    )
    try:
        wait_until(lambda: simulator_answers(url), 60, "the simulator")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def environment(simulator: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "FLASK_ENV": "development",
        "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789",
        "MARKET_DATA": "simulator",
        "SIMULATOR_URL": simulator,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'trading.db'}",
        "DATA_DIRECTORY": str(tmp_path),
        "COLUMNS": "120",
    }


def flask(environment: dict[str, str], *words: str) -> str:
    """What a command prints; it must succeed."""
    done = commands.flask(environment, *words)
    assert done.exit_code == 0, done.output
    return done.output


def stored(database: Path) -> list[tuple[float, ...]]:
    """The history of the simulator, oldest candle first."""
    if not database.exists():
        return []
    connection = sqlite3.connect(database)
    try:
        return connection.execute(
            "SELECT open_time, open, high, low, close FROM candles "
            "WHERE environment = 'history-simulator' ORDER BY open_time"
        ).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def test_a_download_killed_in_the_middle_goes_on_where_it_stood(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Every candle is there once, and the second run fetched only what the first had not."""
    database = tmp_path / "trading.db"
    words = ["candles", "download", SYMBOL, *DATES, "--timeframe", "1m"]
    first = subprocess.Popen(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    wait_until(lambda: len(stored(database)) > 0, 60, "the first candles")
    os.kill(first.pid, signal.SIGKILL)
    first.wait(timeout=30)
    before = len(stored(database))
    assert 0 < before < EXPECTED
    said = flask(environment, *words)
    assert f"{SYMBOL}: {EXPECTED - before:,} candles added from simulator." in said
    found = stored(database)
    assert [time for time, *_ in found] == list(range(START - DAYS * DAY_MS, START, 60_000))
    assert f"{SYMBOL}: 0 candles added" in flask(environment, *words)
    assert f"{EXPECTED:,}" in flask(environment, "candles", "coverage")


def test_candles_go_out_to_files_and_come_back_the_same(
    environment: dict[str, str], tmp_path: Path
) -> None:
    flask(environment, "candles", "download", SYMBOL, "--from", "2025-10-01", "--to", "2025-10-11")
    for name in ("candles.csv", "candles.parquet"):
        file = tmp_path / name
        flask(environment, "candles", "export", SYMBOL, str(file))
        other = {**environment, "DATABASE_URL": f"sqlite:///{tmp_path / f'{name}.db'}"}
        flask(other, "candles", "import", str(file), "--symbol", SYMBOL)
        assert stored(tmp_path / f"{name}.db") == stored(tmp_path / "trading.db")


ROW = "1760313600000,100,110,90,100,1"


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("", (), "cannot be read"),
        ("{header}\n", (), "holds no candles"),
        ("time,open,high,low,close,volume\n{row}\n", (), "must have the columns"),
        ("{header}\n{row}\n{row}\n", (), "not after that of the bar before"),
        ("{header}\n1760313600000,NaN,1,1,1,1\n", (), "finite and above zero"),
        ("{header}\n1760313600,100,110,90,100,1\n", (), "does not start a 5m candle"),
        ("{header}\n{row}\n", ("--timeframe", "1d"), None),
        ("{header}\r\n{row}\r\n", (), None),
        ("{header}\n{row}\n1760314500000,100,110,90,100,1\n", (), "are 15 minutes apart"),
        ("{header}\n{row}\n", ("--symbol", "btcusdt"), "is no symbol"),
        ("{header}\n{row}\n", ("--symbol", "<script>"), "is no symbol"),
    ],
)
def test_a_file_that_cannot_be_candles_is_refused_with_its_reason(
    environment: dict[str, str],
    tmp_path: Path,
    text: str,
    words: tuple[str, ...],
    sentence: str | None,
) -> None:
    file = tmp_path / "candles.csv"
    header = "timestamp,open,high,low,close,volume"
    file.write_bytes(text.format(header=header, row=ROW).encode())
    done = commands.flask(environment, "candles", "import", str(file), "--symbol", SYMBOL, *words)
    assert bool(done.exit_code) is (sentence is not None), done.output
    assert (sentence or "1 of 1 candles added") in done.output


def test_what_is_not_stored_is_not_exported(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "candles.csv"
    done = commands.flask(environment, "candles", "export", SYMBOL, str(file))
    assert done.exit_code != 0
    assert "are stored" in done.output
    assert not file.exists()


def test_a_backtest_of_the_stored_history_and_of_its_file_agree(
    environment: dict[str, str], tmp_path: Path
) -> None:
    flask(environment, "candles", "download", SYMBOL, "--from", "2025-09-20", "--to", "2025-10-13")
    file = tmp_path / f"{SYMBOL}.parquet"
    flask(environment, "candles", "export", SYMBOL, str(file))
    reports, sources = [], []
    for number, words in enumerate(([SYMBOL], ["--candles", str(file), "--set", "setup_bars=24"])):
        out = tmp_path / f"report-{number}.json"
        printed = flask(environment, "backtest", *words, "--out", str(out))
        assert "Costs: taker 0.055" in printed
        assert "candles/s" in printed
        report = json.loads(out.read_text())
        del report["seconds"]
        del report["instruments"]
        sources.append(report.pop("source"))
        reports.append(report)
    assert sources == ["simulator", "unknown"]
    assert reports[0]["trades"], "too quiet a market proves nothing"
    assert reports[0] == reports[1]


def test_the_market_in_use_and_the_other_keep_histories_of_their_own(
    environment: dict[str, str], tmp_path: Path
) -> None:
    feed = SyntheticFeed([SYMBOL], 1, START)
    bars = aggregate(
        feed.bars(SYMBOL, feed.first_time, feed.first_time + DAY_MS), Timeframe.M5.milliseconds
    )
    file = tmp_path / "candles.csv"
    lines = ["timestamp,open,high,low,close,volume"]
    columns = (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    lines += [",".join(map(str, row)) for row in zip(*(c.tolist() for c in columns), strict=True)]
    file.write_text("\n".join(lines))
    words = ["candles", "import", str(file), "--symbol", SYMBOL]
    assert "288 of 288" in flask(environment, *words, "--market", "bybit")
    assert "288" in flask(environment, "candles", "coverage", "--market", "bybit")
    assert "288" not in flask(environment, "candles", "coverage")
