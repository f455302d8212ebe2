"""The engine's part of the fold: whether an armed setup becomes an order, and its sending."""

import math

from src.backtest.account_money import worth_now
from src.backtest.account_rows import (
    CANDLE,
    ENDS_AT,
    ENTRY_HELD,
    EQUITY,
    FREE,
    FREE_SYMBOL,
    GUARD_REFUSED,
    HELD,
    INTENDED,
    IS_MARKET,
    LARGEST,
    LAST,
    LAST_SEEN,
    LIMITED,
    LOSS,
    MARGIN,
    MOST_TAKEN,
    NEEDS_WIDER_NUMBERS,
    NO_PLAN,
    NO_ROOM,
    NO_SIZE,
    NOW,
    OPEN,
    ORDERED,
    ORDERED_SETUP,
    OUTCOME,
    PLACED_AT,
    PRICE,
    QUANTITY,
    REFUSED_BY_RISK,
    REJECTED_MARGIN,
    REJECTED_STOP,
    RESTED,
    RESTING,
    ROOM,
    ROW,
    SETUP,
    SIDE,
    STOP,
    SYMBOL,
    TARGET,
    TRADE_HELD,
    TROUBLE,
    WAITING,
    Agenda,
    Books,
    Tape,
    grid_at,
    limits_at,
    stepped,
)
from src.backtest.account_venue import counted
from src.engine.entry_rules import (
    SIZED,
    TOO_LARGE,
    Grid,
    Means,
    Planned,
    entry_size,
    loss_per_unit,
    margin_of,
    stands_on_its_sides,
)
from src.engine.whole_numbers import tick_at_or_above, tick_at_or_below

_MOST_COUNTED = 1.0e15


@stepped
def taken(books: Books) -> int:
    """Open trades plus resting entries: each may use one of the allowed positions."""
    count = 0
    for symbol in range(len(books.book)):
        if books.book[symbol, HELD] != FREE:
            count += 1
    return count


@stepped
def note_no_room(setup: int, symbol: int, guards: int, books: Books) -> None:
    """Note why there was no room for a setup: what the symbol holds, positions taken, guards."""
    state = books.book[symbol, HELD]
    held = FREE_SYMBOL
    if state == OPEN:
        held = TRADE_HELD
    elif state != FREE:
        held = ENTRY_HELD
    books.decisions[setup] = NO_ROOM
    books.room[setup] = (guards * 3 + held) * MOST_TAKEN + taken(books)


@stepped
def see_last_candle(symbol: int, now: int, tape: Tape, books: Books) -> None:
    """Take the last candle of a symbol that held nothing as seen (closed by `now`, UTC ms)."""
    first, last = books.book[symbol, CANDLE], tape.last[symbol]
    if first >= last or tape.time[first] + tape.step > now:
        return
    behind, ahead = first, last
    likely = first + (now - tape.step - tape.time[first]) // tape.step
    if likely < last and tape.time[likely] + tape.step == now:
        behind, ahead = likely, likely + 1
    while ahead - behind > 1:
        middle = (behind + ahead) // 2
        if tape.time[middle] + tape.step <= now:
            behind = middle
        else:
            ahead = middle
    books.book[symbol, CANDLE] = ahead
    books.book[symbol, LAST] = counted(tape.close[behind], symbol, books)


@stepped
def _plan(item: int, highest: float, grid: Grid, agenda: Agenda) -> Planned:
    """The setup's prices, `highest` among them, on ticks, each rounded against us; zeros for
    unusable ones."""
    side, is_market = agenda.side[item], agenda.is_market[item]
    entry, stop, target = agenda.entry[item], agenda.stop[item], agenda.target[item]
    if not (entry > 0 and stop > 0 and target > 0 and highest < math.inf):
        return Planned(side, is_market, 0, 0, 0)
    tick, scale = grid.tick, grid.scale
    if side > 0:
        return Planned(
            side,
            is_market,
            tick_at_or_above(entry, tick, scale),
            tick_at_or_below(stop, tick, scale),
            tick_at_or_below(target, tick, scale),
        )
    return Planned(
        side,
        is_market,
        tick_at_or_below(entry, tick, scale),
        tick_at_or_above(stop, tick, scale),
        tick_at_or_above(target, tick, scale),
    )


@stepped
def decide(item: int, agenda: Agenda, books: Books) -> int:
    """Plan and size the setup as a new row of orders; the row, whose OUTCOME is WAITING when it
    may become an order."""
    symbol, setup = agenda.symbol[item], agenda.setup[item]
    row: int = books.account[ORDERED]
    grid, limits = grid_at(books.numbers, symbol), limits_at(books.numbers, symbol)
    highest = max(agenda.entry[item], agenda.stop[item], agenda.target[item])
    if books.account[LARGEST] > 0 and highest * grid.scale > _MOST_COUNTED:
        books.account[TROUBLE] = NEEDS_WIDER_NUMBERS
        highest = math.nan
    plan, worth = _plan(item, highest, grid, agenda), worth_now(books)
    order = books.orders[row]
    books.account[ORDERED] += 1
    books.decisions[setup] = REFUSED_BY_RISK
    order[SYMBOL], order[SETUP], order[PLACED_AT] = symbol, setup, books.account[NOW]
    order[SIDE], order[IS_MARKET], order[ENDS_AT] = plan.side, plan.is_market, agenda.ends_at[item]
    order[PRICE], order[STOP], order[TARGET] = plan.entry, plan.stop, plan.target
    order[OUTCOME] = NO_PLAN
    if not stands_on_its_sides(plan):
        return row
    room = worth.equity * limits.most_leverage - worth.held * limits.turn
    size = entry_size(plan, Means(worth.equity, room, worth.margin), grid, limits)
    if size.outcome == TOO_LARGE:
        books.account[TROUBLE] = NEEDS_WIDER_NUMBERS
    order[EQUITY], order[ROOM], order[MARGIN] = worth.equity, room, worth.margin
    order[LIMITED], order[QUANTITY] = size.limited, size.steps * grid.step
    order[LOSS] = loss_per_unit(plan, limits, grid.tick)
    order[OUTCOME] = WAITING if size.outcome == SIZED else NO_SIZE
    return row


@stepped
def intend(row: int, allowed: int, books: Books) -> None:
    """Make the planned entry an intended order, or note that a guard refused it."""
    order = books.orders[row]
    if allowed == 0:
        order[OUTCOME] = GUARD_REFUSED
        return
    symbol = order[SYMBOL]
    books.decisions[order[SETUP]] = ORDERED_SETUP
    books.book[symbol, HELD], books.book[symbol, ROW] = INTENDED, row
    books.book[symbol, RESTED] = 0


@stepped
def submit(symbol: int, books: Books) -> None:
    """Send an intended order: the venue lets it rest or rejects it."""
    order = books.orders[books.book[symbol, ROW]]
    grid, limits = grid_at(books.numbers, symbol), limits_at(books.numbers, symbol)
    last = books.book[symbol, LAST]
    value = order[QUANTITY] * order[PRICE] * grid.worth
    bound = margin_of(value, limits.leverage, limits.turn, grid.cent)
    books.book[symbol, HELD] = FREE
    if (last - order[STOP]) * order[SIDE] <= 0:
        order[OUTCOME], order[LAST_SEEN] = REJECTED_STOP, last
    elif bound > worth_now(books).available:
        order[OUTCOME] = REJECTED_MARGIN
    else:
        books.book[symbol, HELD] = RESTING
