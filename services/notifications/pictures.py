"""Finds what a picture shows: the candles around a signal or trade."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notifications.picture import CANDLES, draw, levels_of
from src.database import Database
from src.database.candle_reader import candles_until
from src.domain.candle import Timeframe


class Pictures:
    """Draws for one environment from the candles it has stored."""

    def __init__(self, database: Database, environment: str, timeframe: Timeframe) -> None:
        self._database = database
        self._environment = environment
        self._timeframe = timeframe

    def __call__(self, payload: Mapping[str, Any]) -> bytes | None:
        """The PNG of a payload about a signal or a trade; None for others."""
        subject = payload.get("trade") or payload.get("signal")
        if subject is None:
            return None
        moment = subject.get("exitTime") or subject.get("entryTime") or subject.get("time")
        candles = candles_until(
            self._database,
            self._environment,
            subject["symbol"],
            self._timeframe,
            int(datetime.fromisoformat(moment).timestamp() * 1000),
            CANDLES,
        )
        return draw(
            candles,
            levels_of(
                subject["entryPrice"],
                subject["stopLoss"],
                subject["takeProfit"],
                subject.get("exitPrice"),
            ),
        )
