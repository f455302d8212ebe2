"""`make bench` measures, prints and leaves nothing behind. How fast is not a test's business."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bench.__main__ import bench
from bench.candles import synthetic_candles, tiled
from src.domain.candle import Timeframe

SMALL = ["--sizes", "300,600", "--peer-sizes", "300", "--certify-bars", "30", "--repeats", "1"]


def test_every_table_is_printed_and_no_file_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    before = {path.name for path in Path.cwd().iterdir()}
    done = CliRunner().invoke(bench, SMALL, catch_exceptions=False)
    assert done.exit_code == 0
    for said in ("candles/s", "live candle after 60 days, p99", "import, first candle"):
        assert said in done.stdout
    assert {path.name for path in Path.cwd().iterdir()} == before


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
