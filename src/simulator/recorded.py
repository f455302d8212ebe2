"""A market made of recorded candles (CSV files)."""

import copy
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from src.domain.errors import InvalidCandle, InvalidInput
from src.simulator.bars import DAY_MS, INTERVALS, Bars
from src.simulator.contracts import Contract, contract_for_prices

HEADER = ["timestamp", "open", "high", "low", "close", "volume"]
RECORDED_FUNDING_RATE = 0.0001
_WEEK_MS = 7 * DAY_MS


class RecordedFeed:
    """Recorded candles with their own times. All files must have one candle length (1, 3, 5 m)."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        if not files:
            raise InvalidInput("A recorded market needs at least one SYMBOL=path.", "candles")
        read = {symbol: read_candles(symbol, path) for symbol, path in files.items()}
        lengths = {_candle_length(files[symbol], bars) for symbol, (_, bars) in read.items()}
        if len(lengths) > 1:
            raise InvalidInput("Recorded files must all have the same candle length.", "candles")
        self._base_ms = lengths.pop()
        self._contracts = {symbol: contract for symbol, (contract, _) in read.items()}
        self._bars = {symbol: bars for symbol, (_, bars) in read.items()}
        self._names = ", ".join(f"{symbol} from {path.name}" for symbol, path in files.items())

    def moved(self, shift_ms: int) -> "RecordedFeed":
        """The same candles, every time later by `shift_ms`."""
        moved = copy.copy(self)
        moved._bars = {
            symbol: bars._replace(time=bars.time + shift_ms) for symbol, bars in self._bars.items()
        }
        return moved

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols in the order the files were given."""
        return tuple(self._bars)

    @property
    def base_ms(self) -> int:
        """Length of a recorded candle, ms."""
        return self._base_ms

    @property
    def first_time(self) -> int:
        """When the market begins: the first instant at which every file has candles."""
        return max(int(bars.time[0]) for bars in self._bars.values())

    @property
    def end_time(self) -> int | None:
        """Close time of the newest candle of any file."""
        return max(int(bars.time[-1]) for bars in self._bars.values()) + self._base_ms

    @property
    def seed(self) -> int:
        """Seed of the path inside a candle, the only thing not recorded."""
        return 0

    @property
    def description(self) -> str:
        """Which files are served."""
        return f"recorded candles ({self._names})"

    def contract(self, symbol: str) -> Contract:
        """Trading rules of a recorded symbol."""
        return self._contracts[symbol]

    def bars(self, symbol: str, start: int, end: int) -> Bars:
        """Recorded candles with start <= open time < end."""
        return self._bars[symbol].between(start, end)

    def funding_rate(self, symbol: str, time: int) -> float:
        """The default rate: candle files hold no funding."""
        del symbol, time
        return RECORDED_FUNDING_RATE


def shift_for_history(first_time: int, origin: int, history_ms: int) -> int:
    """Milliseconds to add so that a recording starts `history_ms` before `origin` or earlier.

    Whole weeks, so that weekdays and sessions stay where they were.
    """
    return (origin - history_ms - first_time) // _WEEK_MS * _WEEK_MS


def read_candles(symbol: str, path: Path) -> tuple[Contract, Bars]:
    """Trading rules and candles of one CSV file.

    Raises InvalidInput for a missing file or a wrong header, InvalidCandle for a wrong row.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read ({error}).", "candles") from error
    if [name.strip() for name in header] != HEADER:
        raise InvalidInput(
            f"{path}: the first line must be '{','.join(HEADER)}', it is '{','.join(header)}'.",
            "candles",
        )
    if len(rows) < 2:
        raise InvalidInput(f"{path}: needs at least two candles.", "candles")
    contract = contract_for_prices(symbol, (text for row in rows for text in row[1:5]))
    return contract, _bars_of(path, rows)


def _bars_of(path: Path, rows: list[list[str]]) -> Bars:
    try:
        time = np.array([int(row[0]) for row in rows], dtype=np.int64)
        values = np.array([row[1:] for row in rows], dtype=np.float64).T
        opens, highs, lows, closes, volumes = values
    except (ValueError, IndexError) as error:
        raise InvalidCandle(f"{path}: a row is not six numbers ({error}).") from error
    wrong = (
        ~np.isfinite(values).all(axis=0)
        | (lows <= 0)
        | (highs < np.maximum(opens, closes))
        | (lows > np.minimum(opens, closes))
        | (np.diff(time, prepend=time[0] - 1) <= 0)
    )
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0]) + 2
        raise InvalidCandle(f"{path}, line {line}: not a possible candle, or time goes back.")
    return Bars(time, opens, highs, lows, closes, volumes, volumes * (highs + lows + closes) / 3)


def _candle_length(path: Path, bars: Bars) -> int:
    length = int(np.diff(bars.time).min())
    if length not in (INTERVALS["1"], INTERVALS["3"], INTERVALS["5"]) or (bars.time % length).any():
        raise InvalidInput(
            f"{path}: candles of 1, 3 or 5 minutes are needed, these are {length} ms apart.",
            "candles",
        )
    return length
