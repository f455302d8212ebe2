"""The account's books: what an execution does to positions and wallet, and what margin is free."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from src.domain.order import Direction
from src.exchange.paper import TradingCosts
from src.simulator.account.model import (
    ACTIVE,
    LIVE,
    AccountSettings,
    ClosedPnl,
    Execution,
    PositionKey,
    Transfer,
    VenueOrder,
    VenuePosition,
)

DEFAULT_LEVERAGE = Decimal(10)


class Ledger:
    """Orders, executions, positions and cash in USDT. `mark` answers a symbol's mark price."""

    def __init__(
        self, settings: AccountSettings, costs: TradingCosts, mark: Callable[[str], Decimal]
    ) -> None:
        self.settings = settings
        self.costs = costs
        self.wallet = settings.balance
        self.hedge = False
        self.orders: dict[str, VenueOrder] = {}
        self.links: dict[str, str] = {}
        self._live: dict[str, VenueOrder] = {}
        self.executions: list[Execution] = []
        self.transfers: list[Transfer] = []
        self.closed: dict[str, ClosedPnl] = {}
        self.positions: dict[PositionKey, VenuePosition] = {}
        self.leverages: dict[str, Decimal] = {}
        self._mark = mark
        self.recent_from = 0
        self.sequence = 0

    def next_sequence(self) -> int:
        """A number larger than every one before."""
        self.sequence += 1
        return self.sequence

    def resume(
        self, wallet: Decimal, hedge: bool, leverages: dict[str, Decimal], sequence: int
    ) -> None:
        """Go on where an earlier run ended; what it closed recently is forgotten."""
        self.wallet, self.hedge = wallet, hedge
        self.leverages = leverages
        self.sequence = self.recent_from = sequence

    def leverage(self, symbol: str) -> Decimal:
        """Leverage of a symbol; Bybit starts with ten."""
        return self.leverages.get(symbol, DEFAULT_LEVERAGE)

    def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Change it for new and open positions alike."""
        self.leverages[symbol] = leverage

    def position(self, key: PositionKey) -> VenuePosition:
        """The position of a key, flat if there never was one."""
        return self.positions.setdefault(key, VenuePosition(*key))

    def add(self, order: VenueOrder) -> None:
        """Take an order into the books; its link id is used up for ever."""
        self.orders[order.order_id] = order
        self._live[order.order_id] = order
        if order.order_link_id:
            self.links[order.order_link_id] = order.order_id

    def live_orders(self) -> list[VenueOrder]:
        """Orders that may still do something, oldest first."""
        for order in [order for order in self._live.values() if order.status not in LIVE]:
            del self._live[order.order_id]
        return list(self._live.values())

    def children(self, key: PositionKey) -> list[VenueOrder]:
        """The live stop and target of a position."""
        return [order for order in self.live_orders() if order.attached and order.key == key]

    def find(self, order_id: str, link_id: str) -> VenueOrder | None:
        """An order by id (which wins) or link id."""
        return self.orders.get(order_id or self.links.get(link_id, ""))

    def book(
        self, order: VenueOrder, quantity: Decimal, price: Decimal, is_maker: bool, time: int,
        kind: str = "Trade",
    ) -> Execution:  # fmt: skip
        """Book one trade of an order on its position and in the wallet."""
        fee = self.costs.fee(quantity * price, is_maker)
        position = self.position(order.key)
        closed = min(quantity, abs(position.size)) if _reduces(position, order.side) else Decimal(0)
        order.executed += quantity
        order.executed_value += quantity * price
        order.fees += fee
        order.updated = time
        order.status = "Filled" if order.executed == order.quantity else "PartiallyFilled"
        self.wallet -= fee
        close_fee = fee * closed / quantity
        gained = Decimal(0)
        if closed:
            gained = self._reduce(position, order, closed, price, close_fee, time)
        if quantity > closed:
            self._increase(position, order.side, quantity - closed, price, fee - close_fee, time)
        position.updated = time
        position.sequence = self.next_sequence()
        rate = self.costs.maker_fee_rate if is_maker else self.costs.taker_fee_rate
        execution = Execution(
            str(uuid4()), position.sequence, order, kind, quantity, price, fee, rate, is_maker,
            closed, order.quantity - order.executed, time, gained,
        )  # fmt: skip
        self.executions.append(execution)
        return execution

    def book_funding(
        self, position: VenuePosition, amount: Decimal, rate: Decimal, price: Decimal, time: int
    ) -> Execution:
        """Book funding received (negative: paid)."""
        self.wallet += amount
        side = Direction.LONG if position.size > 0 else Direction.SHORT
        sequence = self.next_sequence()
        bearer = VenueOrder(
            str(uuid4()), "", sequence, position.symbol, position.position_idx, side, "UNKNOWN",
            abs(position.size), None, "GTC", False, time, create_type="", status="Filled",
        )  # fmt: skip
        execution = Execution(
            str(uuid4()), sequence, bearer, "Funding", abs(position.size), price, -amount, rate,
            False, Decimal(0), Decimal(0), time,
        )  # fmt: skip
        self.executions.append(execution)
        return execution

    def transfer(self, amount: Decimal, time: int) -> None:
        """Book money that comes in; a negative amount takes out what no margin binds."""
        amount = max(amount, -self.available())
        kind = "TRANSFER_IN" if amount > 0 else "TRANSFER_OUT"
        self.wallet += amount
        self.transfers.append(Transfer(str(uuid4()), self.next_sequence(), kind, amount, time))

    def unrealized(self) -> Decimal:
        """Gross P&L of every open position at mark prices."""
        return sum(
            (p.unrealized(self._mark(p.symbol)) for p in self.positions.values() if p.size),
            Decimal(0),
        )

    def position_margin(self) -> Decimal:
        """Initial margin bound by positions."""
        return sum(
            (
                abs(p.size) * p.entry_price / self.leverage(p.symbol)
                for p in self.positions.values()
            ),
            Decimal(0),
        )

    def order_margin(self) -> Decimal:
        """Initial margin bound by orders that would open something."""
        return sum(
            (
                order.leaves * (order.price or self._mark(order.symbol))
                / self.leverage(order.symbol)
                for order in self.live_orders()
                if order.status in ACTIVE and not order.reduce_only
            ),
            Decimal(0),
        )  # fmt: skip

    def available(self) -> Decimal:
        """What may back another order."""
        equity = self.wallet + self.unrealized()
        return max(equity - self.position_margin() - self.order_margin(), Decimal(0))

    def maintenance_margin(self) -> Decimal:
        """Margin below which the account is liquidated."""
        rate = self.costs.maintenance_margin_rate
        return sum(
            (abs(p.size) * self._mark(p.symbol) * rate for p in self.positions.values() if p.size),
            Decimal(0),
        )

    def liquidation_price(self, position: VenuePosition) -> Decimal | None:
        """The mark at which equity meets maintenance margin if all else stands still.

        None when flat, or when no price above zero is bad enough.
        """
        size, mark = position.size, self._mark(position.symbol)
        if not size:
            return None
        rate = self.costs.maintenance_margin_rate
        others = self.unrealized() - position.unrealized(mark)
        margin = self.maintenance_margin() - abs(size) * mark * rate
        price = (size * position.entry_price - self.wallet - others + margin) / (
            size - abs(size) * rate
        )
        return price if price > 0 else None

    def _reduce(
        self, position: VenuePosition, order: VenueOrder, closed: Decimal, price: Decimal,
        close_fee: Decimal, time: int,
    ) -> Decimal:  # fmt: skip
        """Book a reduction; answers what it gained before fees."""
        sign = 1 if position.size > 0 else -1
        gross = (price - position.entry_price) * closed * sign
        open_fee = position.open_fees * closed / abs(position.size)
        self.wallet += gross
        pnl = gross - open_fee - close_fee
        position.realized += pnl
        position.open_fees -= open_fee
        position.size -= closed * sign
        piece = ClosedPnl(
            self.next_sequence(), order, order.side, closed, position.entry_price, price,
            open_fee, close_fee, pnl, self.leverage(position.symbol), time,
        )  # fmt: skip
        before = self.closed.get(order.order_id)
        self.closed[order.order_id] = piece if before is None else before.joined(piece)
        return gross

    def _increase(
        self, position: VenuePosition, side: Direction, quantity: Decimal, price: Decimal,
        fee: Decimal, time: int,
    ) -> None:  # fmt: skip
        held = abs(position.size)
        if not held:
            position.created = time
            position.entry_price = price
        else:
            value = position.entry_price * held + price * quantity
            position.entry_price = value / (held + quantity)
        position.size += quantity * int(side)
        position.open_fees += fee


def _reduces(position: VenuePosition, side: Direction) -> bool:
    return position.size * int(side) < 0
