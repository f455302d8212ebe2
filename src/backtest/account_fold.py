"""An account folded over the candles it lives on: venue and engine, instant by instant.

This is the conversation of live trading (engine/conduct.py, monitors/trading_step.py) as one
compiled loop. At a close the venue sees the candles of whatever holds something, the engine books
what happened, the strategy's endings and new setups are heard, then orders are sent. What money
does at each of these points is decided by the functions that live trading calls
(engine/entry_rules.py, exchange/paper/fill_rules.py). Where nothing is held, candles are skipped.

The guards stay in Python: the fold stops and asks. It can be called again and again and goes on
where it stood.
"""

from src.backtest.account_entry import decide, intend, note_no_room, see_last_candle, submit, taken
from src.backtest.account_rows import (
    ANSWER,
    ASKS_ABOUT_ENTRY,
    ASKS_ABOUT_GUARDS,
    ASKS_ABOUT_RESULTS,
    AWAKE,
    CANCELLED,
    CANDLE,
    CLOSED,
    DONE,
    ENDS_AT,
    FIRST_CLOSED,
    FREE,
    GUARDED,
    GUARDED_UNTIL,
    HEARING,
    HELD,
    INTENDED,
    JUDGE_ENTRIES,
    JUDGE_RESULTS,
    JUDGED,
    MOST,
    NEXT,
    NOW,
    ORDERED,
    OUTCOME,
    PAID,
    PAUSE_AT,
    PAUSED,
    RESTING,
    ROW,
    STAGE,
    TROUBLE,
    WAITING,
    WALLET,
    WALLETS,
    WITHDRAWN,
    Agenda,
    Books,
    Tape,
    stepped,
)
from src.backtest.account_venue import meet
from src.strategy.compiled import compiled

_NEVER = 9223372036854775807
_ON = 0


@stepped
def _next_instant(tape: Tape, agenda: Agenda, books: Books) -> int:
    """The next close at which something can happen (UTC ms); _NEVER if none."""
    instant = _NEVER
    if books.account[NEXT] < len(agenda.time):
        instant = agenda.time[books.account[NEXT]]
    for symbol in range(len(books.book)):
        if books.book[symbol, HELD] == FREE:
            continue
        candle = books.book[symbol, CANDLE]
        if candle < tape.last[symbol]:
            instant = min(instant, tape.time[candle] + tape.step)
        if books.book[symbol, HELD] == RESTING:
            instant = min(instant, books.orders[books.book[symbol, ROW], ENDS_AT])
    return instant


@stepped
def _observe(now: int, tape: Tape, books: Books) -> None:
    """Show the venue the candles that close now, then note what the money did."""
    books.account[FIRST_CLOSED] = books.account[CLOSED]
    books.account[PAID] = 0
    for symbol in range(len(books.book)):
        candle = books.book[symbol, CANDLE]
        if books.book[symbol, HELD] == FREE or candle >= tape.last[symbol]:
            continue
        if tape.time[candle] + tape.step == now:
            meet(symbol, candle, tape, books)
    if books.account[PAID] == 1:
        row = books.account[WALLETS]
        books.wallets[row, 0], books.wallets[row, 1] = now, books.account[WALLET]
        books.account[WALLETS] += 1


@stepped
def _end_setups(now: int, books: Books) -> None:
    """Withdraw the entries whose setups are over; they keep their place until it is confirmed."""
    for symbol in range(len(books.book)):
        if books.book[symbol, HELD] != RESTING:
            continue
        order = books.orders[books.book[symbol, ROW]]
        if order[ENDS_AT] <= now:
            order[OUTCOME] = CANCELLED
            books.book[symbol, HELD] = WITHDRAWN


@stepped
def _hear(now: int, tape: Tape, agenda: Agenda, books: Books) -> int:
    """Decide the setups armed at this close; _ON, or what must be asked first."""
    account = books.account
    while account[NEXT] < len(agenda.time) and agenda.time[account[NEXT]] == now:
        item = account[NEXT]
        symbol, setup = agenda.symbol[item], agenda.setup[item]
        if account[STAGE] == JUDGED:
            account[STAGE] = HEARING
            intend(account[ORDERED] - 1, account[ANSWER], books)
        elif account[GUARDED_UNTIL] > now:
            note_no_room(setup, symbol, account[GUARDED], books)
        elif account[GUARDED_UNTIL] > 0:
            return ASKS_ABOUT_GUARDS
        elif books.book[symbol, HELD] != FREE or taken(books) >= account[MOST]:
            note_no_room(setup, symbol, 0, books)
        else:
            see_last_candle(symbol, now, tape, books)
            row = decide(item, agenda, books)
            if books.orders[row, OUTCOME] == WAITING:
                if account[JUDGE_ENTRIES] == 1:
                    account[STAGE] = JUDGED
                    return ASKS_ABOUT_ENTRY
                intend(row, 1, books)
        account[NEXT] += 1
    return _ON


@stepped
def _perform(books: Books) -> None:
    """Send what is intended and confirm what was withdrawn, in the order it was decided."""
    for symbol in range(len(books.book)):
        if books.book[symbol, HELD] == WITHDRAWN:
            books.book[symbol, HELD] = FREE
        elif books.book[symbol, HELD] == INTENDED:
            submit(symbol, books)


@compiled
def fold_account(tape: Tape, agenda: Agenda, books: Books) -> int:
    """Go on until the candles end, or until something must be asked (see account_rows)."""
    account = books.account
    while True:
        if account[STAGE] == AWAKE:
            trouble: int = account[TROUBLE]
            if trouble != 0:
                return trouble
            if account[NEXT] >= account[PAUSE_AT]:
                return PAUSED
            now = _next_instant(tape, agenda, books)
            if now == _NEVER:
                return DONE
            account[NOW] = now
            _observe(now, tape, books)
            _end_setups(now, books)
            account[STAGE] = HEARING
            if account[JUDGE_RESULTS] == 1 and account[CLOSED] > account[FIRST_CLOSED]:
                return ASKS_ABOUT_RESULTS
        asked = _hear(account[NOW], tape, agenda, books)
        if asked != _ON:
            return asked
        _perform(books)
        account[STAGE] = AWAKE
