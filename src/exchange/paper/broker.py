"""PaperBroker: a Broker that matches by itself against the candles and ticks it observes.

Which fact concerns whom. An order or position is matched only by facts that start at or after
the moment it came into being: an order placed at the close of a candle meets the next candle, a
position opened by a tick inside a candle meets ticks only until the next candle opens. When ticks
and candles are both fed, the closed candle is the safety net for wicks the ticks missed. Every
symbol is fed candles of one timeframe; a candle or tick older than what was seen is ignored, so
facts may be repeated after a restart.

A fill carries the direction of its trade; its reason says whether it entered or left.

Prices. A candle that opens beyond a resting limit fills it at the open (better), one that opens
beyond a stop fills it at the open (worse), then slippage. Ticks have no gaps to claim: from ticks
a resting limit fills at its own price. A limit already beyond the first price it meets takes
liquidity: that price with slippage, never worse than the limit, taker fee. Stops and market
entries pay slippage and the taker fee, resting limits the maker fee. A target trades at its level
and pays the taker fee, because an account sends it as a market order. Prices end on ticks, rounded
against us.

Times. What happens at an open is stamped with the open time. Inside a candle the moment is
unknown: it is stamped with the candle's last millisecond, the latest it can have been.

Simplifications: one position or resting entry per symbol; an order is filled whole; a loss beyond
the wallet leaves it negative.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from src.domain.candle import Candle, Tick
from src.domain.errors import Rejected
from src.domain.instrument import Instrument
from src.domain.order import (
    Direction,
    Fill,
    FundingPayment,
    Order,
    OrderRequest,
    OrderStatus,
)
from src.domain.trade import Balance, Position, Trade
from src.exchange.paper.account import PaperState, RestingEntry, SymbolMarket
from src.exchange.paper.admission import refusal
from src.exchange.paper.costs import StopTrigger, TradingCosts
from src.exchange.paper.execution import Executor, Window
from src.exchange.paper.funding import charge_funding, expect_funding
from src.exchange.paper.matching import Bar
from src.exchange.paper.state import dump_state, load_state


class PaperBroker:
    """The paper venue of one account. Implements `src.domain.ports.Broker`.

    `state` is an earlier `snapshot()`; then `initial_balance` is not used.
    """

    def __init__(
        self,
        instruments: Mapping[str, Instrument],
        costs: TradingCosts,
        initial_balance: Decimal,
        max_leverage: Decimal,
        state: str | None = None,
        stop_trigger: StopTrigger = StopTrigger.LAST_PRICE,
    ) -> None:
        self._instruments = instruments
        self._costs = costs
        self._max_leverage = max_leverage
        self._stop_trigger = stop_trigger
        self._state = PaperState(initial_balance) if state is None else load_state(state)
        self._executor = Executor(self._state, instruments, costs)
        self._snapshot = state

    def start(self) -> None:
        """Nothing: this venue lives in this process."""

    def close(self) -> None:
        """Nothing: this venue lives in this process."""

    def refresh(self) -> None:
        """Nothing: all there is to know is known."""

    def complaints(self) -> tuple[str, ...]:
        """None: this venue cannot be out of reach."""
        return ()

    def submit(self, request: OrderRequest) -> Order:
        """Accept or reject an entry; the same id again returns the first answer's order."""
        known = self.order(request.order_link_id)
        if known is not None:
            return known
        self._snapshot = None
        instrument = self._instruments.get(request.symbol)
        reason = refusal(request, instrument, self._state, self._max_leverage)
        if reason is not None:
            rejected = Order(request, OrderStatus.REJECTED, reason)
            self._state.end_order(rejected)
            return rejected
        self._state.entries[request.symbol] = RestingEntry(request)
        return Order(request, OrderStatus.ACCEPTED)

    def cancel(self, order_link_id: str) -> None:
        """Withdraw a resting entry and report it cancelled; anything else changes nothing."""
        for symbol, entry in self._state.entries.items():
            if entry.request.order_link_id == order_link_id:
                self._snapshot = None
                cancelled = Order(entry.request, OrderStatus.CANCELLED, "withdrawn on request")
                self._state.end_order(cancelled)
                self._state.reports.append(cancelled)
                del self._state.entries[symbol]
                return

    def cancel_entries(self, symbol: str) -> None:
        """Withdraw the symbol's resting entry, if there is one."""
        entry = self._state.entries.get(symbol)
        if entry is not None:
            self.cancel(entry.request.order_link_id)

    def close_position(
        self, symbol: str, direction: Direction, quantity: Decimal, order_link_id: str
    ) -> None:
        """Close the whole position at the last price seen. Raises Rejected for a part of it."""
        position = self._state.positions.get(symbol)
        if order_link_id in self._state.ended or position is None:
            return
        request = position.request
        if request.direction is not direction:
            raise Rejected(f"{symbol} is held {request.direction.word}, not {direction.word}")
        last = self._state.last_price(symbol)
        if quantity != request.quantity or last is None:
            raise Rejected(f"the paper venue closes all {request.quantity} at a price seen")
        self._snapshot = None
        self._executor.close(position, last, self._state.newest_time(symbol))
        self._state.end_order(
            Order(replace(request, order_link_id=order_link_id), OrderStatus.FILLED)
        )

    def set_protection(self, symbol: str, stop_loss: Decimal, take_profit: Decimal) -> None:
        """Watch another stop and target. Raises Rejected when the price is beyond either."""
        position = self._state.positions.get(symbol)
        if position is None:
            raise Rejected(f"no position in {symbol} to protect")
        request = position.request
        last, side = self._state.last_price(symbol) or position.entry_price, int(request.direction)
        if not stop_loss * side < last * side < take_profit * side:
            raise Rejected(f"the last price {last} is not between {stop_loss} and {take_profit}")
        self._snapshot = None
        position.request = replace(request, stop_loss=stop_loss, take_profit=take_profit)

    def forgotten_exit(self, trade: Trade) -> Fill | None:
        """None: nothing is forgotten here."""
        return None

    def positions(self) -> tuple[Position, ...]:
        """The open positions at the last prices seen."""
        return self._state.held()

    def resting(self) -> tuple[Order, ...]:
        """Entries that wait for their price."""
        entries = self._state.entries.values()
        return tuple(Order(entry.request, OrderStatus.ACCEPTED) for entry in entries)

    def order(self, order_link_id: str) -> Order | None:
        """The order if it rests, holds the open position or ended recently."""
        for entry in self._state.entries.values():
            if entry.request.order_link_id == order_link_id:
                return Order(entry.request, OrderStatus.ACCEPTED)
        for position in self._state.positions.values():
            if position.request.order_link_id == order_link_id:
                return Order(position.request, OrderStatus.FILLED)
        return self._state.ended.get(order_link_id)

    def observe(self, fact: Candle | Tick) -> None:
        """Match entries and positions of the fact's symbol, charge funding, check maintenance."""
        if fact.symbol not in self._instruments:
            return
        self._snapshot = None
        if isinstance(fact, Candle):
            self._observe_candle(fact)
        else:
            self._observe_tick(fact)

    def drain(self) -> list[Fill | FundingPayment | Order]:
        """Fills, funding and cancellations since the last call, in order of happening."""
        reports = self._state.reports
        if reports:
            self._snapshot = None
            self._state.reports = []
        return reports

    @property
    def wallet(self) -> Decimal:
        """Cash after fees, funding and closed P&L: the part of the balance that needs no price."""
        return self._state.wallet

    def balance(self) -> Balance:
        """The account at the last prices seen."""
        return self._state.balance()

    def snapshot(self) -> str:
        """The whole state as JSON text; the same text again while nothing happened."""
        if self._snapshot is None:
            self._snapshot = dump_state(self._state)
        return self._snapshot

    def _observe_candle(self, candle: Candle) -> None:
        market = self._state.market(candle.symbol)
        if candle.open_time < market.candles_until:
            return
        close_time = candle.close_time
        self._charge_funding(market, candle.symbol, candle.open_time)
        if self._executor.concerns(candle.symbol):
            self._executor.match(candle.symbol, self._candle_window(candle, market, close_time))
        market.candles_until = close_time
        if market.tick_time < close_time:
            market.last = candle.close
            market.mark = candle.close
        self._charge_funding(market, candle.symbol, close_time)

    def _observe_tick(self, tick: Tick) -> None:
        market = self._state.market(tick.symbol)
        if tick.time < max(market.tick_time, market.candles_until):
            return
        self._charge_funding(market, tick.symbol, tick.time)
        expect_funding(market, tick)
        market.tick_time = tick.time
        market.last = tick.last
        market.mark = tick.mark
        if self._executor.concerns(tick.symbol):
            self._executor.match(tick.symbol, self._tick_window(tick))

    def _candle_window(self, candle: Candle, market: SymbolMarket, close_time: int) -> Window:
        ticks_fire_stops = (
            self._stop_trigger is StopTrigger.MARK_PRICE and market.tick_time >= candle.open_time
        )
        bar_of = Bar.without_stops if ticks_fire_stops else Bar.of_last
        return Window(
            bar=bar_of(candle.open, candle.high, candle.low),
            start=candle.open_time,
            inside=close_time - 1,
            end=close_time,
            opens_with_gap=True,
        )

    def _tick_window(self, tick: Tick) -> Window:
        bar = Bar.of_last(tick.last, tick.last, tick.last)
        if self._stop_trigger is StopTrigger.MARK_PRICE:
            bar = bar._replace(
                trigger_open=tick.mark, trigger_high=tick.mark, trigger_low=tick.mark
            )
        return Window(bar, tick.time, tick.time, tick.time, opens_with_gap=False)

    def _charge_funding(self, market: SymbolMarket, symbol: str, until: int) -> None:
        if market.funding_at is not None and until < market.funding_at:
            return
        charge_funding(self._state, self._instruments[symbol], self._costs, until)
