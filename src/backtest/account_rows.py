"""The arrays in which an account is folded over history; everything is a whole number.

Prices, quantities and money are counted as `engine.entry_rules.Grid` says, times are UTC ms.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from numba.extending import register_jitable

from src.engine.entry_rules import Grid, Limits
from src.exchange.paper.fill_rules import Charges
from src.strategy.compiled import Floats, Integers

Function = TypeVar("Function", bound=Callable[..., Any])

# What the fold stops for. Everything else it decides by itself.
DONE = 0
PAUSED = 1
ASKS_ABOUT_RESULTS = 2
ASKS_ABOUT_GUARDS = 3
ASKS_ABOUT_ENTRY = 4
NEEDS_DECIMALS = 5
NEEDS_WIDER_NUMBERS = 6

# Where in an instant it stands.
AWAKE = 0
HEARING = 1
JUDGED = 2

# Columns of `account`. CLOSED and FILLED count so far; FIRST_CLOSED is CLOSED as the instant
# began; MOST are the positions allowed. GUARDED numbers the sentences of the guards that stand
# until GUARDED_UNTIL. ANSWER is 1 for an entry that the guards let pass.
(STAGE, NOW, NEXT, PAUSE_AT, WALLET, ORDERED, CLOSED, FIRST_CLOSED, FILLED, PAID, MOST) = range(11)
(GUARDED, GUARDED_UNTIL, JUDGE_RESULTS, JUDGE_ENTRIES, ANSWER, TROUBLE, LARGEST) = range(11, 18)
WALLETS = 18
ACCOUNT_COLUMNS = 19

# Columns of `book`, a row for each symbol: what it holds, whose row that is in `orders`, the next
# candle to be seen, the last price seen, and of a position the next funding not yet charged.
HELD, ROW, CANDLE, LAST, RESTED, FUNDING_AT = range(6)
BOOK_COLUMNS = 6
FREE, INTENDED, RESTING, WITHDRAWN, OPEN = range(5)

# Columns of `orders`, a row for each setup that was planned.
(SYMBOL, SETUP, PLACED_AT, OUTCOME, LIMITED, SIDE, IS_MARKET, QUANTITY) = range(8)
(PRICE, STOP, TARGET, LOSS, ENDS_AT, EQUITY, ROOM, MARGIN, LAST_SEEN) = range(8, 17)
(ENTRY_PRICE, ENTRY_TIME, OPENED_AT, ENTERED, EXIT_PRICE, EXIT_TIME, EXIT_REASON) = range(17, 24)
(CLOSED_AT, AMBIGUOUS, FEES, FUNDING, SLIPPAGE, GROSS) = range(24, 30)
ORDER_COLUMNS = 30

# What became of a planned setup.
(NO_PLAN, NO_SIZE, GUARD_REFUSED, WAITING, REJECTED_STOP, REJECTED_MARGIN) = range(6)
CANCELLED, IN_TRADE, TRADED = 6, 7, 8

# What was decided about a proposal (`decisions`).
REFUSED_BY_STRATEGY, NO_ROOM, REFUSED_BY_RISK, ORDERED_SETUP = range(4)

# `room` of a setup for which there was none: held, positions taken and guards in one number.
FREE_SYMBOL, TRADE_HELD, ENTRY_HELD = range(3)
MOST_TAKEN = 1 << 10


class Tape(NamedTuple):
    """Candles of all symbols one after the other; symbol s has those of [first[s], last[s])."""

    time: Integers
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    first: Integers
    last: Integers
    step: int


class Agenda(NamedTuple):
    """Armed setups of all symbols in order of time. `setup` is the place among all proposals."""

    time: Integers
    symbol: Integers
    setup: Integers
    side: Integers
    is_market: Integers
    entry: Floats
    stop: Floats
    target: Floats
    ends_at: Integers


class Books(NamedTuple):
    """Everything the fold remembers and writes. `numbers` has a row of contract numbers for each
    symbol (see `grid_at`), `closings` the rows of closed trades in order, `wallets` (instant,
    wallet after); `decisions` and `room` say for each proposal what became of it."""

    account: Integers
    book: Integers
    numbers: Integers
    orders: Integers
    closings: Integers
    wallets: Integers
    decisions: Integers
    room: Integers


def stepped(function: Function) -> Function:
    """A part of the fold: Python calls it as it stands, compiled code inlines it."""
    wrap = register_jitable(_nrt=False, error_model="numpy", forceinline=True)
    inlined: Function = wrap(function)
    return inlined


# Columns of `numbers` that are asked for by themselves.
SCALE, TICK, STEP, WORTH = range(4)
RATE_ONE = 8
TURN = 13
_LIMITS_AT = 5
_CHARGES_AT = 17
FUNDING_RATE = 22
FUNDING_ONE = 23
FUNDING_INTERVAL = 24
NUMBER_COLUMNS = 25


def numbers_row(
    grid: Grid, limits: Limits, charges: Charges, funding: tuple[int, int, int]
) -> list[int]:
    """A contract's numbers; `funding` is its rate, what that is counted in, and the interval."""
    return [*grid, *limits, *charges, *funding]


@stepped
def grid_at(numbers: Integers, symbol: int) -> Grid:
    """What a symbol's numbers are counted in."""
    row = numbers[symbol]
    return Grid(row[0], row[1], row[2], row[3], row[4])


@stepped
def limits_at(numbers: Integers, symbol: int) -> Limits:
    """What owner and exchange allow on a symbol."""
    row, at = numbers[symbol], _LIMITS_AT
    return Limits(
        row[at],
        row[at + 1],
        row[at + 2],
        row[at + 3],
        row[at + 4],
        row[at + 5],
        row[at + 6],
        row[at + 7],
        row[at + 8],
        row[at + 9],
        row[at + 10],
        row[at + 11],
    )


@stepped
def charges_at(numbers: Integers, symbol: int) -> Charges:
    """The venue's rates on a symbol."""
    row, at = numbers[symbol], _CHARGES_AT
    return Charges(row[at], row[at + 1], row[at + 2], row[at + 3], row[at + 4])
