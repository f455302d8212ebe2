"""What the account of a backtest is worth, from its rows."""

from typing import NamedTuple

from src.backtest.account_rows import (
    ENTRY_PRICE,
    FREE,
    HELD,
    INTENDED,
    LARGEST,
    LAST,
    NEEDS_WIDER_NUMBERS,
    OPEN,
    PRICE,
    QUANTITY,
    ROW,
    SIDE,
    TROUBLE,
    WALLET,
    WORTH,
    Books,
    charges_at,
    grid_at,
    limits_at,
    stepped,
)
from src.engine.entry_rules import margin_of
from src.exchange.paper.fill_rules import maintenance_of


class Worth(NamedTuple):
    """`equity` at the last prices, `held` the value of everything open or resting at its entry,
    `available` what the venue has free to back an order, `margin` what the engine may use of it."""

    equity: int
    held: int
    available: int
    margin: int


@stepped
def value_of(quantity: int, price: int, worth: int, books: Books) -> int:
    """What a quantity is worth; notes when that is too large to reckon with."""
    largest = books.account[LARGEST]
    if largest > 0 and float(quantity) * float(price) * float(worth) > float(largest):
        books.account[TROUBLE] = NEEDS_WIDER_NUMBERS
    return quantity * price * worth


@stepped
def worth_now(books: Books) -> Worth:
    """The account as the venue and the engine see it together.

    The venue binds margin for what it holds; for an entry it has not heard of yet, the engine does.
    """
    equity = books.account[WALLET]
    held, bound, unheard = 0, 0, 0
    for symbol in range(len(books.book)):
        state = books.book[symbol, HELD]
        if state == FREE:
            continue
        order = books.orders[books.book[symbol, ROW]]
        grid, limits = grid_at(books.numbers, symbol), limits_at(books.numbers, symbol)
        quantity, price = order[QUANTITY], order[PRICE]
        if state == OPEN:
            price = order[ENTRY_PRICE]
            move = (books.book[symbol, LAST] - price) * order[SIDE]
            equity += move * quantity * grid.worth
        value = value_of(quantity, price, grid.worth, books)
        held += value
        margin = margin_of(value, limits.leverage, limits.turn, grid.cent)
        if state == INTENDED:
            unheard += margin
        else:
            bound += margin
    available = max(equity - bound, 0)
    return Worth(equity, held, available, available - unheard)


@stepped
def is_below_maintenance(symbol: int, price: int, books: Books) -> bool:
    """Whether equity would not cover maintenance margin with `symbol` trading at `price`."""
    equity, needed = books.account[WALLET], 0
    for other in range(len(books.book)):
        if books.book[other, HELD] != OPEN:
            continue
        order, worth = books.orders[books.book[other, ROW]], books.numbers[other, WORTH]
        seen = price if other == symbol else books.book[other, LAST]
        equity += (seen - order[ENTRY_PRICE]) * order[SIDE] * order[QUANTITY] * worth
        needed += value_of(order[QUANTITY], seen, worth, books)
    is_below: bool = equity < maintenance_of(needed, charges_at(books.numbers, symbol))
    return is_below
