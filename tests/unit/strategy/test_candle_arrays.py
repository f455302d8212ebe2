"""Candles from CSV, and refusals that name the bar."""

from pathlib import Path

import numpy as np
import pytest

from src.domain.candle import Candle
from src.domain.errors import InvalidCandle, InvalidInput
from src.strategy.candle_arrays import CandleArrays, read_candles
from src.strategy.export import analyse
from src.strategy.fold import Fold
from src.strategy.parameters import StrategyParameters
from tests.unit.strategy.walks import M5, START, Bar, walk

HEADER = "timestamp,open,high,low,close,volume\n"


def test_a_file_is_read_as_columns(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv"
    path.write_text(f"{HEADER}{START},1,3,0.5,2,10\n{START + 300_000},2,2,2,2,0\n")
    candles = read_candles(path, M5)
    assert list(candles.time) == [START, START + 300_000]
    assert list(candles.low) == [0.5, 2.0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{START + 300_000},1,nan,1,1,1", "bar 1 .*finite and above zero"),
        (f"{START + 300_000},1,1,0,1,1", "bar 1 .*finite and above zero"),
        (f"{START + 300_000},1,1,-1,1,1", "bar 1 .*finite and above zero"),
        (f"{START + 300_000},1,inf,1,1,1", "bar 1 .*finite and above zero"),
        (f"{START + 300_000},1,1e306,1,1,1", "bar 1 .*as large or as small"),
        (f"{START + 300_000},1,1,1e-306,1,1", "bar 1 .*as large or as small"),
        (f"{START + 300_000},1,2,1.5,1.7,1", "bar 1 .*do not enclose"),
        (f"{START},1,1,1,1,1", "bar 1 .*not after"),
        (f"{START + 1},1,1,1,1,1", "bar 1 .*does not start a 5m candle"),
        ("99999999999900000,1,1,1,1,1", "bar 1 .*not a date"),
    ],
)
def test_a_bar_that_cannot_be_true_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "candles.csv"
    path.write_text(f"{HEADER}{START},1,1,1,1,1\n{line}\n")
    with pytest.raises(InvalidCandle, match=said):
        read_candles(path, M5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,open\n", "must begin with the line"),
        ("", "must begin with the line"),
        (f"{HEADER}{START},1,1\n", "line 2: expected six numbers"),
        (f"{HEADER}{START},1,1,1,1,1,1\n", "line 2: expected six numbers"),
        (f"{HEADER}{START},1,1,1,one,1\n", "line 2: expected six numbers"),
        (f"{HEADER}{START},1,1,1,1,-1\n", "line 2: the volume is -1"),
        (f"{HEADER}{START},1,1,1,1,nan\n", "line 2: the volume is nan"),
        (f"{HEADER}{START},1,1,1,1,inf\n", "line 2: the volume is inf"),
        (
            f"{HEADER}{START},1,1,1,1,1\n{START + 900_000},1,1,1,1,1\n",
            "nearest are 15 minutes apart",
        ),
    ],
)
def test_a_file_that_is_not_candles_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "candles.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read_candles(path, M5)


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((1, float("nan"), 1, 1), "finite and above zero"),
        ((1, 1, 0, 1), "finite and above zero"),
        ((1, 1e306, 1, 1), "as large or as small"),
        ((1, 1, 1e-306, 1), "as large or as small"),
        ((1, 2, 1.5, 1.7), "do not enclose"),
    ],
)
def test_a_live_candle_that_cannot_be_true_is_named_too(prices: Bar, said: str) -> None:
    with pytest.raises(InvalidCandle, match=f"BTCUSDT 5m candle at {START}: .*{said}"):
        Candle("BTCUSDT", M5, START, *prices, 1.0)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_candles(tmp_path / "nowhere.csv", M5)


def test_no_candles_give_no_events() -> None:
    nothing = CandleArrays(np.zeros(0, np.int64), *(np.zeros(0) for _ in range(4)))
    assert list(analyse(nothing, M5, StrategyParameters())) == []


def test_a_wrong_candle_of_the_second_market_is_named_too() -> None:
    candles, other = walk(5, 50), walk(6, 50)
    other.high[7] = np.nan
    with pytest.raises(InvalidCandle, match=r"bar 7 .*finite and above zero"):
        list(analyse(candles, M5, StrategyParameters(), peer=other))


def test_smt_needs_both_markets_to_disagree() -> None:
    """A market agrees with itself and disagrees with its negative."""
    candles = walk(5, 2000)
    parameters = StrategyParameters(internal_degree=3, external_degree=10)

    def count(inverse: bool) -> int:
        events = analyse(candles, M5, parameters, peer=candles, inverse_peer=inverse)
        return sum(event["kind"] == "smt" for event in events)

    assert count(inverse=False) == 0
    assert count(inverse=True) > 0


def test_smt_is_silent_where_the_second_market_has_no_candles() -> None:
    candles, other = walk(5, 2000), walk(6, 2000)
    kept = np.arange(len(other)) % 7 > 0
    patchy = CandleArrays(
        other.time[kept], *(x[kept] for x in (other.open, other.high, other.low, other.close))
    )
    parameters = StrategyParameters(internal_degree=3, external_degree=10)

    def confirmed(peer: CandleArrays | None) -> int:
        events = analyse(candles, M5, parameters, peer=peer)
        return sum(event["kind"] == "smt" for event in events)

    assert confirmed(None) == 0
    assert confirmed(patchy) == 0
    assert confirmed(other) > 0


def test_rows_are_the_same_from_columns_that_may_only_be_read_or_lie_apart() -> None:
    candles = walk(5, 50)
    table = np.stack((candles.open, candles.high, candles.low, candles.close), axis=1)
    table.setflags(write=False)
    time = candles.time.copy()
    time.setflags(write=False)
    apart = CandleArrays(time, *(table[:, column] for column in range(4)))
    assert apart.rows().tobytes() == candles.rows().tobytes()
    assert b"".join(rows.tobytes() for rows in apart.stretches(7)) == candles.rows().tobytes()


def test_rows_that_lie_apart_are_folded_like_any_others() -> None:
    rows = walk(5, 400).rows()
    doubled = np.repeat(rows, 2)
    plain, apart = (
        Fold(StrategyParameters(), M5.milliseconds, 0.5, record_events=True) for _ in range(2)
    )
    told = plain.feed(rows).events.tobytes()
    assert apart.feed(doubled[::2]).events.tobytes() == told
    assert apart.state.memory.tobytes() == plain.state.memory.tobytes()
