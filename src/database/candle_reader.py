"""Reading a few candles, for people to look at."""

from sqlalchemy import select

from src.database.engines import Database
from src.database.tables import candles
from src.domain.candle import Candle, Timeframe


def candles_until(
    database: Database,
    environment: str,
    symbol: str,
    timeframe: Timeframe,
    time: int,
    count: int,
) -> list[Candle]:
    """The last `count` stored candles that begin at or before `time` (UTC ms), oldest first."""
    columns = candles.c
    query = (
        select(
            columns.open_time,
            columns.open,
            columns.high,
            columns.low,
            columns.close,
            columns.volume,
        )
        .where(
            columns.environment == environment,
            columns.symbol == symbol,
            columns.timeframe == timeframe.value,
            columns.open_time <= time,
        )
        .order_by(columns.open_time.desc())
        .limit(count)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [Candle(symbol, timeframe, *row) for row in reversed(rows)]
