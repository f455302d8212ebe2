"""Recorded candles are read strictly."""

from pathlib import Path

import pytest

from src.domain.errors import InvalidCandle, InvalidInput
from src.simulator.bars import DAY_MS
from src.simulator.recorded import RecordedFeed, read_candles, shift_for_history

HEADER = "timestamp,open,high,low,close,volume\n"
ROWS = "600000,100.5,101,100,100.5,3\n900000,100.5,102.25,100,101,4\n"


def written(directory: Path, text: str, name: str = "candles.csv") -> Path:
    file = directory / name
    file.write_text(text)
    return file


def test_a_good_file_gives_its_candles_and_a_tick_as_fine_as_its_prices(tmp_path: Path) -> None:
    feed = RecordedFeed({"XYZUSDT": written(tmp_path, HEADER + ROWS)})
    assert feed.base_ms == 300_000
    assert (feed.first_time, feed.end_time) == (600_000, 1_200_000)
    assert feed.contract("XYZUSDT").tick_size == "0.01"
    assert feed.bars("XYZUSDT", 600_001, 1_200_000).high.tolist() == [102.25]


def test_a_wrong_header_is_refused_with_both_headers_in_the_message(tmp_path: Path) -> None:
    file = written(tmp_path, "time,open,high,low,close,volume\n" + ROWS)
    with pytest.raises(InvalidInput, match=r"must be 'timestamp,open.*it is 'time,open"):
        read_candles("XYZUSDT", file)


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_candles("XYZUSDT", tmp_path / "absent.csv")
    with pytest.raises(InvalidInput, match="first line must be"):
        read_candles("XYZUSDT", written(tmp_path, ""))
    with pytest.raises(InvalidInput, match="at least two candles"):
        read_candles("XYZUSDT", written(tmp_path, HEADER))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1200000,100,99,98,100,1", "line 4: not a possible candle"),
        ("900000,100,101,99,100,1", "line 4: .*time goes back"),
        ("1200000,100,101,nan,100,1", "line 4: not a possible candle"),
        ("1200000,100,101,x,100,1", "not six numbers"),
        ("1200000,100,101", "not six numbers"),
    ],
)
def test_an_impossible_row_is_refused_by_its_line(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InvalidCandle, match=message):
        read_candles("XYZUSDT", written(tmp_path, HEADER + ROWS + row + "\n"))


def test_candles_of_an_hour_are_too_long_to_play(tmp_path: Path) -> None:
    rows = "3600000,1,1,1,1,1\n7200000,1,1,1,1,1\n"
    with pytest.raises(InvalidInput, match="1, 3 or 5 minutes"):
        RecordedFeed({"XYZUSDT": written(tmp_path, HEADER + rows)})


def test_a_shift_keeps_weekdays_and_leaves_room_for_history() -> None:
    first, origin = 1_758_672_000_000, 1_795_000_000_000
    shift = shift_for_history(first, origin, 63 * DAY_MS)
    assert shift % (7 * DAY_MS) == 0
    assert first + shift <= origin - 63 * DAY_MS < first + shift + 7 * DAY_MS
