"""`flask analyze`: events as JSON lines in order, states as CSV."""

import csv
import io
import json
from pathlib import Path

import pytest

from src.domain.errors import InvalidInput
from src.strategy.analyze import Analysis, write_bars, write_events
from src.strategy.codes import KINDS
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import walk

PARAMETERS = StrategyParameters(internal_degree=3, external_degree=10)
CANDLES = walk(2, 3000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("analyze") / "candles.csv"
    lines = ["timestamp,open,high,low,close,volume"]
    for t in range(len(CANDLES)):
        prices = (column[t] for column in (CANDLES.open, CANDLES.high, CANDLES.low, CANDLES.close))
        lines.append(",".join([str(CANDLES.time[t]), *(str(float(x)) for x in prices), "1"]))
    file.write_text("\n".join(lines) + "\n")
    return file


def test_events_are_json_lines_in_order_of_bar_and_kind_within_a_step(path: Path) -> None:
    out = io.StringIO()
    count = write_events(Analysis(path, "5m"), out, PARAMETERS)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(events) == count
    assert [e["t"] for e in events] == sorted(e["t"] for e in events)
    assert {e["kind"] for e in events} == set(KINDS) - {"smt"}
    for event in events:
        assert event["ts"] == CANDLES.time[event["t"]]
        assert event["dir"] in (1, -1)
    for kind in KINDS:
        born: list[int] = []
        for event in events:
            if event["kind"] == kind and event["id"] not in born[-500:]:
                born.append(event["id"])
        first_seen = list(dict.fromkeys(born))
        assert first_seen == sorted(first_seen)


def test_bars_are_the_state_after_each_close(path: Path) -> None:
    out = io.StringIO()
    assert write_bars(Analysis(path, "5m"), out, PARAMETERS) == len(CANDLES)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    for t, row in enumerate(rows):
        assert (int(row["t"]), int(row["ts"])) == (t, CANDLES.time[t])
        assert row["atr"].strip() == "" if t < 13 else float(row["atr"]) > 0
        if row["range_pos"]:
            low, high = float(row["range_low"]), float(row["range_high"])
            assert float(row["range_pos"]) == (CANDLES.close[t] - low) / (high - low)
        assert row["bias"] in ("-1", "0", "1")
    assert rows[0]["range_high"] == ""
    assert {row["dol_dir"] for row in rows} == {""}, "no draw before 14 days have closed"


def test_describing_bars_does_not_change_what_is_found(path: Path) -> None:
    """The same bars with and without the second symbol differ only where SMT counts."""
    alone, paired = io.StringIO(), io.StringIO()
    write_bars(Analysis(path, "5m"), alone, PARAMETERS)
    write_bars(Analysis(path, "5m", smt=path), paired, PARAMETERS)
    assert alone.getvalue() == paired.getvalue(), "a market never diverges from itself"


def test_an_unknown_timeframe_is_refused(path: Path) -> None:
    with pytest.raises(InvalidInput, match="7m is not a timeframe; known are 1m"):
        write_events(Analysis(path, "7m"), io.StringIO())
