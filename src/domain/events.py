"""What happened, as frozen facts in the past tense, and the intents they lead to.

The engine returns these; the worker commits them in one step and then performs the intents.
"""

from dataclasses import dataclass
from decimal import Decimal

from src.domain.candle import Candle
from src.domain.order import Fill, FundingPayment, Order, OrderRequest
from src.domain.signal import Signal
from src.domain.trade import Trade, Transfer

ON_THE_EXCHANGE = "exchange"
"""Who moved a stop that nobody here asked to be moved."""


@dataclass(frozen=True, slots=True)
class SignalChanged:
    """A signal was armed, refused, filled or cancelled; `signal.status` says which."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class EntryIntended:
    """The engine wants this entry at the venue. Journaled as a pending order before it is sent."""

    request: OrderRequest


@dataclass(frozen=True, slots=True)
class CancelIntended:
    """The engine wants this resting entry withdrawn."""

    order_link_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """The venue acknowledged, filled, cancelled or rejected an entry order."""

    order: Order


@dataclass(frozen=True, slots=True)
class TradeOpened:
    """An entry filled: a position exists, with its stop and target."""

    trade: Trade
    fill: Fill


@dataclass(frozen=True, slots=True)
class TradeFunded:
    """Funding was exchanged for an open trade."""

    trade: Trade
    payment: FundingPayment


@dataclass(frozen=True, slots=True)
class ProtectionMoved:
    """The stop or the target of an open trade was moved.

    `trade` has the new levels, `stop_before` and `target_before` are the old ones. `by` names the
    person who asked for it here, or is `ON_THE_EXCHANGE`.
    """

    trade: Trade
    stop_before: Decimal
    target_before: Decimal
    by: str


@dataclass(frozen=True, slots=True)
class GuardTripped:
    """A discipline guard forbids new entries from `at` until `until`, both UTC ms market time."""

    guard: str
    sentence: str
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class TradeClosed:
    """The position is flat again; the trade's result is final. `tripped` are the guards that it
    tripped."""

    trade: Trade
    fill: Fill
    tripped: tuple[GuardTripped, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Money came to the account or left it by no trade; it is no result of anything."""

    transfer: Transfer


Intent = EntryIntended | CancelIntended
Change = (
    SignalChanged
    | EntryIntended
    | CancelIntended
    | OrderChanged
    | TradeOpened
    | TradeFunded
    | ProtectionMoved
    | TradeClosed
    | MoneyMoved
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A position without a stop, which a person must hear of. `at` is UTC ms market time."""

    symbol: str
    sentence: str
    at: int


@dataclass(frozen=True, slots=True)
class MonitorChanged:
    """The monitor began to run, lost its market data, was halted or stopped; `state` says which."""

    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """The account at one instant of market time (UTC ms), in quote currency."""

    time: int
    wallet: Decimal
    equity: Decimal


@dataclass(frozen=True, slots=True)
class StepRecord:
    """Everything one step of the worker changed: stored in one transaction or not at all.

    `candles` are the closed candles this step consumed; `venue_state` is the paper venue's own
    state after the step (None when the venue keeps its state elsewhere or it did not change).
    `tripped` are guards that no closed trade tripped. `late` tells that other symbols' candles of
    the same instant were consumed in an earlier step.
    """

    market_time: int
    candles: tuple[Candle, ...] = ()
    changes: tuple[Change, ...] = ()
    equity: EquityPoint | None = None
    venue_state: str | None = None
    alarms: tuple[Alarm, ...] = ()
    tripped: tuple[GuardTripped, ...] = ()
    monitor: MonitorChanged | None = None
    late: bool = False
