"""What the simulated account holds: orders, executions, positions. Times are UTC ms market time."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from src.domain.order import Direction

ACTIVE = ("New", "PartiallyFilled")
LIVE = (*ACTIVE, "Untriggered")
_PARTS = ("PartialStopLoss", "PartialTakeProfit", "TrailingStop")

PositionKey = tuple[str, int]
"""Symbol and positionIdx: 0 in one-way mode, 1 long and 2 short in hedge mode."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """The account served. `ack_delay` (seconds) is how long an accepted order stays invisible.

    `demo`: by the rules of Demo Trading (no fee rates, money on request, orders kept a week).
    """

    api_key: str
    api_secret: str = field(repr=False)
    balance: Decimal = Decimal(50_000)
    ack_delay: float = 0.0
    uid: str = "1000001"
    demo: bool = True


@dataclass(frozen=True, slots=True)
class Protection:
    """Attached stop and target of a position; a level of None is not set.

    `partial`: for a part of the position, at the limit prices if those are set. `trailing` is a
    distance in quote currency, from `active_price` on.
    """

    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    stop_trigger: str = "LastPrice"
    target_trigger: str = "LastPrice"
    partial: bool = False
    stop_limit: Decimal | None = None
    target_limit: Decimal | None = None
    trailing: Decimal | None = None
    active_price: Decimal | None = None


@dataclass(slots=True)
class VenueOrder:
    """One order. `price` is None for market orders, `trigger_price` for unconditional ones.

    `side` is what it buys or sells, so a stop of a long is SHORT. `rested` once it met a price
    that did not fill it. `attached` marks the stop or target that belongs to a position.
    `fills_at_most` and `stops_rejected` are faults: the order ends once so much is filled, and
    the stops it carries are refused. `partner` is the other order of a partial stop and target,
    `covered` how much of the order has partial stops, `trail` the distance of a trailing stop
    that waits for the price `activates`.
    """

    order_id: str
    order_link_id: str
    sequence: int
    symbol: str
    position_idx: int
    side: Direction
    order_type: str
    quantity: Decimal
    price: Decimal | None
    time_in_force: str
    reduce_only: bool
    created: int
    close_on_trigger: bool = False
    protection: Protection = Protection()
    trigger_price: Decimal | None = None
    trigger_by: str = ""
    trigger_direction: int = 0
    stop_order_type: str = ""
    parent_link_id: str = ""
    create_type: str = "CreateByUser"
    status: str = "New"
    reject_reason: str = "EC_NoError"
    cancel_type: str = "UNKNOWN"
    updated: int = 0
    executed: Decimal = Decimal(0)
    executed_value: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    rested: bool = False
    fills_at_most: Decimal | None = None
    stops_rejected: bool = False
    partner: str = ""
    trail: Decimal | None = None
    activates: Decimal | None = None
    covered: Decimal = Decimal(0)

    @property
    def attached(self) -> bool:
        """Whether this goes when its position goes."""
        return self.whole or self.stop_order_type in _PARTS

    @property
    def whole(self) -> bool:
        """Whether this is the one stop or the one target of the whole position."""
        return self.stop_order_type in ("StopLoss", "TakeProfit")

    @property
    def leaves(self) -> Decimal:
        """What may still be executed."""
        return self.quantity - self.executed if self.status in LIVE else Decimal(0)

    @property
    def key(self) -> PositionKey:
        """The position it changes."""
        return self.symbol, self.position_idx


@dataclass(frozen=True, slots=True)
class Execution:
    """One trade or funding exchange of the account; `fee` is what was paid.

    `gained` is what it closed with, before fees.
    """

    execution_id: str
    sequence: int
    order: VenueOrder
    kind: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_rate: Decimal
    is_maker: bool
    closed: Decimal
    leaves: Decimal
    time: int
    gained: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that came into the account (negative: left it) without a trade."""

    transfer_id: str
    sequence: int
    kind: str
    amount: Decimal
    time: int


@dataclass(slots=True)
class VenuePosition:
    """A position; `size` is signed, zero when flat. `open_fees` were paid for what is open."""

    symbol: str
    position_idx: int
    size: Decimal = Decimal(0)
    entry_price: Decimal = Decimal(0)
    open_fees: Decimal = Decimal(0)
    realized: Decimal = Decimal(0)
    created: int = 0
    updated: int = 0
    sequence: int = 0

    @property
    def direction(self) -> Direction | None:
        """Which way it earns; None when flat."""
        if not self.size:
            return None
        return Direction.LONG if self.size > 0 else Direction.SHORT

    def unrealized(self, price: Decimal) -> Decimal:
        """Gross P&L if closed at `price`."""
        return (price - self.entry_price) * self.size


@dataclass(frozen=True, slots=True)
class ClosedPnl:
    """What one order closed: `pnl` is net of both fees, `side` the closing side."""

    sequence: int
    order: VenueOrder
    side: Direction
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal
    open_fee: Decimal
    close_fee: Decimal
    pnl: Decimal
    leverage: Decimal
    time: int
    fills: int = 1

    def joined(self, piece: "ClosedPnl") -> "ClosedPnl":
        """This and a later piece of the same order, at the average of their exit prices."""
        quantity = self.quantity + piece.quantity
        value = self.exit_price * self.quantity + piece.exit_price * piece.quantity
        return replace(
            self,
            quantity=quantity,
            exit_price=value / quantity,
            open_fee=self.open_fee + piece.open_fee,
            close_fee=self.close_fee + piece.close_fee,
            pnl=self.pnl + piece.pnl,
            time=piece.time,
            fills=self.fills + piece.fills,
        )
