"""Candles in files: CSV and Parquet, with the same six columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from src.domain.candle import Candle, Timeframe
from src.domain.errors import InvalidCandle, InvalidInput
from src.strategy.candle_arrays import HEADER, CandleArrays, InvalidBar, refuse_longer
from src.strategy.compiled import Floats

CSV, PARQUET = ".csv", ".parquet"
_TYPES = {name: pa.int64() if name == "timestamp" else pa.float64() for name in HEADER}


@dataclass(frozen=True, slots=True)
class CandleColumns:
    """Candles with their volume (base units), oldest first."""

    prices: CandleArrays
    volume: Floats

    def __len__(self) -> int:
        return len(self.volume)

    def candles(self, symbol: str, timeframe: Timeframe) -> Iterator[Candle]:
        """The same as objects."""
        prices = self.prices
        columns = (prices.time, prices.open, prices.high, prices.low, prices.close, self.volume)
        return (
            Candle(symbol, timeframe, *row)
            for row in zip(*(column.tolist() for column in columns), strict=True)
        )


def read_candle_file(path: Path, timeframe: Timeframe) -> CandleColumns:
    """Candles of a file named .csv or .parquet with the columns timestamp, open, high, low, close
    and volume; a timestamp is the open time in UTC ms.

    Raises InvalidInput when the file cannot be read as that, holds nothing or holds longer
    candles, InvalidCandle for a wrong bar.
    """
    table = _read(path)
    if table.column_names != HEADER:
        raise InvalidInput(
            f"{path} must have the columns {','.join(HEADER)}; it has "
            f"{','.join(table.column_names)}.",
            "candles",
        )
    try:
        columns = [table.column(name).cast(_TYPES[name]).to_numpy() for name in HEADER]
    except pa.ArrowInvalid as error:
        raise InvalidInput(f"{path}: {error}", "candles") from error
    prices = CandleArrays(columns[0], *columns[1:5])
    volume = columns[5]
    if not len(volume):
        raise InvalidInput(f"{path} holds no candles.", "candles")
    try:
        prices.check(timeframe)
    except InvalidBar as wrong:
        raise InvalidBar(wrong.bar, f"{path}: {wrong}") from wrong
    if not np.all(np.isfinite(volume) & (volume >= 0)):
        raise InvalidCandle(f"{path}: a volume is not a number, or below zero.")
    refuse_longer(path, prices, timeframe)
    return CandleColumns(prices, volume)


def write_candle_file(path: Path, columns: CandleColumns) -> None:
    """Write a file named .csv or .parquet that `read_candle_file` reads back as it is.

    Raises InvalidInput for another ending or a place that cannot be written to.
    """
    prices = columns.prices
    values = (prices.time, prices.open, prices.high, prices.low, prices.close, columns.volume)
    table = pa.table(dict(zip(HEADER, values, strict=True)))
    try:
        match path.suffix:
            case ".csv":
                with path.open("wb") as file:
                    file.write(f"{','.join(HEADER)}\n".encode())
                    csv.write_csv(table, file, csv.WriteOptions(include_header=False))
            case ".parquet":
                parquet.write_table(table, path, compression="zstd")
            case _:
                raise _unknown(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error}", "out") from error


def _read(path: Path) -> pa.Table:
    try:
        match path.suffix:
            case ".csv":
                convert = csv.ConvertOptions(column_types=_TYPES)
                return csv.read_csv(path, convert_options=convert)
            case ".parquet":
                return parquet.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidInput(f"{path} cannot be read: {error}", "candles") from error
    raise _unknown(path)


def _unknown(path: Path) -> InvalidInput:
    return InvalidInput(f"{path} is neither a {CSV} nor a {PARQUET} file.", "candles")
