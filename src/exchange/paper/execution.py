"""Turning matches into fills: the price, the fee, the wallet and the report of each."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from src.domain.instrument import Instrument
from src.domain.order import Direction, Fill, FillReason, Order, OrderKind, OrderStatus
from src.exchange.paper.account import PaperPosition, PaperState, RestingEntry
from src.exchange.paper.costs import TradingCosts, tick_against
from src.exchange.paper.matching import Bar, Hit, match_exit, match_limit

NO_SLIPPAGE = Decimal(0)


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

    def time_of(self, hit: Hit) -> int:
        """When a hit is stamped."""
        return self.start if hit is Hit.AT_OPEN else self.inside


class Trading(NamedTuple):
    """How a fill trades. `slippage_per_unit` is never negative: a better price is no slippage."""

    price: Decimal
    slippage_per_unit: Decimal
    is_maker: bool


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
        request = position.request
        trading = self._taking(request.symbol, price, request.direction.opposite)
        self._close(position, FillReason.MANUAL, trading, time, ambiguous=False)

    def _match_entry(self, entry: RestingEntry, window: Window) -> PaperPosition | None:
        request = entry.request
        if request.kind is OrderKind.MARKET:
            hit = Hit.AT_OPEN
            trading = self._taking(request.symbol, _exact(window.bar.open), request.direction)
        else:
            hit = match_limit(int(request.direction), float(request.price), window.bar)
            if hit is Hit.NONE:
                entry.rested = True
                return None
            trading = self._limit_entry(entry, hit, window)
        position = PaperPosition(request, trading.price, window.end)
        del self._state.entries[request.symbol]
        self._state.positions[request.symbol] = position
        self._report(position, FillReason.ENTRY, trading, window.time_of(hit), ambiguous=False)
        return position

    def _limit_entry(self, entry: RestingEntry, hit: Hit, window: Window) -> Trading:
        request = entry.request
        if hit is Hit.AT_OPEN and not entry.rested:
            opened = _exact(window.bar.open)
            taking = self._taking(request.symbol, opened, request.direction)
            price = _better(request.direction, taking.price, request.price)
            slippage = (price - opened) * int(request.direction)
            return Trading(price, slippage, is_maker=False)
        return self._resting(request.symbol, request.price, request.direction, hit, window)

    def _match_position(self, position: PaperPosition, window: Window, is_fill_bar: bool) -> None:
        request = position.request
        stop, target, ambiguous = match_exit(
            int(request.direction),
            float(request.stop_loss),
            float(request.take_profit),
            window.bar,
            is_fill_bar,
        )
        side = request.direction.opposite
        if stop is not Hit.NONE:
            reference = request.stop_loss
            if stop is Hit.AT_OPEN:
                reference = _worse(side, reference, _exact(window.bar.open))
            trading = self._taking(request.symbol, reference, side, request.stop_loss)
            self._close(position, FillReason.STOP, trading, window.time_of(stop), ambiguous)
        elif target is not Hit.NONE:
            resting = self._resting(request.symbol, request.take_profit, side, target, window)
            # An account sends its target as a market order: its level, but the taker's fee.
            trading = resting._replace(is_maker=False)
            self._close(position, FillReason.TARGET, trading, window.time_of(target), ambiguous)
        else:
            self._liquidate_if_due(position, window)

    def _liquidate_if_due(self, position: PaperPosition, window: Window) -> None:
        """Close at the bar's worst price when equity there does not cover maintenance margin.

        An approximation: Bybit would start at the liquidation price and take over at the
        bankruptcy price. It only matters for a market that jumps, since a stop is always nearer.
        """
        direction = position.request.direction
        worst = _exact(window.bar.low if direction is Direction.LONG else window.bar.high)
        symbol = position.request.symbol
        if self._state.below_maintenance(symbol, worst, self._costs.maintenance_margin_rate):
            trading = self._taking(symbol, worst, direction.opposite)
            self._close(position, FillReason.LIQUIDATION, trading, window.inside, ambiguous=False)

    def _close(
        self,
        position: PaperPosition,
        reason: FillReason,
        trading: Trading,
        time: int,
        ambiguous: bool,
    ) -> None:
        self._state.wallet += position.unrealized(trading.price)
        del self._state.positions[position.request.symbol]
        self._state.end_order(Order(position.request, OrderStatus.FILLED))
        self._report(position, reason, trading, time, ambiguous)

    def _taking(
        self, symbol: str, price: Decimal, side: Direction, trigger: Decimal | None = None
    ) -> Trading:
        """A taker trade on `side` at `price` with slippage, which is counted from `trigger`."""
        slipped = self._costs.slipped(self._instruments[symbol], price, side)
        reference = price if trigger is None else trigger
        return Trading(slipped, (slipped - reference) * side, is_maker=False)

    def _resting(
        self, symbol: str, level: Decimal, side: Direction, hit: Hit, window: Window
    ) -> Trading:
        """A maker trade on `side` at `level`, or at the better open of a candle with a gap."""
        price = level
        if hit is Hit.AT_OPEN and window.opens_with_gap:
            opened = tick_against(self._instruments[symbol], _exact(window.bar.open), side)
            price = _better(side, level, opened)
        return Trading(price, NO_SLIPPAGE, is_maker=True)

    def _report(
        self,
        position: PaperPosition,
        reason: FillReason,
        trading: Trading,
        time: int,
        ambiguous: bool,
    ) -> None:
        request = position.request
        fee = self._costs.fee(request.quantity * trading.price, trading.is_maker)
        self._state.wallet -= fee
        self._state.reports.append(
            Fill(
                execution_id=f"{request.order_link_id}-{reason.value}",
                order_link_id=request.order_link_id,
                symbol=request.symbol,
                direction=request.direction,
                reason=reason,
                quantity=request.quantity,
                price=trading.price,
                fee=fee,
                slippage=trading.slippage_per_unit * request.quantity,
                is_maker=trading.is_maker,
                time=time,
                ambiguous=ambiguous,
            )
        )


def _exact(price: float) -> Decimal:
    """The decimal a float price was parsed from."""
    return Decimal(repr(price))


def _worse(side: Direction, first: Decimal, second: Decimal) -> Decimal:
    """The price a trade on `side` (LONG buys) likes less."""
    return max(first, second) if side is Direction.LONG else min(first, second)


def _better(side: Direction, first: Decimal, second: Decimal) -> Decimal:
    """The price a trade on `side` (LONG buys) likes more."""
    return _worse(side.opposite, first, second)
