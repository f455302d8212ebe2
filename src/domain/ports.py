"""What the core needs from the outside, as Protocols. Adapters satisfy them by shape."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from src.domain.candle import Candle, Tick, Timeframe
from src.domain.events import StepRecord
from src.domain.instrument import Instrument
from src.domain.order import Fill, FundingPayment, Order, OrderRequest
from src.domain.signal import Signal
from src.domain.trade import Balance, Trade

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


class Broker(Protocol):
    """A venue that trades. Fills arrive from `drain`, never from `submit`."""

    def submit(self, request: OrderRequest) -> Order:
        """Send an entry with its stop and target; sending the same id twice is harmless."""
        ...

    def cancel(self, order_link_id: str) -> None:
        """Withdraw a resting entry. No error if it is already gone."""
        ...

    def order(self, order_link_id: str) -> Order | None:
        """The venue's word on an order; None if it never arrived."""
        ...

    def observe(self, fact: Candle | Tick) -> None:
        """A price was seen. A venue that matches by itself trades on it; others ignore it."""
        ...

    def drain(self) -> list[Fill | FundingPayment | Order]:
        """What happened since the last call, oldest first, each execution id once."""
        ...

    def balance(self) -> Balance:
        """The account now."""
        ...

    def snapshot(self) -> str | None:
        """State to store with the step; None when the venue keeps its own."""
        ...


@dataclass(frozen=True, slots=True)
class StoredBook:
    """What the journal knows to be unfinished: read once at start.

    `booked_executions` are the execution ids (fills and funding) already booked on the open
    trades, so that a venue which reports one of them again changes nothing.
    """

    open_trades: tuple[Trade, ...]
    live_orders: tuple[Order, ...]
    signals: tuple[Signal, ...]
    venue_state: str | None
    booked_executions: tuple[str, ...] = ()


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

    def trade_ids(self) -> Mapping[str, int]:
        """Row ids of the open trades by `order_link_id`: how the dashboard names them."""
        ...

    def publish(self, name: str, payload: Mapping[str, object]) -> None:
        """Replace the live state row `name` (`prices`, `monitor`) that web workers tail. Fenced."""
        ...
