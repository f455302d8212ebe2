"""What the core needs from the outside, as Protocols. Adapters satisfy them by shape."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from src.domain.candle import Candle, Tick, Timeframe
from src.domain.command import Command, CommandStep, Outcome, StandingOrders
from src.domain.events import StepRecord
from src.domain.instrument import Instrument
from src.domain.order import Direction, Fill, FundingPayment, Order, OrderRequest
from src.domain.signal import Signal
from src.domain.trade import Balance, Position, Trade, TradeResult, Transfer

Report = Fill | FundingPayment | Order | Transfer
"""What a venue tells of what happened."""

RawMessage = Mapping[str, object]
"""A stream message exactly as the exchange's client delivered it."""


class Clock(Protocol):
    """Wall time."""

    def now(self) -> int:
        """UTC milliseconds."""
        ...


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """Freshness of the market stream. Times are wall UTC ms; 0 means never."""

    connected: bool
    last_message_at: int
    reconnects: int


class MarketData(Protocol):
    """Prices of one venue. Reads raise errors of the ExchangeError tree."""

    def server_time(self) -> int:
        """The venue's wall clock, UTC ms."""
        ...

    def instruments(self, symbols: Sequence[str]) -> Mapping[str, Instrument]:
        """Trading rules by symbol. Raises Rejected for an unknown symbol, naming it."""
        ...

    def candles(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> list[Candle]:
        """Closed candles with start <= open_time < end, oldest first, paging as needed."""
        ...

    def subscribe(
        self, symbols: Sequence[str], timeframe: Timeframe, sink: Callable[[RawMessage], None]
    ) -> None:
        """Stream klines and tickers. `sink` is called on a foreign thread and must only enqueue.

        The stream keeps itself alive (own supervision, back-off, rebuild) until `close`.
        """
        ...

    def decode(self, raw: RawMessage) -> Sequence[Candle | Tick]:
        """Facts in a streamed message; candles only when the venue says they are closed."""
        ...

    def health(self) -> FeedHealth:
        """Freshness of the stream."""
        ...

    def close(self) -> None:
        """Stop streaming and release sockets. Safe to call twice."""
        ...


class OrderLookup(Protocol):
    """A venue that can be asked what became of an order."""

    def order(self, order_link_id: str) -> Order | None:
        """The venue's word on an order; None if it never arrived."""
        ...


class Broker(OrderLookup, Protocol):
    """A venue that trades. Fills arrive from `drain`, never from `submit`.

    What a venue was last told or asked is kept: `positions`, `resting`, `balance` and `complaints`
    ask nobody. `refresh` makes the next `drain` read the whole account again. Everything else
    raises errors of the ExchangeError tree.
    """

    def start(self) -> None:
        """Read the account and begin to listen to it; before anything else is called."""
        ...

    def close(self) -> None:
        """Stop listening and release what is held. Orders and stops stay. Safe to call twice."""
        ...

    def submit(self, request: OrderRequest) -> Order:
        """Send an entry with its stop and target; sending the same id twice is harmless.

        A refusal is an order with status REJECTED. Raises UnknownOutcome when nobody can say what
        became of it.
        """
        ...

    def cancel(self, order_link_id: str) -> None:
        """Withdraw a resting entry. No error if it is already gone."""
        ...

    def cancel_entries(self, symbol: str) -> None:
        """Withdraw every resting entry of a symbol; stops and targets stay."""
        ...

    def close_position(
        self, symbol: str, direction: Direction, quantity: Decimal, order_link_id: str
    ) -> None:
        """Close a position at market by an order that can do nothing but reduce it.

        The same id twice closes once. No error if the stop was faster. Raises Rejected otherwise.
        """
        ...

    def set_protection(self, symbol: str, stop_loss: Decimal, take_profit: Decimal) -> None:
        """Give an open position this stop and target. Raises Rejected."""
        ...

    def forgotten_exit(self, trade: Trade) -> Fill | None:
        """How a trade's position, which is gone, was left, where no execution says so any more.

        None unless the venue's other records tell it without doubt.
        """
        ...

    def positions(self) -> tuple[Position, ...]:
        """What is held, with the stop and target that the venue itself watches."""
        ...

    def resting(self) -> tuple[Order, ...]:
        """Entries that may still fill, those the journal knows nothing of included."""
        ...

    def observe(self, fact: Candle | Tick) -> None:
        """A price was seen. A venue that matches by itself trades on it; others value by it."""
        ...

    def refresh(self) -> None:
        """Let the next `drain` read the whole account. May be called by any thread."""
        ...

    def drain(self) -> Sequence[Report]:
        """What happened since the last call, oldest first, each execution id once.

        An account that cannot be read now is a complaint, not an error. Raises AuthFatal and
        RegionBlocked.
        """
        ...

    def balance(self) -> Balance:
        """The account."""
        ...

    def complaints(self) -> tuple[str, ...]:
        """Sentences on why nothing new may be traded now; empty while all is well."""
        ...

    def snapshot(self) -> str | None:
        """State to store with the step; None when the venue keeps its own."""
        ...


LATE_FUNDING_TRADES = 50
"""On so many trades closed last, funding that is told late is still booked."""


@dataclass(frozen=True, slots=True)
class StoredBook:
    """What the journal knows to be unfinished: read once at start.

    `booked_executions` are the execution ids (fills and funding) already booked on these
    trades, so that a venue which reports one of them again changes nothing. `results` are of the
    trades closed last: all of two weeks before the newest, and at least 200. `closed_trades` are
    those on which late funding may still be booked, and `payments` the funding booked on them and
    on the open ones. `valued_at` is when the account was valued last (UTC ms market time), None
    before it ever was.
    """

    open_trades: tuple[Trade, ...]
    live_orders: tuple[Order, ...]
    signals: tuple[Signal, ...]
    venue_state: str | None
    booked_executions: tuple[str, ...] = ()
    results: tuple[TradeResult, ...] = ()
    closed_trades: tuple[Trade, ...] = ()
    payments: tuple[FundingPayment, ...] = ()
    valued_at: int | None = None

    @property
    def waits_since(self) -> int | None:
        """When the oldest unfinished thing began (UTC ms market time); None when nothing is."""
        entered = (trade.entry_time for trade in self.open_trades)
        placed = (order.request.placed_at for order in self.live_orders)
        return min((*entered, *placed), default=None)


class CommandLog(Protocol):
    """The commands people gave, written by the web and handled by the one engine there is."""

    def pending(self) -> Sequence[Command]:
        """Commands not handled yet, oldest first."""
        ...

    def standing(self) -> StandingOrders:
        """What all commands so far add up to."""
        ...

    def report(self, command_id: int, steps: Sequence[CommandStep]) -> None:
        """Tell how far each step of a pending command is. Raises LeaseLost when fenced out."""
        ...

    def complete(self, command_id: int, outcome: Outcome, sentence: str) -> None:
        """Record how a command ended; the first word stays. Raises LeaseLost when fenced out."""
        ...


class Journal(Protocol):
    """The durable record of one environment, fenced by the engine lease."""

    def load_book(self) -> StoredBook:
        """Open trades, orders not yet terminal and the signals both belong to."""
        ...

    def commit(self, record: StepRecord) -> None:
        """Store a step and its events in one transaction. Raises LeaseLost when fenced out."""
        ...

    def store_history(self, candles: Sequence[Candle]) -> None:
        """Store warm-up candles; one already there must be equal and stays. Fenced."""
        ...

    def candles(self, symbol: str, timeframe: Timeframe) -> list[Candle]:
        """Every stored candle, oldest first."""
        ...

    def late_candles(self, symbol: str, timeframe: Timeframe) -> Set[int]:
        """Open times of stored candles that steps consumed after other symbols' of that instant."""
        ...

    def trade_ids(self) -> Mapping[str, int]:
        """Row ids of the open trades by `order_link_id`: how the dashboard names them."""
        ...

    def publish(self, name: str, payload: Mapping[str, object]) -> None:
        """Replace the live state row `name` (`prices`, `monitor`) that web workers tail. Fenced."""
        ...
