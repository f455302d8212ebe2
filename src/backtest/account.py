"""The account of a backtest: the live engine and the paper venue, woken only when it matters.

Between two instants at which something can happen nothing is asked and nothing changes: an order
or position is next touched where the scan finds it, a position pays funding at known times, an
entry is withdrawn when its setup ends, and a new setup only counts where the engine says there is
room and no guard stands. At such an instant everything runs exactly as in live trading
(monitors/trading_step.py): the venue sees the candles, the engine books what it reports, then
hears the strategy, then its intents are sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from src.backtest.decisions import SymbolDecisions
from src.backtest.proposals import NEVER
from src.backtest.request import BacktestRequest
from src.backtest.setup_log import ENVIRONMENT
from src.backtest.tape import Tape
from src.domain.candle import MINUTE_MS
from src.domain.events import (
    Change,
    SignalChanged,
    TradeClosed,
    TradeFunded,
    TradeOpened,
)
from src.domain.instrument import Instrument
from src.domain.ports import StoredBook
from src.domain.trade import Trade
from src.engine.conduct import absorb_reports, perform_intents
from src.engine.engine import Engine
from src.exchange.paper.broker import PaperBroker


@dataclass(slots=True)
class Ledger:
    """What happened to the money. Instants are UTC ms; `wallet` holds (instant, wallet after)."""

    trades: list[Trade] = field(default_factory=list)
    opened_at: dict[str, int] = field(default_factory=dict)
    closed_at: dict[str, int] = field(default_factory=dict)
    wallet: list[tuple[int, Decimal]] = field(default_factory=list)


class Account:
    """Engine, venue and what wakes them; `symbols` in the order of the request."""

    def __init__(
        self,
        request: BacktestRequest,
        instruments: Mapping[str, Instrument],
        tapes: Mapping[str, Tape],
        decisions: Mapping[str, SymbolDecisions],
    ) -> None:
        self.ledger = Ledger()
        self.engine = Engine(
            request.risk, instruments, ENVIRONMENT, StoredBook((), (), (), None), request.guards
        )
        self._broker = PaperBroker(
            instruments, request.costs, request.initial_balance, request.risk.max_leverage
        )
        self._maintenance = request.costs.maintenance_margin_rate
        self._tapes = tapes
        self._decisions = decisions
        self._funding = {
            symbol: instruments[symbol].funding_interval_minutes * MINUTE_MS for symbol in tapes
        }
        self._wallet = request.initial_balance
        self._exits: dict[str, int] = {}
        self._touched: dict[str, int] = {}
        self._wakes: dict[str, int] = {}
        self.next_wake = NEVER
        self._room: dict[str, tuple[str, ...]] = dict.fromkeys(tapes, ())
        self._guarded: tuple[str, ...] = ()
        self._guarded_until = 0

    def may_enter(self, symbols: Iterable[str], instant: int) -> bool:
        """Whether the engine would consider an entry on any of the symbols at a close (UTC ms).

        The engine's own answer, asked when something last changed.
        """
        if instant < self._guarded_until:
            return False
        return not all(self._room[symbol] for symbol in symbols)

    def pass_over(self, instant: int, armed: Mapping[str, Sequence[int]]) -> None:
        """Note setups at a close where nothing happens because no entry is considered."""
        guarded = self._guarded if instant < self._guarded_until else ()
        for symbol, numbers in armed.items():
            self._decisions[symbol].no_room(numbers, guarded + self._room[symbol])

    def play(self, instant: int, armed: Mapping[str, Sequence[int]]) -> None:
        """Everything that happens at a close (UTC ms); `armed` are row numbers by symbol."""
        engine, broker = self.engine, self._broker
        self._show(instant, armed)
        changes = absorb_reports(engine, broker, instant)
        for symbol in self._tapes:
            if symbol in self._wakes or symbol in armed:
                changes += self._hear(symbol, instant, armed.get(symbol, ()))
        while changes:
            self._book(changes, instant)
            changes = perform_intents(engine, broker, changes, instant)
        self._plan_wakes(instant)

    def _show(self, instant: int, armed: Collection[str]) -> None:
        """Let the venue see the candles of this instant, where anything depends on them.

        It sees the candle before it too where that one mattered: an entry must have met a price
        to count as resting, funding due within a hole is paid at the last price before it, and
        where more is held, one symbol's margin depends on the others' last prices.
        """
        if not armed and not any(self._touched.get(symbol) == instant for symbol in self._wakes):
            return
        shown = [
            (symbol, tape, tape.closed_until(instant) - 1)
            for symbol, tape in self._tapes.items()
            if symbol in self._wakes or symbol in armed
        ]
        for symbol, tape, number in shown:
            alone = symbol in self._exits and len(self._wakes) == 1
            if symbol in self._wakes and (not alone or tape.after_hole(number)):
                tape.show(number - 1, self._broker)
        for symbol, tape, number in shown:
            tape.show(number, self._broker)
            self.engine.mark(symbol, Decimal(repr(tape.close(number))))

    def _hear(self, symbol: str, instant: int, armed: Sequence[int]) -> list[Change]:
        """What the strategy says of one symbol: that its entry's setup is over, then new setups."""
        engine, decisions = self.engine, self._decisions[symbol]
        changes: list[Change] = []
        for order in engine.resting_orders:
            identity = order.request.signal_id
            if order.request.symbol == symbol and decisions.ended_at(identity) == instant:
                balance = self._broker.balance()
                changes += engine.on_setup(decisions.ending(identity), balance, instant)
        for number in armed:
            standing = engine.gate.guards.standing(instant)
            closed = (*(trip.sentence for trip in standing), *engine.no_room(symbol))
            if closed:
                decisions.no_room([number], closed)
                continue
            balance = self._broker.balance()
            found = engine.on_setup(decisions.proposal(number), balance, instant)
            decisions.decide(number, found)
            changes += found
        return changes

    def _book(self, changes: list[Change], instant: int) -> None:
        ledger, money = self.ledger, False
        for change in changes:
            match change:
                case SignalChanged(signal):
                    self._decisions[signal.symbol].remember(signal)
                case TradeOpened(trade):
                    ledger.opened_at[trade.order_link_id] = instant
                    tape = self._tapes[trade.symbol]
                    self._exits[trade.symbol] = tape.exit_at(trade, tape.closed_until(instant))
                    money = True
                case TradeClosed(trade):
                    del self._exits[trade.symbol]
                    ledger.closed_at[trade.order_link_id] = instant
                    ledger.trades.append(trade)
                    money = True
                case TradeFunded():
                    money = True
        if money:
            self._wallet = self._broker.wallet
            ledger.wallet.append((instant, self._wallet))

    def _plan_wakes(self, instant: int) -> None:
        """When each order and position must be looked at next, and where there is room."""
        self._touched, self._wakes = {}, {}
        careful = self._could_be_liquidated()
        for trade in self.engine.open_trades:
            tape = self._tapes[trade.symbol]
            number = tape.closed_until(instant) if careful else self._exits[trade.symbol]
            touched = tape.close_time(number) if number < len(tape) else NEVER
            due = min(touched, self._next_funding(trade.symbol, instant))
            self._touched[trade.symbol] = self._wakes[trade.symbol] = due
        for order in self.engine.resting_orders:
            symbol = order.request.symbol
            tape = self._tapes[symbol]
            ended_at = self._decisions[symbol].ended_at(order.request.signal_id)
            last = len(tape) if ended_at == NEVER else tape.closed_until(ended_at)
            number = tape.entry_at(order.request, tape.closed_until(instant), last)
            self._touched[symbol] = tape.close_time(number) if number < last else NEVER
            self._wakes[symbol] = min(self._touched[symbol], ended_at)
        self.next_wake = min(self._wakes.values(), default=NEVER)
        self._room = {symbol: self.engine.no_room(symbol) for symbol in self._tapes}
        standing = self.engine.gate.guards.standing(instant)
        self._guarded, self._guarded_until = (), 0
        if standing:
            self._guarded = tuple(trip.sentence for trip in standing)
            self._guarded_until = min(trip.until for trip in standing)

    def _next_funding(self, symbol: str, instant: int) -> int:
        """Close of the first candle that reaches the next funding time."""
        interval = self._funding[symbol]
        due = instant - instant % interval + interval
        tape = self._tapes[symbol]
        number = tape.closed_until(due - 1)
        return tape.close_time(number) if number < len(tape) else NEVER

    def _could_be_liquidated(self) -> bool:
        """Whether the account could fall below maintenance before a stop is touched.

        Inside a candle that touches no stop, no position has less to spare over its maintenance
        than it would have at its stop.
        """
        trades = self.engine.open_trades
        if not trades:
            return False
        least = self._wallet
        needed = Decimal(0)
        for trade in trades:
            least += trade.unrealized_pnl(trade.stop_loss)
            needed += trade.quantity * trade.stop_loss * self._maintenance
        return least < needed
