"""What the paper venue knows: the wallet, entries, positions, the market it saw, what it reports.

Margin is Bybit's cross margin reduced to what linear contracts need: an order or position binds
its value at the entry price divided by its leverage; available is equity minus what is bound.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from src.domain.order import Fill, FundingPayment, Order, OrderRequest
from src.domain.trade import Balance, Position
from src.engine.sizing import initial_margin

REMEMBERED_ORDERS = 64
"""How many ended orders are kept: a resend only ever concerns the newest step's orders."""

NEVER = -1
NOTHING = Decimal(0)


@dataclass(slots=True)
class RestingEntry:
    """An entry waiting for its price. `rested` once it met a price that did not fill it."""

    request: OrderRequest
    rested: bool = False


@dataclass(slots=True)
class PaperPosition:
    """A filled entry. Only facts that start at or after `matched_from` (UTC ms) concern it."""

    request: OrderRequest
    entry_price: Decimal
    matched_from: int

    def unrealized(self, price: Decimal) -> Decimal:
        """Gross P&L if closed at `price`."""
        request = self.request
        return (price - self.entry_price) * request.quantity * request.direction

    def margin(self) -> Decimal:
        """Initial margin bound by the position."""
        return initial_margin(self.request.quantity * self.entry_price, self.request.leverage)


@dataclass(slots=True)
class SymbolMarket:
    """What was seen of one symbol. Prices are quote currency, times UTC ms, NEVER before any.

    `funding_at` is the next funding time not yet charged; `funding_rate` the streamed rate for
    it, None when none was streamed.
    """

    last: float | None = None
    mark: float | None = None
    tick_time: int = NEVER
    candles_until: int = NEVER
    funding_at: int | None = None
    funding_rate: Decimal | None = None


@dataclass(slots=True)
class PaperState:
    """Everything that must survive a restart. Entries and positions are keyed by symbol."""

    wallet: Decimal
    entries: dict[str, RestingEntry] = field(default_factory=dict)
    positions: dict[str, PaperPosition] = field(default_factory=dict)
    ended: dict[str, Order] = field(default_factory=dict)
    markets: dict[str, SymbolMarket] = field(default_factory=dict)
    reports: list[Fill | FundingPayment | Order] = field(default_factory=list)

    def market(self, symbol: str) -> SymbolMarket:
        """What was seen of the symbol so far."""
        market = self.markets.get(symbol)
        if market is None:
            market = self.markets[symbol] = SymbolMarket()
        return market

    def held(self) -> tuple[Position, ...]:
        """The open positions at the last prices seen, guarded by what they were born with."""
        return tuple(
            Position(
                symbol=symbol,
                direction=position.request.direction,
                quantity=position.request.quantity,
                entry_price=position.entry_price,
                mark_price=self.last_price(symbol) or position.entry_price,
                stop_loss=position.request.stop_loss,
                take_profit=position.request.take_profit,
            )
            for symbol, position in self.positions.items()
        )

    def end_order(self, order: Order) -> None:
        """Remember a terminal order, forgetting the oldest beyond the limit."""
        self.ended[order.request.order_link_id] = order
        while len(self.ended) > REMEMBERED_ORDERS:
            del self.ended[next(iter(self.ended))]

    def newest_time(self, symbol: str) -> int:
        """When the symbol was last seen trading (UTC ms), NEVER before any price."""
        market = self.market(symbol)
        return max(market.tick_time, market.candles_until)

    def last_price(self, symbol: str) -> Decimal | None:
        """The last traded price seen, None before any."""
        last = self.market(symbol).last
        return None if last is None else Decimal(repr(last))

    def balance(self) -> Balance:
        """Wallet, equity at last prices and what is free to back another order."""
        equity = self.wallet
        if not self.positions and not self.entries:
            return Balance(equity, equity, max(equity, NOTHING))
        bound = NOTHING
        for symbol, position in self.positions.items():
            equity += position.unrealized(self.last_price(symbol) or position.entry_price)
            bound += position.margin()
        for entry in self.entries.values():
            request = entry.request
            bound += initial_margin(request.quantity * request.price, request.leverage)
        return Balance(self.wallet, equity, max(equity - bound, NOTHING))

    def below_maintenance(self, symbol: str, price: Decimal, rate: Decimal) -> bool:
        """Whether equity would not cover maintenance margin with `symbol` trading at `price`."""
        equity = self.wallet
        maintenance = Decimal(0)
        for other, position in self.positions.items():
            seen = price if other == symbol else self.last_price(other)
            value_at = seen or position.entry_price
            equity += position.unrealized(value_at)
            maintenance += position.request.quantity * value_at * rate
        return equity < maintenance
