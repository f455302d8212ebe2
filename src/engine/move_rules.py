"""Where a trader may move the stop and the target of an open trade.

A stop protects: it lies on the losing side of the present price, and moving it away from the price
is refused where it would cost more than one trade may risk. It goes to the tick away from the
entry, so that a stop beyond the entry keeps at least what was asked for. A target goes to the tick
where we receive less, as at the entry.
"""

from collections.abc import Mapping
from decimal import Decimal

from src.domain.errors import RefusedOrder
from src.domain.instrument import Instrument
from src.domain.order import Direction, OrderKind
from src.domain.trade import Balance, Trade
from src.engine.sizing import EntryPlan, RiskSettings, loss_if_stopped, readable


class MoveRules:
    """The rules of one account; `marks` are the last prices seen, by symbol."""

    def __init__(
        self,
        settings: RiskSettings,
        instruments: Mapping[str, Instrument],
        marks: Mapping[str, Decimal],
    ) -> None:
        self._settings = settings
        self._instruments = instruments
        self._marks = marks

    def sees(self, trade: Trade) -> bool:
        """Whether a price was seen that a move can be judged by; the checks need one."""
        return trade.symbol in self._marks

    def stop_level(self, trade: Trade, price: Decimal | None) -> Decimal:
        """Where a stop asked for at `price` goes; None means break-even. Raises RefusedOrder.

        Break-even is the entry price plus the fees paid and the taker fee of leaving there, before
        slippage and funding.
        """
        instrument = self._instrument(trade)
        wanted = self._break_even(trade) if price is None else price
        beyond_entry = wanted > trade.entry_price
        return instrument.price_up(wanted) if beyond_entry else instrument.price_down(wanted)

    def target_level(self, trade: Trade, price: Decimal) -> Decimal:
        """Where a target asked for at `price` goes. Raises RefusedOrder."""
        instrument = self._instrument(trade)
        down = trade.direction is Direction.LONG
        return instrument.price_down(price) if down else instrument.price_up(price)

    def check_stop(self, trade: Trade, stop: Decimal, balance: Balance) -> None:
        """Raises RefusedOrder, with the reason, where the stop may not be moved to."""
        last, sign = self._marks[trade.symbol], int(trade.direction)
        if stop <= 0 or (last - stop) * sign <= 0:
            side = "below" if trade.direction is Direction.LONG else "above"
            raise RefusedOrder(
                f"A stop at {readable(stop)} would not protect: the stop of a "
                f"{trade.direction.word} has to lie {side} the present price {readable(last)}."
            )
        if (trade.stop_loss - stop) * sign <= 0:
            return
        allowed = max(balance.equity * self._settings.risk_per_trade, trade.risk_amount)
        loss = self._loss_at(trade, stop)
        if loss > allowed:
            raise RefusedOrder(
                f"A stop at {readable(stop)} would cost {loss:.2f} with fees; one trade may risk "
                f"{allowed:.2f}. The stop stays at {readable(trade.stop_loss)}."
            )

    def check_target(self, trade: Trade, target: Decimal) -> None:
        """Raises RefusedOrder, with the reason, where the target may not be moved to."""
        last = self._marks[trade.symbol]
        if target <= 0 or (target - last) * int(trade.direction) <= 0:
            side = "above" if trade.direction is Direction.LONG else "below"
            raise RefusedOrder(
                f"A target at {readable(target)} would be traded at once: the target of a "
                f"{trade.direction.word} has to lie {side} the present price {readable(last)}."
            )

    def _break_even(self, trade: Trade) -> Decimal:
        """The price at which leaving brings back what entering cost, fees included."""
        sign, rate = int(trade.direction), self._settings.taker_fee_rate
        paid = trade.entry_price * trade.quantity * sign + trade.fees
        return paid / (trade.quantity * (sign - rate))

    def _loss_at(self, trade: Trade, stop: Decimal) -> Decimal:
        instrument, target = self._instrument(trade), trade.take_profit
        plan = EntryPlan(
            instrument, trade.direction, OrderKind.LIMIT, trade.entry_price, stop, target
        )
        return loss_if_stopped(plan, self._settings, trade.quantity)

    def _instrument(self, trade: Trade) -> Instrument:
        instrument = self._instruments.get(trade.symbol)
        if instrument is None:
            raise RefusedOrder(f"{trade.symbol} is no longer among the instruments traded here.")
        return instrument
