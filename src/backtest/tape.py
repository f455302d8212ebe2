"""One symbol's candles, of which the paper venue is shown only those that matter to it."""

from bisect import bisect_right

from src.domain.candle import Candle, Timeframe
from src.domain.order import OrderKind, OrderRequest
from src.domain.ports import Broker
from src.domain.trade import Trade
from src.exchange.paper.scan import first_entry, first_exit
from src.strategy.candle_arrays import CandleArrays

NONE_SHOWN = -1


class Tape:
    """Candles by number, oldest first. Instants are close times, UTC ms."""

    def __init__(self, symbol: str, timeframe: Timeframe, candles: CandleArrays) -> None:
        self._symbol = symbol
        self._timeframe = timeframe
        self._step = timeframe.milliseconds
        self._candles = candles
        self._times: list[int] = candles.time.tolist()
        self._shown = NONE_SHOWN

    def __len__(self) -> int:
        return len(self._times)

    def closed_until(self, instant: int) -> int:
        """How many candles have closed at `instant`."""
        return bisect_right(self._times, instant - self._step)

    def close_time(self, number: int) -> int:
        """When candle `number` closed."""
        return self._times[number] + self._step

    def close(self, number: int) -> float:
        """Closing price of candle `number`."""
        return self._candles.close.item(number)

    def after_hole(self, number: int) -> bool:
        """Whether candles are missing right before candle `number`."""
        times = self._times
        return number > 0 and times[number] - times[number - 1] != self._step

    def show(self, number: int, broker: Broker) -> None:
        """Let the venue see candle `number`, unless it saw it or a later one already."""
        if number <= self._shown or number < 0:
            return
        self._shown = number
        candles = self._candles
        broker.observe(
            Candle(
                self._symbol,
                self._timeframe,
                self._times[number],
                candles.open.item(number),
                candles.high.item(number),
                candles.low.item(number),
                candles.close.item(number),
                0.0,
            )
        )

    def entry_at(self, request: OrderRequest, first: int, last: int) -> int:
        """The candle of [first, last) that fills the entry, else `last`."""
        if request.kind is OrderKind.MARKET:
            return min(first, last)
        candles = self._candles
        return first_entry(
            int(request.direction),
            float(request.price),
            candles.open,
            candles.high,
            candles.low,
            first,
            last,
        )

    def exit_at(self, trade: Trade, first: int) -> int:
        """The first candle from `first` on that ends the trade, else how many there are."""
        candles = self._candles
        return first_exit(
            int(trade.direction),
            float(trade.stop_loss),
            float(trade.take_profit),
            candles.open,
            candles.high,
            candles.low,
            first,
            len(self),
        )
