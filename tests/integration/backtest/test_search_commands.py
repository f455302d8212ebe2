"""`flask optimise`, `walk-forward` and `ablate` as a person runs them, on files of candles."""

import json
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from src.database import TrialLedger, open_database
from src.database.trial_ledger import Market
from src.domain.candle import DAY_MS
from tests import commands
from tests.unit.backtest.market import market

DAYS = 30
CANDLES = market(("BTCUSDT",), DAYS)["BTCUSDT"]
LOOSE = ("--parameter", "confluence_threshold=20,30", "--parameter", "minimum_reward=1.0,1.5")
QUICK = (*LOOSE, "--trials", "4", "--processes", "1")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "FLASK_ENV": "development",
        "SECRET_KEY": "a key of a test that nobody else should ever use",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'trading.db'}",
        "MARKET_DATA": "simulator",
    }


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "BTCUSDT.csv"
    columns = (CANDLES.time, CANDLES.open, CANDLES.high, CANDLES.low, CANDLES.close)
    rows = (",".join(map(str, row)) + ",1" for row in zip(*columns, strict=True))
    path.write_text("timestamp,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    return str(path)


def flask(environment: dict[str, str], words: Sequence[str], fails: bool = False) -> str:
    done = commands.flask(environment, *words)
    assert bool(done.exit_code) is fails, done.output
    return done.output


def ledger(environment: dict[str, str]) -> TrialLedger:
    return TrialLedger(open_database(environment["DATABASE_URL"]))


def test_the_best_of_a_search_is_judged_by_all_that_was_tried(
    environment: dict[str, str], file: str
) -> None:
    words = ("optimise", "--candles", file, "--seed", "2", *QUICK, "--open-sealed")
    said = flask(environment, words)
    best = re.search(r"Best of (\d+) different trials: confluence_", said)
    assert best is not None
    assert 0 < said.index("R per trade, 95 % CI") < best.start()
    kept = ledger(environment).latest(100)
    searched = sum(entry.purpose == "optimise" for entry in kept)
    assert int(best.group(1)) == searched
    assert "twice the costs" in said
    assert "opened once" in said
    assert {entry.purpose for entry in kept} == {"optimise", "altered", "sealed"}
    assert {entry.market.source for entry in kept} == {"unknown"}
    assert ledger(environment).tried(Market(("BTCUSDT",), "5m", "bybit")).count <= 5
    assert "opened before" in flask(environment, words, fails=True)
    assert len(ledger(environment).latest(100)) == len(kept)


def test_walking_forward_tells_every_fold(environment: dict[str, str], file: str) -> None:
    words = ("walk-forward", "--candles", file, "--folds", "2", "--sealed", "0", *QUICK)
    said = flask(environment, words)
    assert said.startswith("Outside the training: ")
    assert said.endswith("n = 2 folds).\nRead were candles of unknown source.\n")
    assert flask(environment, words) == said
    assert {entry.purpose for entry in ledger(environment).latest(100)} == {"walk_forward"}


def test_every_component_is_left_out_once(environment: dict[str, str], file: str) -> None:
    """With every option left as it is, so on every core."""
    said = flask(environment, ("ablate", "--candles", file))
    assert said.count("without ") == 8
    assert "everything, R per trade" in said
    assert "Read were candles of unknown source; from 2025-08-30 00:00 UTC on" in said
    listed = flask(environment, ("trials",))
    assert listed.count("altered") == 8
    assert listed.count("backtest") == 1


def test_what_is_set_holds_in_every_trial(environment: dict[str, str], file: str) -> None:
    held = ("--candles", file, "--set", "setup_bars=36")
    flask(environment, ("optimise", *held, *QUICK))
    flask(environment, ("walk-forward", *held, "--folds", "2", *QUICK))
    flask(environment, ("ablate", *held, "--processes", "1"))
    kept = [entry.parameters["request"] for entry in ledger(environment).latest(100)]
    assert len(kept) > 10
    for request in kept:
        assert isinstance(request, dict)
        assert request["parameters"]["setup_bars"] == 36


def test_a_single_run_is_a_trial_as_well(environment: dict[str, str], file: str) -> None:
    said = flask(environment, ("backtest", "--candles", file))
    assert said.index("R per trade") < said.index("Costs: ") < said.index("Guards: ")
    purposes = [entry.purpose for entry in ledger(environment).latest(100)]
    assert purposes == ["altered", "altered", "backtest"]


def test_a_file_counts_for_every_market_until_somebody_says_whose_candles_it_holds(
    environment: dict[str, str], file: str, tmp_path: Path
) -> None:
    out = tmp_path / "report.json"
    said = flask(environment, ("backtest", "--candles", file, "--out", str(out)))
    assert "BTCUSDT 5m, candles of unknown source, " in said
    assert "Nobody said whose candles these are" in said
    assert json.loads(out.read_text())["source"] == "unknown"
    told = flask(environment, ("backtest", "--candles", file, "--market", "simulator"))
    assert "BTCUSDT 5m, the simulator's candles, " in told
    again = ("backtest", "--candles", file, "--market", "simulator", "--set", "setup_bars=30")
    flask(environment, again)
    bitcoin = {source: Market(("BTCUSDT",), "5m", source) for source in ("bybit", "simulator")}
    assert ledger(environment).tried(bitcoin["simulator"]).count == 2
    assert ledger(environment).tried(bitcoin["bybit"]).count == 1
    listed = flask(environment, ("trials", "--limit", "1"))
    assert "simulator" in listed


def test_a_search_ends_where_it_was_told_to(environment: dict[str, str], file: str) -> None:
    """A file is read whole; what lies behind --to is for nobody, and nothing of it is sealed."""
    end = int(CANDLES.time[0]) + 20 * DAY_MS
    words = (
        "ablate",
        "--candles",
        file,
        "--processes",
        "1",
        "--to",
        f"{datetime.fromtimestamp(end / 1000, UTC):%Y-%m-%d}",
    )
    flask(environment, words)
    for entry in ledger(environment).latest(100):
        asked = entry.parameters["request"]
        assert isinstance(asked, dict)
        assert asked["end"] == end - 4 * DAY_MS


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("optimise",), "Name SYMBOLS"),
        (("optimise", "--parameter", "luck"), "not a parameter to search"),
        (("walk-forward", "--folds", "1"), "nothing to test"),
        (("walk-forward", "--embargo-days", "nan"), "is no number"),
        (("optimise", "--sealed", "nan"), "is no number"),
        (("optimise", "--seed", "-1"), "not in the range"),
        (("backtest", "--seed", "4294967296"), "not in the range"),
        (("optimise", "--processes", "0"), "0 processes run nothing"),
        (("optimise", "--scheduler", "somewhere"), "is no address"),
        (("ablate", "--set", "luck=1"), "not a parameter to search"),
        (("optimise", "--set", "setup_bars=24", "--parameter", "setup_bars"), "set or searched"),
        (("optimise", "--parameter", "minimum_reward=inf"), "inf is no value"),
        (("optimise", "--parameter", "setup_bars=99999999999"), "is no value"),
    ],
)
def test_what_cannot_be_done_is_said(
    environment: dict[str, str], file: str, words: tuple[str, ...], sentence: str
) -> None:
    named = () if words == ("optimise",) else ("--candles", file)
    assert sentence in flask(environment, (*words, *named), fails=True)
