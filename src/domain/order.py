"""Orders and fills, as every venue speaks of them."""

import enum
from dataclasses import dataclass
from decimal import Decimal


class Direction(enum.IntEnum):
    """Which way a signal, an order or a trade earns."""

    LONG = 1
    SHORT = -1

    @property
    def word(self) -> str:
        """`long` or `short`, as stored and shown."""
        return "long" if self > 0 else "short"

    @property
    def opposite(self) -> "Direction":
        """The direction that closes this one."""
        return Direction.SHORT if self > 0 else Direction.LONG

    @classmethod
    def of(cls, word: str) -> "Direction":
        """The direction named by its stored word."""
        return cls[word.upper()]


class OrderKind(enum.Enum):
    """How an entry is filled: resting at its price, or at the next price there is."""

    LIMIT = "limit"
    MARKET = "market"


class OrderStatus(enum.Enum):
    """Life of an entry order. `PENDING` is journaled and not yet acknowledged by the venue."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class FillReason(enum.Enum):
    """Why the venue traded."""

    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"
    MANUAL = "manual"
    LIQUIDATION = "liquidation"


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An entry with the stop and target it is born with. All prices on ticks, quantity on steps.

    `order_link_id` is deterministic (at most 36 of `[A-Za-z0-9-_]`), so sending it twice is safe.
    `placed_at` is market time, UTC ms.
    """

    order_link_id: str
    signal_id: str
    symbol: str
    direction: Direction
    kind: OrderKind
    quantity: Decimal
    price: Decimal
    stop_loss: Decimal
    take_profit: Decimal
    leverage: Decimal
    placed_at: int


@dataclass(frozen=True, slots=True)
class Order:
    """An entry order as the venue or the journal knows it. `reason` explains a terminal status.

    `account_limited` tells that it was rejected because the account can back no further entry; it
    is said once, by the venue's answer, and kept nowhere.
    """

    request: OrderRequest
    status: OrderStatus
    reason: str | None = None
    account_limited: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution. `execution_id` is unique per venue and the key that removes duplicates.

    `fee` is paid in quote currency (positive costs money); `slippage` is how much worse than
    the trigger or limit price the fill was, in quote currency over the whole quantity.
    `time` is market time, UTC ms. `ambiguous` is true when one candle touched both the stop
    and the target and the stop was assumed.
    """

    execution_id: str
    order_link_id: str
    symbol: str
    direction: Direction
    reason: FillReason
    quantity: Decimal
    price: Decimal
    fee: Decimal
    slippage: Decimal
    is_maker: bool
    time: int
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class FundingPayment:
    """Funding exchanged for one open position; `amount` is what the account received."""

    execution_id: str
    order_link_id: str
    symbol: str
    rate: Decimal
    amount: Decimal
    time: int
