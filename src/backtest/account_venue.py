"""The venue's part of the fold: what one candle does to what a symbol holds."""

from src.backtest.account_money import is_below_maintenance, value_of
from src.backtest.account_rows import (
    AMBIGUOUS,
    CANDLE,
    CLOSED,
    CLOSED_AT,
    ENTERED,
    ENTRY_PRICE,
    ENTRY_TIME,
    EXIT_PRICE,
    EXIT_REASON,
    EXIT_TIME,
    FEES,
    FILLED,
    FREE,
    FUNDING,
    FUNDING_AT,
    FUNDING_INTERVAL,
    FUNDING_ONE,
    FUNDING_RATE,
    GROSS,
    HELD,
    IN_TRADE,
    IS_MARKET,
    LARGEST,
    LAST,
    NEEDS_DECIMALS,
    NEEDS_WIDER_NUMBERS,
    NOW,
    OPEN,
    OPENED_AT,
    OUTCOME,
    PAID,
    PRICE,
    QUANTITY,
    RESTED,
    ROW,
    SCALE,
    SIDE,
    SLIPPAGE,
    STOP,
    TARGET,
    TRADED,
    TROUBLE,
    WALLET,
    WORTH,
    Books,
    Tape,
    charges_at,
    grid_at,
    stepped,
)
from src.engine.whole_numbers import NOT_EXACT, exact_price
from src.exchange.paper.fill_rules import (
    BY_LIQUIDATION,
    NOT_FILLED,
    Deal,
    Levels,
    exit_deal,
    fee_of,
    funding_of,
    limit_deal,
    market_deal,
    taking,
)
from src.exchange.paper.matching import Bar


@stepped
def counted(price: float, symbol: int, books: Books) -> int:
    """A candle's price as a count; notes when it has more decimals than are counted."""
    found = exact_price(price, books.numbers[symbol, SCALE])
    if found == NOT_EXACT:
        books.account[TROUBLE] = NEEDS_DECIMALS
    return found


@stepped
def _levels(symbol: int, books: Books) -> Levels:
    order, scale = books.orders[books.book[symbol, ROW]], books.numbers[symbol, SCALE]
    entry, stop, target = order[PRICE], order[STOP], order[TARGET]
    return Levels(order[SIDE], entry, stop, target, entry / scale, stop / scale, target / scale)


@stepped
def _pay(symbol: int, deal: Deal, books: Books) -> None:
    """Fee and slippage of a fill."""
    order, grid = books.orders[books.book[symbol, ROW]], grid_at(books.numbers, symbol)
    value = value_of(order[QUANTITY], deal.price, grid.worth, books)
    fee = fee_of(value, deal.is_maker, grid.cent, charges_at(books.numbers, symbol))
    books.account[WALLET] -= fee
    order[FEES] += fee
    order[SLIPPAGE] += deal.slippage * order[QUANTITY] * grid.worth
    books.account[PAID] = 1


@stepped
def _enter(symbol: int, deal: Deal, time: int, interval_from: int, books: Books) -> None:
    """An entry fills: a position exists."""
    order, interval = books.orders[books.book[symbol, ROW]], books.numbers[symbol, FUNDING_INTERVAL]
    order[OUTCOME] = IN_TRADE
    order[ENTRY_PRICE], order[ENTRY_TIME] = deal.price, time
    order[OPENED_AT], order[ENTERED] = books.account[NOW], books.account[FILLED]
    books.account[FILLED] += 1
    books.book[symbol, HELD] = OPEN
    books.book[symbol, FUNDING_AT] = interval_from - interval_from % interval + interval
    _pay(symbol, deal, books)


@stepped
def _leave(symbol: int, deal: Deal, time: int, books: Books) -> None:
    """A position closes: a trade is over."""
    row = books.book[symbol, ROW]
    order, worth = books.orders[row], books.numbers[symbol, WORTH]
    gross = (deal.price - order[ENTRY_PRICE]) * order[SIDE] * order[QUANTITY] * worth
    order[OUTCOME], order[GROSS] = TRADED, gross
    order[EXIT_PRICE], order[EXIT_TIME], order[EXIT_REASON] = deal.price, time, deal.reason
    order[AMBIGUOUS], order[CLOSED_AT] = deal.ambiguous, books.account[NOW]
    books.account[WALLET] += gross
    _pay(symbol, deal, books)
    books.book[symbol, HELD] = FREE
    books.closings[books.account[CLOSED]] = row
    books.account[CLOSED] += 1
    largest = books.account[LARGEST]
    if largest > 0 and abs(books.account[WALLET]) > largest:
        books.account[TROUBLE] = NEEDS_WIDER_NUMBERS


@stepped
def _fund(symbol: int, until: int, books: Books) -> None:
    """Exchange funding for every funding time up to `until` (UTC ms), at the last price seen."""
    while books.book[symbol, HELD] == OPEN and books.book[symbol, FUNDING_AT] <= until:
        order, grid = books.orders[books.book[symbol, ROW]], grid_at(books.numbers, symbol)
        value = value_of(order[QUANTITY], books.book[symbol, LAST], grid.worth, books)
        rate, one = books.numbers[symbol, FUNDING_RATE], books.numbers[symbol, FUNDING_ONE]
        amount = funding_of(order[SIDE], value, rate, one, grid.cent)
        books.account[WALLET] += amount
        books.account[PAID] = 1
        order[FUNDING] += amount
        books.book[symbol, FUNDING_AT] += books.numbers[symbol, FUNDING_INTERVAL]


@stepped
def _meet_position(
    symbol: int, candle: int, opened: int, is_fill_bar: bool, tape: Tape, books: Books
) -> None:
    """Stop, target, or else liquidation."""
    high, low, start = tape.high[candle], tape.low[candle], tape.time[candle]
    bar = Bar(tape.open[candle], high, low, tape.open[candle], high, low)
    grid, charges = grid_at(books.numbers, symbol), charges_at(books.numbers, symbol)
    levels = _levels(symbol, books)
    deal = exit_deal(levels, bar, opened, 1, is_fill_bar, grid, charges)
    if deal.reason == NOT_FILLED:
        worst = counted(low if levels.side > 0 else high, symbol, books)
        if not is_below_maintenance(symbol, worst, books):
            return
        deal = taking(BY_LIQUIDATION, worst, -levels.side, grid, charges)
    _leave(symbol, deal, start if deal.at_open == 1 else start + tape.step - 1, books)


@stepped
def _meet_entry(symbol: int, candle: int, opened: int, tape: Tape, books: Books) -> bool:
    """Whether the candle fills the entry; then it has."""
    high, low, start = tape.high[candle], tape.low[candle], tape.time[candle]
    bar = Bar(tape.open[candle], high, low, tape.open[candle], high, low)
    grid, charges = grid_at(books.numbers, symbol), charges_at(books.numbers, symbol)
    levels = _levels(symbol, books)
    if books.orders[books.book[symbol, ROW], IS_MARKET] == 1:
        deal = market_deal(opened, levels.side, grid, charges)
    else:
        rested = books.book[symbol, RESTED]
        deal = limit_deal(levels, rested, bar, opened, 1, grid, charges)
    if deal.reason == NOT_FILLED:
        books.book[symbol, RESTED] = 1
        return False
    time = start if deal.at_open == 1 else start + tape.step - 1
    _enter(symbol, deal, time, start, books)
    return True


@stepped
def meet(symbol: int, candle: int, tape: Tape, books: Books) -> None:
    """Let the symbol's entry or position meet a candle, as the paper venue does."""
    _fund(symbol, tape.time[candle], books)
    opened = counted(tape.open[candle], symbol, books)
    if books.book[symbol, HELD] == OPEN:
        _meet_position(symbol, candle, opened, False, tape, books)
    elif _meet_entry(symbol, candle, opened, tape, books):
        _meet_position(symbol, candle, opened, True, tape, books)
    books.book[symbol, LAST] = counted(tape.close[candle], symbol, books)
    books.book[symbol, CANDLE] = candle + 1
    _fund(symbol, tape.time[candle] + tape.step, books)
