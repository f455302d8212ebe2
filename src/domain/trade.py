"""Trades (round trips) and the account they belong to."""

import enum
from dataclasses import dataclass
from decimal import Decimal

from src.domain.order import Direction, FillReason


class TradeStatus(enum.Enum):
    """A trade is open from its entry fill to its exit fill."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Trade:
    """One round trip. Money in quote currency, times in UTC ms market time.

    `risk_amount` is what the stop would cost, fees and slippage included, decided at entry.
    `realized_pnl` is net of fees and funding and zero while open; `gross_pnl`, `fees`,
    `funding` (received) and `slippage` are its parts. `result_in_r` is net P&L over risk.
    """

    order_link_id: str
    signal_id: str
    symbol: str
    direction: Direction
    status: TradeStatus
    quantity: Decimal
    entry_price: Decimal
    stop_loss: Decimal
    take_profit: Decimal
    risk_amount: Decimal
    entry_time: int
    fees: Decimal
    funding: Decimal
    slippage: Decimal
    exit_price: Decimal | None = None
    exit_time: int | None = None
    exit_reason: FillReason | None = None
    gross_pnl: Decimal = Decimal(0)
    realized_pnl: Decimal = Decimal(0)
    ambiguous: bool = False

    @property
    def result_in_r(self) -> Decimal | None:
        """Net P&L in units of the risk taken; None while open."""
        if self.status is TradeStatus.OPEN:
            return None
        return self.realized_pnl / self.risk_amount

    def unrealized_pnl(self, price: Decimal) -> Decimal:
        """Gross P&L if closed at `price` now, before exit costs; zero once closed."""
        if self.status is TradeStatus.CLOSED:
            return Decimal(0)
        return (price - self.entry_price) * self.quantity * self.direction


@dataclass(frozen=True, slots=True)
class TradeResult:
    """What a closed trade means to the guards. `closed_at` is UTC ms market time."""

    order_link_id: str
    closed_at: int
    result_in_r: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """The account at the venue. `wallet` is cash after fees, funding and closed P&L;
    `equity` adds unrealized P&L; `available` is what may still be used as margin."""

    wallet: Decimal
    equity: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that came to the account (negative: left it) by no trade: a deposit, a withdrawal, a
    bonus, interest. `kind` is the venue's word for it, `time` UTC ms."""

    transfer_id: str
    kind: str
    amount: Decimal
    time: int


@dataclass(frozen=True, slots=True)
class Position:
    """What a venue holds in one symbol, whoever opened it. `quantity` is positive.

    `stop_loss` and `take_profit` are what the venue itself watches, None where it watches none.
    `mark_price` is the price the venue last valued it at.
    """

    symbol: str
    direction: Direction
    quantity: Decimal
    entry_price: Decimal
    mark_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None

    @property
    def unrealized_pnl(self) -> Decimal:
        """Gross P&L if closed at the mark price, before exit costs."""
        return (self.mark_price - self.entry_price) * self.quantity * int(self.direction)
