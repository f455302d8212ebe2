"""How large an entry may be, in whole numbers (see whole_numbers). Sentences are sizing.py's.

Prices are counted in 1/`scale` of the quote currency, quantities in the finest decimal of the
step, money in `worth` to a price unit times a quantity unit, rates in 1/`one`, leverage in
1/`turn`.
"""

from typing import NamedTuple

from numba.extending import register_jitable

from src.engine.whole_numbers import ceiling_quotient, floor_quotient

SIZED = 0
NOTHING_LEFT = 1
BELOW_QUANTITY = 2
BELOW_VALUE = 3
TOO_LARGE = 4

BY_RISK = 0
BY_LEVERAGE = 1
BY_MARGIN = 2
BY_EXCHANGE = 3

_EMPTY = -1


class Grid(NamedTuple):
    """What the numbers of a contract are counted in. `tick` and `step` are in their units; `cent`
    is the money that fees are rounded to."""

    scale: int
    tick: int
    step: int
    worth: int
    cent: int


class Limits(NamedTuple):
    """What the owner and the exchange allow, and the costs that are planned for.

    `fee` is the dearer of the two fee rates; `largest` is the largest number that can be reckoned
    with (0: any).
    """

    least: int
    most: int
    least_value: int
    one: int
    risk: int
    fee: int
    taker: int
    slippage: int
    turn: int
    leverage: int
    most_leverage: int
    largest: int


class Planned(NamedTuple):
    """One entry on ticks; `side` is 1 for a long."""

    side: int
    is_market: int
    entry: int
    stop: int
    target: int


class Means(NamedTuple):
    """Money of the account: its equity, what is left under the leverage limit (in money / `turn`),
    and what is free as margin."""

    equity: int
    room: int
    margin: int


class Sizing(NamedTuple):
    """How many steps, what made them fewer than the risk allows (BY_*), and SIZED or why not."""

    steps: int
    limited: int
    outcome: int


@register_jitable
def slipped(price: int, side: int, rate: int, one: int, tick: int) -> int:
    """`price` made worse by slippage for a trade on `side` (1 buys), on a tick against us."""
    if side > 0:
        return -(-price * (one + rate) // (one * tick)) * tick
    return price * (one - rate) // (one * tick) * tick


@register_jitable
def cost_price(plan: Planned, limits: Limits, tick: int) -> int:
    """The worst entry price planned for: the limit itself, or a market price with slippage."""
    if plan.is_market == 0:
        return plan.entry
    return slipped(plan.entry, plan.side, limits.slippage, limits.one, tick)


@register_jitable
def loss_per_unit(plan: Planned, limits: Limits, tick: int) -> int:
    """What a quantity of one loses at its stop, fees and slippage included; price units / `one`."""
    bought = cost_price(plan, limits, tick)
    sold = slipped(plan.stop, -plan.side, limits.slippage, limits.one, tick)
    return (bought - sold) * plan.side * limits.one + limits.fee * (bought + sold)


@register_jitable
def stands_on_its_sides(plan: Planned) -> bool:
    """Whether all prices are above zero, the stop on the losing and the target on the winning side
    of the entry."""
    if min(plan.entry, plan.stop, plan.target) <= 0:
        return False
    return (plan.entry - plan.stop) * plan.side > 0 and (plan.target - plan.entry) * plan.side > 0


class Quotient(NamedTuple):
    """Steps that a sum pays for: `first` x `second` / `divisor`, not rounded yet."""

    first: int
    second: int
    divisor: int


@register_jitable
def paid_by_risk(plan: Planned, means: Means, grid: Grid, limits: Limits) -> Quotient:
    """Steps whose loss at the stop is what may be risked."""
    budget = means.equity * limits.risk - 2 * grid.cent * limits.one
    lost = loss_per_unit(plan, limits, grid.tick) * grid.worth * grid.step
    return Quotient(budget, 1, lost)


@register_jitable
def paid_by_leverage(plan: Planned, means: Means, grid: Grid, limits: Limits) -> Quotient:
    """Steps whose value is what is left under the leverage limit."""
    price = max(plan.entry, cost_price(plan, limits, grid.tick))
    return Quotient(means.room, 1, price * grid.worth * grid.step * limits.turn)


@register_jitable
def paid_by_margin(plan: Planned, means: Means, grid: Grid, limits: Limits) -> Quotient:
    """Steps that the free margin backs, the fees of both sides paid from it too."""
    price = max(plan.entry, cost_price(plan, limits, grid.tick))
    with_fees = limits.one * limits.turn + 2 * limits.taker * limits.leverage
    backed = means.margin * limits.leverage
    return Quotient(backed, limits.one, price * grid.worth * grid.step * with_fees)


@register_jitable
def margin_of(value: int, leverage: int, turn: int, cent: int) -> int:
    """Initial margin that an order or position of this value binds, rounded up."""
    return ceiling_quotient(value, turn, leverage * cent) * cent


@register_jitable
def _steps(paid: Quotient) -> int:
    """Whole steps that a sum pays for; _EMPTY when there is nothing to pay with."""
    return _EMPTY if paid.first <= 0 else floor_quotient(paid.first, paid.second, paid.divisor)


@register_jitable
def entry_size(plan: Planned, means: Means, grid: Grid, limits: Limits) -> Sizing:
    """The largest valid quantity whose loss at the stop fits the risk, the leverage, the margin."""
    largest = float(limits.largest)
    most_times = max(limits.risk, limits.leverage, limits.most_leverage)
    if largest > 0 and float(abs(means.equity)) * most_times > largest:
        return Sizing(0, BY_RISK, TOO_LARGE)
    wanted = _steps(paid_by_risk(plan, means, grid, limits))
    by_leverage = _steps(paid_by_leverage(plan, means, grid, limits))
    by_margin = _steps(paid_by_margin(plan, means, grid, limits))
    limited = BY_RISK
    if by_margin < wanted and by_margin <= by_leverage:
        limited = BY_MARGIN
    elif by_leverage < wanted:
        limited = BY_LEVERAGE
    steps = min(wanted, by_leverage, by_margin)
    most = limits.most // grid.step
    if most < steps:
        steps, limited = most, BY_EXCHANGE
    quantity = steps * grid.step
    if steps < 0:
        return Sizing(0, limited, NOTHING_LEFT)
    if quantity < limits.least:
        return Sizing(steps, limited, BELOW_QUANTITY)
    if largest > 0 and float(quantity) * float(plan.entry) * float(grid.worth) > largest:
        return Sizing(0, limited, TOO_LARGE)
    if quantity * plan.entry * grid.worth < limits.least_value:
        return Sizing(steps, limited, BELOW_VALUE)
    return Sizing(steps, limited, SIZED)
