"""`make bench` measures, prints and leaves nothing behind. How fast is not a test's business."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bench import parity
from bench.__main__ import bench
from bench.backtests import sweep
from bench.candles import synthetic_candles, tiled
from src.backtest.history import assumed_instrument
from src.config import load_settings
from src.domain.candle import Timeframe

SMALL = ["--sizes", "300,600", "--peer-sizes", "300", "--certify-bars", "30", "--repeats", "1"]
SMALL += ["--trials", "0", "--no-cold"]


def test_every_table_is_printed_and_no_file_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(bench, SMALL, catch_exceptions=False)
    assert done.exit_code == 0
    for said in ("candles/s", "live candle after 60 days, p99", "import, first candle"):
        assert said in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_tables_go_where_they_are_asked_to(tmp_path: Path) -> None:
    out = tmp_path / "table.txt"
    done = CliRunner().invoke(bench, [*SMALL, "--out", str(out)], catch_exceptions=False)
    assert done.stdout == ""
    assert "candles/s" in out.read_text()


def test_synthetic_candles_are_true_for_any_length() -> None:
    candles = synthetic_candles(1000, Timeframe.M5)
    candles.check(Timeframe.M5)
    assert len(candles) == 1000
    assert set(np.diff(candles.time)) == {300_000}


def test_recorded_candles_start_again_at_their_end() -> None:
    recorded = synthetic_candles(300, Timeframe.M5)
    candles = tiled(recorded, 700, Timeframe.M5)
    candles.check(Timeframe.M5)
    assert candles.close[0] == candles.close[300] == candles.close[600]
    assert set(np.diff(candles.time)) == {300_000}


def test_a_sweep_is_measured_in_one_process_and_on_every_core() -> None:
    lines = list(sweep(synthetic_candles(600, Timeframe.M5), Timeframe.M5, trials=2))
    assert lines[1] == "a sweep of 2 runs of 600 candles"
    assert lines[2].endswith("1.00 x")


def test_ticks_inside_the_candles_are_traded_beside_the_candles() -> None:
    words = {"SECRET_KEY": "x" * 32, "MARKET_DATA": "simulator", "DATABASE_URL": "sqlite:///no.db"}
    settings = load_settings({**words, "SYMBOLS": "BTCUSDT", "CONFLUENCE_THRESHOLD": "40"})
    market = synthetic_candles(6000, Timeframe.M5)
    rules = {"BTCUSDT": assumed_instrument("BTCUSDT", market)}
    start = int(market.time[3000])
    result = parity.backtested(settings, {"BTCUSDT": market}, rules, start)
    assert result.trades
    [line] = parity.drift(settings, result)
    assert line.startswith("Paper by ticks beside paper by candles: ")
    assert "median" in line
