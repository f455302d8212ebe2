"""A download asks for what is missing, and tells how far it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from src.backtest.download import CANDLES_A_STEP, DownloadProgress, download_candles
from src.database import migrate, open_database
from src.database.candle_history import CandleHistory, Span
from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidInput
from src.domain.instrument import Instrument
from tests.unit.backtest.market import INSTRUMENTS, ORIGIN

SYMBOL, MINUTE = "BTCUSDT", Timeframe.M1
STEP = MINUTE.milliseconds
END = ORIGIN + 2 * CANDLES_A_STEP * STEP


class Venue:
    """A market whose candles of some stretches were never made."""

    def __init__(self, *holes: Span) -> None:
        self.asked: list[Span] = []
        self._holes = holes

    def server_time(self) -> int:
        return END + 10 * STEP

    def instruments(self, symbols: Sequence[str]) -> Mapping[str, Instrument]:
        return {symbol: INSTRUMENTS[symbol] for symbol in symbols}

    def candles(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Candle]:
        self.asked.append(Span(start, end))
        return [
            Candle(symbol, timeframe, time, 100.0, 101.0, 99.0, 100.0, 1.0)
            for time in range(start, end, STEP)
            if not any(hole.start <= time < hole.end for hole in self._holes)
        ]


@pytest.fixture
def history(tmp_path: Path) -> CandleHistory:
    url = f"sqlite:///{tmp_path / 'trading.db'}"
    migrate(url)
    return CandleHistory(open_database(url), "simulator")


def test_only_what_is_missing_is_asked_for(history: CandleHistory) -> None:
    holes = (
        Span(ORIGIN + 50 * STEP, ORIGIN + 60 * STEP),
        Span(ORIGIN + 90 * STEP, ORIGIN + 91 * STEP),
    )
    venue, told = Venue(*holes), list[DownloadProgress]()
    half = ORIGIN + CANDLES_A_STEP * STEP
    download_candles(venue, history, SYMBOL, MINUTE, ORIGIN, half, told.append)
    venue.asked.clear()
    found = download_candles(venue, history, SYMBOL, MINUTE, ORIGIN, END, told.append)
    assert venue.asked == [*holes, Span(half, END)]
    assert found.added == CANDLES_A_STEP
    assert found.gaps == holes
    total = CANDLES_A_STEP + 11
    assert [(one.done, one.total) for one in told[-4:]] == [
        (done, total) for done in (0, 10, 11, total)
    ]


def test_dates_without_a_closed_candle_are_refused(history: CandleHistory) -> None:
    venue = Venue()
    for start, end, sentence in (
        (END, ORIGIN, "must lie after"),
        (END + 20 * STEP, END + 30 * STEP, "No candle has closed"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            download_candles(venue, history, SYMBOL, MINUTE, start, end, lambda _told: None)
