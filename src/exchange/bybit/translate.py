"""Bybit's JSON and the domain's words, in both directions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from src.domain.candle import Candle, Tick, Timeframe
from src.domain.instrument import Instrument

INTERVAL_OF: Mapping[Timeframe, str] = {
    Timeframe.M1: "1",
    Timeframe.M3: "3",
    Timeframe.M5: "5",
    Timeframe.M15: "15",
    Timeframe.M30: "30",
    Timeframe.H1: "60",
    Timeframe.H2: "120",
    Timeframe.H4: "240",
    Timeframe.H6: "360",
    Timeframe.H12: "720",
    Timeframe.D1: "D",
}
"""V5 interval names."""

_TIMEFRAME_OF = {interval: timeframe for timeframe, interval in INTERVAL_OF.items()}


def candle_of_row(symbol: str, timeframe: Timeframe, row: Sequence[str]) -> Candle:
    """A candle from a REST row `start, open, high, low, close, volume, turnover`."""
    start, opening, high, low, close, volume = row[:6]
    return Candle(
        symbol, timeframe, int(start),
        float(opening), float(high), float(low), float(close), float(volume),
    )  # fmt: skip


def candles_of_push(message: Mapping[str, Any]) -> list[Candle]:
    """The confirmed candles of a `kline` push; the open ones are not facts yet."""
    symbol = str(message["topic"]).rpartition(".")[2]
    return [
        Candle(
            symbol, _TIMEFRAME_OF[str(row["interval"])], int(row["start"]),
            float(row["open"]), float(row["high"]), float(row["low"]), float(row["close"]),
            float(row["volume"]),
        )
        for row in message["data"]
        if row["confirm"] is True
    ]  # fmt: skip


def tick_of_push(message: Mapping[str, Any]) -> Tick:
    """The traded price in a merged `tickers` push; `ts` is the exchange's event time."""
    fields = message["data"]
    last = float(fields["lastPrice"])
    return Tick(
        symbol=str(fields["symbol"]),
        time=int(message["ts"]),
        last=last,
        mark=_number(fields.get("markPrice"), last),
        bid=_number(fields.get("bid1Price"), last),
        ask=_number(fields.get("ask1Price"), last),
        funding_rate=_number(fields.get("fundingRate"), 0.0),
        next_funding_time=int(fields.get("nextFundingTime") or 0),
    )


def instrument_of(row: Mapping[str, Any]) -> Instrument:
    """Trading rules from a row of `instruments-info`."""
    lot, price = row["lotSizeFilter"], row["priceFilter"]
    return Instrument(
        symbol=str(row["symbol"]),
        tick_size=Decimal(price["tickSize"]),
        quantity_step=Decimal(lot["qtyStep"]),
        min_quantity=Decimal(lot["minOrderQty"]),
        # A market order has the tighter limit, and a stop is a market order.
        max_quantity=min(Decimal(lot["maxOrderQty"]), Decimal(lot["maxMktOrderQty"])),
        min_notional=Decimal(lot.get("minNotionalValue") or "0"),
        max_leverage=Decimal(row["leverageFilter"]["maxLeverage"]),
        funding_interval_minutes=int(row["fundingInterval"]),
    )


def _number(text: object, missing: float) -> float:
    """An empty string is a legal number-in-waiting on Bybit."""
    return float(str(text)) if text not in (None, "") else missing
