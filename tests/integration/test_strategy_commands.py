"""`flask analyze` and `flask certify`, run as a person runs them on a fresh clone."""

import csv
import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from src.cli import create_cli_app
from src.domain.candle import Timeframe
from src.simulator.bars import DAY_MS, aggregate
from src.simulator.synthetic import SyntheticFeed
from src.strategy.candle_arrays import CandleArrays
from src.strategy.certificate import certify
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters

ROWS = 1440
ORIGIN = 1_760_000_000_000
HEADER = "timestamp,open,high,low,close,volume"


def write_candles(path: Path, symbol: str) -> Path:
    """Five days of a synthetic market as 5-minute candles."""
    feed = SyntheticFeed(["BTCUSDT", "ETHUSDT"], seed=7, origin=ORIGIN)
    minutes = feed.bars(symbol, feed.first_time, feed.first_time + 5 * DAY_MS)
    bars = aggregate(minutes, 300_000)
    prices = np.column_stack((bars.open, bars.high, bars.low, bars.close, bars.volume))
    lines = [
        ",".join([str(time), *(repr(float(number)) for number in row)])
        for time, row in zip(bars.time, prices, strict=True)
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


@pytest.fixture(scope="module")
def candles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_candles(tmp_path_factory.mktemp("candles") / "btc.csv", "BTCUSDT")


def flask(monkeypatch: pytest.MonkeyPatch, *words: object) -> Result:
    """Run a command with an environment that holds no setting."""
    for name in set(os.environ) - {"PATH", "HOME", "NUMBA_CACHE_DIR"}:
        monkeypatch.delenv(name)
    return CliRunner().invoke(create_cli_app().cli, [str(word) for word in words])


def test_analyze_prints_one_event_a_line_and_counts_them(
    candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = flask(monkeypatch, "analyze", candles, "--timeframe", "5m", "--tick", "0.1")
    assert done.exit_code == 0, done.output
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"swing", "structure", "fvg", "pool", "ob"} <= {event["kind"] for event in events}
    assert done.stderr.splitlines()[-1] == f"{len(events):,} events"


def test_analyze_writes_events_bars_and_divergence_from_a_second_symbol(
    candles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_candles(tmp_path / "eth.csv", "ETHUSDT")
    out, bars = tmp_path / "events.jsonl", tmp_path / "bars.csv"
    done = flask(monkeypatch, "analyze", candles, "--smt", other, "--out", out, "--bars", bars)
    assert done.exit_code == 0, done.output
    kinds = {json.loads(line)["kind"] for line in out.read_text().splitlines()}
    assert "smt" in kinds
    assert len(list(csv.DictReader(bars.read_text().splitlines()))) == ROWS
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["analyze", "certify"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER}\n{ORIGIN},1,1,1,1,1\n\n1760000100000,3,2,1,1,1\n", "line 4"),
        (f"{HEADER}\n1760000100000,1,1,1,one,1\n", "line 2: expected six numbers"),
        (f"{HEADER}\n{10**30},1,1,1,1,1\n", "line 2: expected six numbers"),
        ("open,close\n1,1\n", f"must begin with the line {HEADER}"),
        (b"\xff\xfe\x00", "is not a CSV file"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(
    command: str, text: str | bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "candles.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = flask(monkeypatch, command, path)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert str(path) in done.stderr
    assert said in done.stderr


def test_wrong_candles_leave_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "candles.csv", tmp_path / "events.jsonl"
    path.write_text("open,close\n")
    assert flask(monkeypatch, "analyze", path, "--out", out).exit_code == 1
    assert not out.exists()


def test_a_first_run_says_why_it_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "nothing compiled yet"))
    done = flask(monkeypatch, "analyze", tmp_path / "nowhere.csv")
    assert done.stderr.startswith("Compiling the strategy")
    assert "cannot be read" in done.stderr


def test_an_unknown_timeframe_is_refused(candles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = flask(monkeypatch, "certify", candles, "--timeframe", "7m")
    assert done.exit_code == 1
    assert "7m is not a timeframe; known are 1m" in done.stderr


def test_certify_prints_every_kind_and_the_verdict(
    candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = flask(monkeypatch, "certify", candles, "--bars", 400)
    assert done.exit_code == 0, done.output
    assert "structure" in done.stdout
    assert "swing_hierarchy" in done.stdout, "whatever is registered takes part"
    (verdict,) = [line for line in done.stdout.splitlines() if line.startswith("400 candles")]
    assert verdict.endswith("readings, 0 rewritten by later bars.")


def test_certify_ends_with_an_error_when_the_past_was_rewritten(
    candles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A detector that stamps swings on their own bar, planted in place of the strategy."""
    planted = partial(certify, analyse=backdating)
    monkeypatch.setattr("src.strategy.certificate.certify", planted)
    done = flask(monkeypatch, "certify", candles, "--bars", 400)
    assert done.exit_code == 1
    assert "swing 0 confirmed" in done.stdout


def backdating(
    candles: CandleArrays,
    timeframe: Timeframe,
    parameters: StrategyParameters,
    tick: float,
    peer: CandleArrays | None,
) -> Iterator[Event]:
    for event in analyse(candles, timeframe, parameters, tick, peer):
        yield event | {"t": event["t_origin"]} if event["kind"] == "swing" else event
