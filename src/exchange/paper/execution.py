"""Turning matches into fills: the price, the fee, the wallet and the report of each."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from src.domain.instrument import Instrument
from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    Order,
    OrderKind,
    OrderRequest,
    OrderStatus,
)
from src.engine.contract_numbers import grid_of
from src.engine.whole_numbers import MONEY_DECIMALS, decimals_of, whole
from src.exchange.paper.account import PaperPosition, PaperState, RestingEntry
from src.exchange.paper.costs import TradingCosts, charges_of
from src.exchange.paper.fill_rules import (
    BY_ENTRY,
    BY_HAND,
    BY_LIQUIDATION,
    BY_STOP,
    BY_TARGET,
    NOT_FILLED,
    Deal,
    Levels,
    exit_deal,
    limit_deal,
    market_deal,
    taking,
)
from src.exchange.paper.matching import Bar

REASONS = {
    BY_ENTRY: FillReason.ENTRY,
    BY_STOP: FillReason.STOP,
    BY_TARGET: FillReason.TARGET,
    BY_LIQUIDATION: FillReason.LIQUIDATION,
    BY_HAND: FillReason.MANUAL,
}
"""The venue's codes for why it traded."""


class Window(NamedTuple):
    """A bar with its times, UTC ms.

    `start` is when it opened, `inside` the stamp of what happened within it, `end` the first
    instant after it. `opens_with_gap` is true for candles: their open may lie beyond a resting
    limit and fills it there.
    """

    bar: Bar
    start: int
    inside: int
    end: int
    opens_with_gap: bool

    def time_of(self, deal: Deal) -> int:
        """When a fill is stamped."""
        return self.start if deal.at_open else self.inside


class Executor:
    """Applies bars to the entries and positions of a state."""

    def __init__(
        self, state: PaperState, instruments: Mapping[str, Instrument], costs: TradingCosts
    ) -> None:
        self._state = state
        self._instruments = instruments
        self._costs = costs

    def concerns(self, symbol: str) -> bool:
        """Whether prices of the symbol can change anything."""
        return symbol in self._state.positions or symbol in self._state.entries

    def match(self, symbol: str, window: Window) -> None:
        """Exit or liquidate the symbol's position, or fill its entry and check the new stop."""
        position = self._state.positions.get(symbol)
        if position is not None and window.start >= position.matched_from:
            self._match_position(position, window, is_fill_bar=False)
        entry = self._state.entries.get(symbol)
        if entry is not None and window.start >= entry.request.placed_at:
            opened = self._match_entry(entry, window)
            if opened is not None:
                self._match_position(opened, window, is_fill_bar=True)

    def close(self, position: PaperPosition, price: Decimal, time: int) -> None:
        """Close the position by hand: a taker trade at `price` with slippage, stamped `time`."""
        counts = self._counts(position.request, price)
        side = -int(position.request.direction)
        deal = taking(BY_HAND, counts.of(price), side, counts.grid, counts.charges)
        self._close(position, deal, counts, time)

    def _match_entry(self, entry: RestingEntry, window: Window) -> PaperPosition | None:
        request, opened = entry.request, _exact(window.bar.open)
        counts = self._counts(request, opened)
        grid, charges, first = counts.grid, counts.charges, counts.of(opened)
        if request.kind is OrderKind.MARKET:
            deal = market_deal(first, int(request.direction), grid, charges)
        else:
            levels, gap = counts.levels(request), int(window.opens_with_gap)
            deal = limit_deal(levels, int(entry.rested), window.bar, first, gap, grid, charges)
        if deal.reason == NOT_FILLED:
            entry.rested = True
            return None
        position = PaperPosition(request, counts.price(deal.price), window.end)
        del self._state.entries[request.symbol]
        self._state.positions[request.symbol] = position
        self._report(position, deal, counts, window.time_of(deal))
        return position

    def _match_position(self, position: PaperPosition, window: Window, is_fill_bar: bool) -> None:
        request, opened = position.request, _exact(window.bar.open)
        counts = self._counts(request, opened)
        deal = exit_deal(
            counts.levels(request),
            window.bar,
            counts.of(opened),
            int(window.opens_with_gap),
            is_fill_bar,
            counts.grid,
            counts.charges,
        )
        if deal.reason == NOT_FILLED:
            self._liquidate_if_due(position, window)
        else:
            self._close(position, deal, counts, window.time_of(deal))

    def _liquidate_if_due(self, position: PaperPosition, window: Window) -> None:
        """Close at the bar's worst price when equity there does not cover maintenance margin.

        An approximation: Bybit would start at the liquidation price and take over at the
        bankruptcy price. It only matters for a market that jumps, since a stop is always nearer.
        """
        request = position.request
        worst = _exact(window.bar.low if request.direction is Direction.LONG else window.bar.high)
        rate = self._costs.maintenance_margin_rate
        if self._state.below_maintenance(request.symbol, worst, rate):
            counts = self._counts(request, worst)
            side = -int(request.direction)
            deal = taking(BY_LIQUIDATION, counts.of(worst), side, counts.grid, counts.charges)
            self._close(position, deal, counts, window.inside)

    def _close(self, position: PaperPosition, deal: Deal, counts: "_Counts", time: int) -> None:
        self._state.wallet += position.unrealized(counts.price(deal.price))
        del self._state.positions[position.request.symbol]
        self._state.end_order(Order(position.request, OrderStatus.FILLED))
        self._report(position, deal, counts, time)

    def _counts(self, request: OrderRequest, price: Decimal) -> "_Counts":
        """What the symbol's numbers are counted in where `price` is one of them."""
        return _Counts(self._instruments[request.symbol], self._costs, price)

    def _report(self, position: PaperPosition, deal: Deal, counts: "_Counts", time: int) -> None:
        request, reason, price = position.request, REASONS[deal.reason], counts.price(deal.price)
        fee = self._costs.fee(request.quantity * price, bool(deal.is_maker))
        self._state.wallet -= fee
        self._state.reports.append(
            Fill(
                execution_id=f"{request.order_link_id}-{reason.value}",
                order_link_id=request.order_link_id,
                symbol=request.symbol,
                direction=request.direction,
                reason=reason,
                quantity=request.quantity,
                price=price,
                fee=fee,
                slippage=Decimal(deal.slippage) / counts.grid.scale * request.quantity,
                is_maker=bool(deal.is_maker),
                time=time,
                ambiguous=bool(deal.ambiguous),
            )
        )


class _Counts:
    """Prices of one contract as whole numbers, and back."""

    def __init__(self, instrument: Instrument, costs: TradingCosts, price: Decimal) -> None:
        self._instrument = instrument
        self._decimals = max(decimals_of(instrument.tick_size), decimals_of(price))
        self.grid = grid_of(instrument, self._decimals, MONEY_DECIMALS)
        self.charges = charges_of(costs)

    def of(self, price: Decimal) -> int:
        """The price as a count."""
        return whole(price, self._decimals)

    def price(self, counted: int) -> Decimal:
        """The price that lies on a tick."""
        return counted // self.grid.tick * self._instrument.tick_size

    def levels(self, request: OrderRequest) -> Levels:
        """The prices of an order."""
        prices = (request.price, request.stop_loss, request.take_profit)
        return Levels(int(request.direction), *map(self.of, prices), *map(float, prices))


def _exact(price: float) -> Decimal:
    """The decimal a float price was parsed from."""
    return Decimal(repr(price))
