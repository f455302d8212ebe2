"""At what price and cost the paper venue fills, in whole numbers (see engine/whole_numbers).

The venue calls these functions as they stand for one fact at a time; a backtest compiles the very
same ones. Prices, quantities and money are counted as `engine.entry_rules.Grid` says.
"""

from typing import NamedTuple

from numba.extending import register_jitable

from src.engine.entry_rules import Grid, slipped
from src.engine.whole_numbers import ceiling_quotient, floor_quotient
from src.exchange.paper.matching import Bar, Hit, match_exit, match_limit

# Why the venue traded; NOT_FILLED where it did not.
NOT_FILLED = 0
BY_ENTRY = 1
BY_STOP = 2
BY_TARGET = 3
BY_LIQUIDATION = 4
BY_HAND = 5


class Charges(NamedTuple):
    """The venue's rates in 1/`one`."""

    one: int
    taker: int
    maker: int
    slippage: int
    maintenance: int


class Levels(NamedTuple):
    """The prices of an entry or a position, as counts and as the floats that bars are held to."""

    side: int
    entry: int
    stop: int
    target: int
    entry_price: float
    stop_price: float
    target_price: float


class Deal(NamedTuple):
    """One fill, `reason` NOT_FILLED if none. `slippage` is that of one unit, never negative:
    a better price is no slippage. `at_open` tells that it happened as the bar opened."""

    reason: int
    price: int
    slippage: int
    is_maker: int
    at_open: int
    ambiguous: int


NO_DEAL = Deal(NOT_FILLED, 0, 0, 0, 0, 0)


@register_jitable
def better(side: int, first: int, second: int) -> int:
    """The price a trade on `side` (1 buys) likes more."""
    return min(first, second) if side > 0 else max(first, second)


@register_jitable
def tick_against(price: int, side: int, tick: int) -> int:
    """The nearest tick where a trade on `side` (1 buys) pays more or receives less."""
    return -(-price // tick) * tick if side > 0 else price // tick * tick


@register_jitable
def taking(reason: int, price: int, side: int, grid: Grid, charges: Charges) -> Deal:
    """A taker's trade on `side` at `price` with slippage."""
    paid = slipped(price, side, charges.slippage, charges.one, grid.tick)
    return Deal(reason, paid, (paid - price) * side, 0, 0, 0)


@register_jitable
def _resting_price(level: int, side: int, hit: Hit, opened: int, has_gap: int, tick: int) -> int:
    """The level, or the better open of a candle with a gap."""
    if hit == Hit.AT_OPEN and has_gap != 0:
        return better(side, level, tick_against(opened, side, tick))
    return level


@register_jitable
def market_deal(opened: int, side: int, grid: Grid, charges: Charges) -> Deal:
    """A market entry: at the first price there is."""
    deal = taking(BY_ENTRY, opened, side, grid, charges)
    return Deal(BY_ENTRY, deal.price, deal.slippage, 0, 1, 0)


@register_jitable
def limit_deal(
    levels: Levels,
    rested: int,
    bar: Bar,
    opened: int,
    has_gap: int,
    grid: Grid,
    charges: Charges,
) -> Deal:
    """What a bar does to a limit entry, which `rested` once it met a price that did not fill it.

    `opened` is the bar's open as a count; candles have gaps, ticks have none.
    """
    side = levels.side
    hit = match_limit(side, levels.entry_price, bar)
    if hit == Hit.NONE:
        return NO_DEAL
    at_open = 1 if hit == Hit.AT_OPEN else 0
    if at_open == 1 and rested == 0:
        paid = slipped(opened, side, charges.slippage, charges.one, grid.tick)
        price = better(side, paid, levels.entry)
        return Deal(BY_ENTRY, price, (price - opened) * side, 0, at_open, 0)
    price = _resting_price(levels.entry, side, hit, opened, has_gap, grid.tick)
    return Deal(BY_ENTRY, price, 0, 1, at_open, 0)


@register_jitable
def exit_deal(
    levels: Levels,
    bar: Bar,
    opened: int,
    has_gap: int,
    is_fill_bar: bool,
    grid: Grid,
    charges: Charges,
) -> Deal:
    """What a bar does to a position's stop and target."""
    stop, target, ambiguous = match_exit(
        levels.side, levels.stop_price, levels.target_price, bar, is_fill_bar
    )
    side = -levels.side
    if stop != Hit.NONE:
        trigger = levels.stop
        at_open = 1 if stop == Hit.AT_OPEN else 0
        reference = better(-side, trigger, opened) if at_open == 1 else trigger
        paid = slipped(reference, side, charges.slippage, charges.one, grid.tick)
        return Deal(BY_STOP, paid, (paid - trigger) * side, 0, at_open, 1 if ambiguous else 0)
    if target != Hit.NONE:
        # An account sends its target as a market order: its level, but the taker's fee.
        price = _resting_price(levels.target, side, target, opened, has_gap, grid.tick)
        at_open = 1 if target == Hit.AT_OPEN else 0
        return Deal(BY_TARGET, price, 0, 0, at_open, 1 if ambiguous else 0)
    return NO_DEAL


@register_jitable
def fee_of(value: int, is_maker: int, cent: int, charges: Charges) -> int:
    """The fee for a trade of this value, rounded up."""
    rate = charges.maker if is_maker != 0 else charges.taker
    return ceiling_quotient(value, rate, charges.one * cent) * cent


@register_jitable
def funding_of(side: int, value: int, rate: int, one: int, cent: int) -> int:
    """What the account receives (negative: pays): longs pay shorts while the rate is positive."""
    return floor_quotient(-side * value * (1 if rate >= 0 else -1), abs(rate), one * cent) * cent


@register_jitable
def maintenance_of(value: int, charges: Charges) -> int:
    """The equity that positions of this value need to stay open, rounded up."""
    return ceiling_quotient(value, charges.maintenance, charges.one)
