"""A report on recorded Bybit candles, kept number by number.

UPDATE_GOLDEN=1 writes the file anew; the difference then belongs into the commit's message.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from src.backtest.examination import examination_document, examine
from src.backtest.history import market_of_files
from src.backtest.request import BacktestRequest
from src.backtest.trial import Trial, fingerprint, run_trial
from src.backtest.workers import LocalWorkers
from src.database.trial_ledger import Tried
from src.domain.candle import Timeframe

SYMBOLS = ("BTCUSDT", "ETHUSDT")
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "backtest-bybit-5m.json"
FOLDER = os.environ.get("CANDLE_DATA_DIR", "")


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every number and word of a document by where it stands."""
    items: list[tuple[object, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return {path: value}
    return {
        name: leaf for key, item in items for name, leaf in leaves(item, f"{path}/{key}").items()
    }


def report() -> dict[str, Any]:
    """The numbers of the report; no candle and no price is among them."""
    files = {
        symbol: Path(FOLDER) / f"bybit_linear_{symbol}_5m_2025-09_2026-07.csv" for symbol in SYMBOLS
    }
    market = market_of_files(files, Timeframe.M5)
    trial = Trial(BacktestRequest(SYMBOLS))
    result = run_trial(trial, market.candles, market.instruments)
    workers = LocalWorkers(market.candles, market.instruments, 1)
    examination = examine(trial, result, workers, Tried(1, ()))
    document = examination_document(examination)
    del document["fan"]
    figures = examination.outcome.figures
    return {
        "candles": fingerprint(market.candles),
        "begins_at": result.begins_at,
        "ends_at": result.ends_at,
        "figures": {name: asdict(figure) for name, figure in figures.items()},
        "refusals": result.refusals(),
        "ambiguous": result.ambiguous,
        "open_trades": len(result.open_trades),
        "first_results_in_r": list(examination.outcome.results_in_r[:20]),
        "examination": document,
    }


@pytest.mark.skipif(not FOLDER, reason="CANDLE_DATA_DIR names no recorded candles")
def test_the_report_on_recorded_candles_has_not_changed() -> None:
    found = report()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    kept = leaves(json.loads(GOLDEN.read_text(encoding="utf-8")))
    now = leaves(found)
    assert set(now) == set(kept)
    changed = {
        place: (value, now[place])
        for place, value in kept.items()
        if now[place] != (pytest.approx(value, rel=1e-8) if type(value) is float else value)
    }
    assert changed == {}
