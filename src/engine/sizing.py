"""How much to trade: prices on ticks, the loss at the stop, and the size that keeps it small.

Rounding. Every price moves to the side where we pay more or receive less: a long buys at the
tick above its entry, is stopped at the tick below its stop and takes profit at the tick below
its target; a short is the mirror image. The size is computed afterwards, so the money at risk
never grows by rounding. On a market that trades in ticks this also keeps the strategy and the
venue agreed about what happened: `low < entry`, `low <= stop` and `high > target` hold for the
rounded price exactly when they hold for the unrounded one.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache

from src.domain.errors import RefusedOrder
from src.domain.instrument import Instrument
from src.domain.order import Direction, OrderKind, OrderRequest
from src.domain.signal import SetupUpdate
from src.engine import entry_rules
from src.engine.contract_numbers import (
    finest_money,
    grid_of,
    quantity_decimals,
    scale_and_tick,
)
from src.engine.entry_rules import (
    BY_EXCHANGE,
    BY_LEVERAGE,
    BY_MARGIN,
    Grid,
    Limits,
    Means,
    Planned,
    Quotient,
    Sizing,
)
from src.engine.whole_numbers import (
    MONEY_DECIMALS,
    decimals_of,
    tick_at_or_above,
    tick_at_or_below,
    whole,
)

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
    scale, tick = scale_and_tick(instrument)
    buying, selling = tick_at_or_above, tick_at_or_below
    if update.direction is Direction.SHORT:
        buying, selling = selling, buying
    rounded = (buying(levels[0], tick, scale), *(selling(x, tick, scale) for x in levels[1:]))
    entry, stop, target = (units // tick * instrument.tick_size for units in rounded)
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


def loss_if_stopped(plan: EntryPlan, settings: RiskSettings, quantity: Decimal) -> Decimal:
    """Quote currency lost when the position is stopped at its stop, all costs included.

    Costs are the taker fee on both sides (a limit that is marketable on arrival takes too), each
    rounded up as the venue does, slippage on the stop and, for a market entry, on the entry.
    Funding, and a market that jumps over the stop, are not in it: nobody knows them beforehand.
    """
    decimals = _price_decimals(plan)
    grid = grid_of(plan.instrument, decimals, MONEY_DECIMALS)
    limits = limits_of(plan.instrument, settings, MONEY_DECIMALS)
    loss = entry_rules.loss_per_unit(_planned(plan, decimals), limits, grid.tick)
    return risk_of(quantity, Decimal(loss) / (grid.scale * limits.one))


def risk_of(quantity: Decimal, loss_per_unit: Decimal) -> Decimal:
    """What a quantity loses at its stop, the rounding of two fees included."""
    return quantity * loss_per_unit + 2 * FEE_ROUNDING


def size_entry(plan: EntryPlan, settings: RiskSettings, room: Room) -> Size:
    """The largest valid quantity whose loss at the stop fits the risk, the leverage and the margin.

    Raises RefusedOrder, with the reason, when that is below what the exchange accepts.
    """
    instrument, decimals = plan.instrument, _price_decimals(plan)
    given = (room.equity, room.notional, room.margin)
    money_decimals = max(finest_money(instrument, decimals), *map(decimals_of, given))
    grid = grid_of(instrument, decimals, money_decimals)
    limits = limits_of(instrument, settings, money_decimals)
    equity, notional, margin = (whole(amount, money_decimals) for amount in given)
    means = Means(equity, notional * limits.turn, margin)
    planned = _planned(plan, decimals)
    found = entry_rules.entry_size(planned, means, grid, limits)
    limited_by = limit_words(found.limited, settings)
    if found.outcome != entry_rules.SIZED:
        paid = _PAID[found.limited](planned, means, grid, limits)
        raise RefusedOrder(_refusal(plan, found, limited_by, paid))
    return Size(found.steps * instrument.quantity_step, limited_by)


def limit_words(limited: int, settings: RiskSettings) -> str | None:
    """What made a size smaller than the risk allows (BY_*), in words; None for the risk itself."""
    if limited == BY_MARGIN:
        return "the free margin"
    if limited == BY_LEVERAGE:
        return f"the leverage limit of {readable(settings.max_leverage)}x"
    if limited == BY_EXCHANGE:
        return "the largest order that the exchange accepts"
    return None


def size_note(limited_by: str | None) -> str | None:
    """The sentence beside a signal whose size something limited."""
    return f"The size was reduced by {limited_by}." if limited_by else None


def initial_margin(value: Decimal, leverage: Decimal) -> Decimal:
    """What an order or position of this value binds at the venue, rounded up."""
    decimals, in_turns = max(MONEY_DECIMALS, decimals_of(value)), decimals_of(leverage)
    cents = entry_rules.margin_of(
        whole(value, decimals),
        whole(leverage, in_turns),
        10**in_turns,
        10 ** (decimals - MONEY_DECIMALS),
    )
    return Decimal(cents).scaleb(-decimals)


def order_leverage(settings: RiskSettings, instrument: Instrument) -> Decimal:
    """The leverage an order is sent with: the owner's limit, or the instrument's if lower."""
    return min(settings.max_leverage, instrument.max_leverage)


_PAID: Mapping[int, Callable[[Planned, Means, Grid, Limits], Quotient]] = {
    entry_rules.BY_RISK: entry_rules.paid_by_risk,
    BY_LEVERAGE: entry_rules.paid_by_leverage,
    BY_MARGIN: entry_rules.paid_by_margin,
    BY_EXCHANGE: lambda _plan, _means, grid, limits: Quotient(limits.most, 1, grid.step),
}


def _refusal(plan: EntryPlan, found: Sizing, limited_by: str | None, paid: Quotient) -> str:
    """Why an entry has no valid size, in words."""
    instrument = plan.instrument
    because = f" The size was limited by {limited_by}." if limited_by else ""
    if found.outcome == entry_rules.NOTHING_LEFT:
        what = limited_by or "the equity of the account"
        return f"{instrument.symbol}: nothing can be traded: {what} is used up."
    if found.outcome == entry_rules.BELOW_QUANTITY:
        with localcontext() as context:
            context.rounding = ROUND_FLOOR
            size = Decimal(paid.first * paid.second) / paid.divisor * instrument.quantity_step
        return (
            f"{instrument.symbol}: size {readable(size)} is below the exchange's minimum "
            f"of {readable(instrument.min_quantity)}.{because}"
        )
    notional = found.steps * instrument.quantity_step * plan.entry
    return (
        f"{instrument.symbol}: an order value of {readable(notional)} is below the exchange's "
        f"minimum of {readable(instrument.min_notional)}.{because}"
    )


def _planned(plan: EntryPlan, decimals: int) -> Planned:
    return Planned(
        side=int(plan.direction),
        is_market=int(plan.kind is OrderKind.MARKET),
        entry=whole(plan.entry, decimals),
        stop=whole(plan.stop, decimals),
        target=whole(plan.target, decimals),
    )


def _price_decimals(plan: EntryPlan) -> int:
    """Decimals that count every price of the plan and its tick."""
    return max(map(decimals_of, (plan.instrument.tick_size, plan.entry, plan.stop, plan.target)))


@lru_cache(maxsize=256)
def limits_of(
    instrument: Instrument, settings: RiskSettings, money_decimals: int, largest: int = 0
) -> Limits:
    """What the owner and the exchange allow, money counted in 10^-`money_decimals`."""
    rates = (settings.risk_per_trade, settings.taker_fee_rate, settings.maker_fee_rate)
    in_rates = max(map(decimals_of, (*rates, settings.slippage_rate)))
    leverage = order_leverage(settings, instrument)
    in_turns = max(decimals_of(leverage), decimals_of(settings.max_leverage))
    in_quantity = quantity_decimals(instrument)
    return Limits(
        least=whole(instrument.min_quantity, in_quantity),
        most=whole(instrument.max_quantity, in_quantity),
        least_value=math.ceil(instrument.min_notional.scaleb(money_decimals)),
        one=10**in_rates,
        risk=whole(settings.risk_per_trade, in_rates),
        fee=max(whole(rate, in_rates) for rate in rates[1:]),
        taker=whole(settings.taker_fee_rate, in_rates),
        slippage=whole(settings.slippage_rate, in_rates),
        turn=10**in_turns,
        leverage=whole(leverage, in_turns),
        most_leverage=whole(settings.max_leverage, in_turns),
        largest=largest,
    )
