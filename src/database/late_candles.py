"""Which candles came after other symbols' of the same instant: no decision knew both."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, Text, select

from src.database.columns import BigInt, metadata
from src.database.upsert import upsert
from src.domain.candle import Candle, Timeframe

late_candles = Table(
    "late_candles",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("timeframe", Text, primary_key=True),
    Column("open_time", BigInt, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)


def add_late(connection: Connection, environment: str, late: Sequence[Candle]) -> None:
    """Remember that these came after other symbols' candles of the same instant."""
    for candle in late:
        key = {
            "environment": environment,
            "symbol": candle.symbol,
            "timeframe": candle.timeframe.value,
            "open_time": candle.open_time,
        }
        upsert(connection, late_candles, key, {"open_time": candle.open_time})


def late_times(
    connection: Connection, environment: str, symbol: str, timeframe: Timeframe
) -> frozenset[int]:
    """Open times of the late candles of one series."""
    column = late_candles.c
    query = select(column.open_time).where(
        column.environment == environment,
        column.symbol == symbol,
        column.timeframe == timeframe.value,
    )
    return frozenset(connection.execute(query).scalars())
