"""How much to trade: prices on ticks, the loss at the stop, and the size that keeps it small.

Rounding. Every price moves to the side where we pay more or receive less: a long buys at the
tick above its entry, is stopped at the tick below its stop and takes profit at the tick below
its target; a short is the mirror image. The size is computed afterwards, so the money at risk
never grows by rounding. On a market that trades in ticks this also keeps the strategy and the
venue agreed about what happened: `low < entry`, `low <= stop` and `high > target` hold for the
rounded price exactly when they hold for the unrounded one.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext

from src.domain.errors import RefusedOrder
from src.domain.instrument import Instrument
from src.domain.order import Direction, OrderKind, OrderRequest
from src.domain.signal import SetupUpdate

FEE_ROUNDING = Decimal("0.00000001")
"""Venues round a fee up to this step of the quote currency."""


@dataclass(frozen=True, slots=True)
class RiskSettings:
    """What the owner allows. Rates are fractions (0.01 is one percent)."""

    risk_per_trade: Decimal
    max_positions: int
    max_leverage: Decimal
    taker_fee_rate: Decimal
    maker_fee_rate: Decimal
    slippage_rate: Decimal


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """One entry on ticks, before it has a size."""

    instrument: Instrument
    direction: Direction
    kind: OrderKind
    entry: Decimal
    stop: Decimal
    target: Decimal


@dataclass(frozen=True, slots=True)
class Room:
    """What the account still allows, in quote currency.

    `notional` is what is left under the leverage limit, `margin` what is free to back an order.
    """

    equity: Decimal
    notional: Decimal
    margin: Decimal


@dataclass(frozen=True, slots=True)
class Size:
    """A valid quantity; `limited_by` names what made it smaller than the risk allows."""

    quantity: Decimal
    limited_by: str | None


def readable(number: Decimal) -> str:
    """A number for a sentence: no exponent, no trailing zeros."""
    return f"{number.normalize():f}"


def plan_entry(update: SetupUpdate, instrument: Instrument) -> EntryPlan:
    """The setup's prices on ticks, each rounded against us.

    Raises RefusedOrder when a price is not usable or, once rounded, the stop or the target is
    not on its side of the entry.
    """
    levels = (update.entry, update.stop, update.target)
    if not (0 < levels[0] < math.inf and 0 < levels[1] < math.inf and 0 < levels[2] < math.inf):
        raise RefusedOrder(f"{update.symbol}: the setup has no usable prices: {levels}.")
    entry, stop, target = map(Decimal, map(repr, levels))
    if update.direction is Direction.LONG:
        entry, stop, target = (
            instrument.price_up(entry),
            instrument.price_down(stop),
            instrument.price_down(target),
        )
    else:
        entry, stop, target = (
            instrument.price_down(entry),
            instrument.price_up(stop),
            instrument.price_up(target),
        )
    _require_sides(update.direction, entry, stop, target)
    return EntryPlan(instrument, update.direction, update.entry_kind, entry, stop, target)


def plan_of(request: OrderRequest, instrument: Instrument) -> EntryPlan:
    """The plan an order was made from."""
    return EntryPlan(
        instrument=instrument,
        direction=request.direction,
        kind=request.kind,
        entry=request.price,
        stop=request.stop_loss,
        target=request.take_profit,
    )


def _require_sides(direction: Direction, entry: Decimal, stop: Decimal, target: Decimal) -> None:
    sign = int(direction)
    if min(entry, stop, target) <= 0:
        raise RefusedOrder("A price of the setup is not above zero once it is on a tick.")
    if (entry - stop) * sign <= 0:
        raise RefusedOrder(
            f"The stop {readable(stop)} of a {direction.word} is not on the losing side of the "
            f"entry {readable(entry)} once both are on ticks."
        )
    if (target - entry) * sign <= 0:
        raise RefusedOrder(
            f"The target {readable(target)} of a {direction.word} is not on the winning side of "
            f"the entry {readable(entry)} once both are on ticks."
        )


def entry_cost_price(plan: EntryPlan, settings: RiskSettings) -> Decimal:
    """The worst entry price planned for: the limit itself, or a market price with slippage."""
    if plan.kind is OrderKind.LIMIT:
        return plan.entry
    return _slipped(plan.instrument, plan.entry, plan.direction, settings.slippage_rate)


def loss_if_stopped(plan: EntryPlan, settings: RiskSettings, quantity: Decimal) -> Decimal:
    """Quote currency lost when the position is stopped at its stop, all costs included.

    Costs are the taker fee on both sides (a limit that is marketable on arrival takes too), each
    rounded up as the venue does, slippage on the stop and, for a market entry, on the entry.
    Funding, and a market that jumps over the stop, are not in it: nobody knows them beforehand.
    """
    return quantity * _loss_per_unit(plan, settings) + 2 * FEE_ROUNDING


def size_entry(plan: EntryPlan, settings: RiskSettings, room: Room) -> Size:
    """The largest valid quantity whose loss at the stop fits the risk, the leverage and the margin.

    Raises RefusedOrder, with the reason, when that is below what the exchange accepts.
    """
    instrument = plan.instrument
    price = max(plan.entry, entry_cost_price(plan, settings))
    leverage = order_leverage(settings, instrument)
    with localcontext() as context:
        context.rounding = ROUND_FLOOR
        budget = room.equity * settings.risk_per_trade - 2 * FEE_ROUNDING
        wanted = budget / _loss_per_unit(plan, settings)
        fees_per_margin = 2 * settings.taker_fee_rate * leverage
        by_leverage = room.notional / price
        by_margin = room.margin * leverage / (price * (1 + fees_per_margin))
        limited_by = None
        if by_margin < wanted and by_margin <= by_leverage:
            limited_by = "the free margin"
        elif by_leverage < wanted:
            limited_by = f"the leverage limit of {readable(settings.max_leverage)}x"
        quantity = _valid_quantity(plan, min(wanted, by_leverage, by_margin), limited_by)
    return Size(quantity, limited_by)


def order_leverage(settings: RiskSettings, instrument: Instrument) -> Decimal:
    """The leverage an order is sent with: the owner's limit, or the instrument's if lower."""
    return min(settings.max_leverage, instrument.max_leverage)


def _valid_quantity(plan: EntryPlan, quantity: Decimal, limited_by: str | None) -> Decimal:
    instrument = plan.instrument
    because = f" The size was limited by {limited_by}." if limited_by else ""
    if quantity <= 0:
        what = limited_by or "the equity of the account"
        raise RefusedOrder(f"{instrument.symbol}: nothing can be traded: {what} is used up.")
    try:
        rounded = instrument.quantity_down(quantity)
    except RefusedOrder as refusal:
        raise RefusedOrder(f"{refusal}.{because}") from refusal
    notional = rounded * plan.entry
    if notional < instrument.min_notional:
        raise RefusedOrder(
            f"{instrument.symbol}: an order value of {readable(notional)} is below the exchange's "
            f"minimum of {readable(instrument.min_notional)}.{because}"
        )
    return rounded


def _loss_per_unit(plan: EntryPlan, settings: RiskSettings) -> Decimal:
    sign = int(plan.direction)
    bought = entry_cost_price(plan, settings)
    sold = _slipped(plan.instrument, plan.stop, plan.direction.opposite, settings.slippage_rate)
    fee_rate = max(settings.taker_fee_rate, settings.maker_fee_rate)
    return (bought - sold) * sign + fee_rate * (bought + sold)


def _slipped(instrument: Instrument, price: Decimal, side: Direction, rate: Decimal) -> Decimal:
    """`price` made worse by slippage for a trade on `side` (LONG buys), on a tick against us."""
    if side is Direction.LONG:
        return instrument.price_up(price * (1 + rate))
    return instrument.price_down(price * (1 - rate))
