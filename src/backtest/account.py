"""The account of a backtest: the fold over it is made ready, driven and asked for its guards."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from src.backtest import account_rows as rows
from src.backtest.account_fold import fold_account
from src.backtest.account_numbers import AMOUNTS, Counting, counting_of, finer, wide
from src.backtest.account_record import AccountRecord
from src.backtest.account_rows import Agenda, Books, Tape
from src.backtest.proposals import Proposals
from src.backtest.request import BacktestRequest
from src.domain.instrument import Instrument
from src.engine.guards import EntryFacts, Guards
from src.engine.lifecycle import result_of
from src.strategy.candle_arrays import CandleArrays
from src.strategy.codes import ARMED
from src.strategy.setup_updates import SetupReader

Decided = Callable[[int, int], None]
"""Told how many armed setups are decided, of how many."""


def run_account(
    request: BacktestRequest,
    instruments: Mapping[str, Instrument],
    candles: Mapping[str, CandleArrays],
    proposals: Mapping[str, Proposals],
    readers: Mapping[str, SetupReader],
    decided: Decided,
    pause_every: int,
) -> AccountRecord:
    """Trade the proposals; symbols in the order of `candles`.

    Numbers are folded as 64-bit integers, more decimals being counted where a price has more than
    the tick. What does not fit is folded by the same functions in Python's own integers.
    """
    tape, agenda = _tape(request, candles), _agenda(list(proposals.values()))
    counting = counting_of(request, instruments, candles)
    while True:
        account = _Account(request, counting, tape, agenda, proposals, readers)
        stopped = account.run(decided, pause_every)
        if stopped == rows.DONE:
            return account.record
        if stopped == rows.NEEDS_DECIMALS and not counting.is_wide:
            counting = finer(counting, candles)
        else:
            counting = wide(counting, candles)


class _Account:
    """One fold from its beginning."""

    def __init__(
        self,
        request: BacktestRequest,
        counting: Counting,
        tape: Tape,
        agenda: Agenda,
        proposals: Mapping[str, Proposals],
        readers: Mapping[str, SetupReader],
    ) -> None:
        self._request, self._counting = request, counting
        self._guards = Guards(request.guards)
        self._tape, self._agenda = tape, agenda
        self._books = _books(request, counting, tape, agenda, proposals)
        self._fold: Callable[[Tape, Agenda, Books], int] = fold_account
        if counting.is_wide:
            self._tape, self._agenda, self._books = map(_unbounded, (tape, agenda, self._books))
            self._fold = fold_account.py_func  # type: ignore[attr-defined]  # numba keeps it there
        self.record = AccountRecord(counting, self._books, proposals, readers)

    def run(self, decided: Decided, pause_every: int) -> int:
        """Fold to the end; DONE, or what the numbers need."""
        account, count = self._books.account, len(self._agenda.time)
        account[rows.PAUSE_AT] = pause_every
        while True:
            stopped = self._fold(self._tape, self._agenda, self._books)
            if stopped == rows.ASKS_ABOUT_RESULTS:
                self._take_results()
            elif stopped == rows.ASKS_ABOUT_GUARDS:
                self._stand_guard(int(account[rows.NOW]))
            elif stopped == rows.ASKS_ABOUT_ENTRY:
                self._judge_entry(int(account[rows.ORDERED]) - 1)
            elif stopped == rows.PAUSED:
                decided(min(int(account[rows.NEXT]), count), count)
                account[rows.PAUSE_AT] += pause_every
            else:
                if stopped == rows.DONE and count and count < account[rows.PAUSE_AT]:
                    decided(count, count)
                return int(stopped)

    def _take_results(self) -> None:
        """Tell the guards of the trades that have just closed."""
        account = self._books.account
        for closing in range(int(account[rows.FIRST_CLOSED]), int(account[rows.CLOSED])):
            trade = self.record.trade(int(self._books.closings[closing]))
            if trade.exit_time is not None:
                self._guards.on_closed(result_of(trade, trade.exit_time))
        self._stand_guard(int(account[rows.NOW]))

    def _stand_guard(self, now: int) -> None:
        """Note until when which guards forbid entries."""
        standing = self._guards.standing(now)
        sentences = tuple(trip.sentence for trip in standing)
        account = self._books.account
        account[rows.GUARDED] = self.record.guard_number(sentences)
        account[rows.GUARDED_UNTIL] = min((trip.until for trip in standing), default=0)

    def _judge_entry(self, row: int) -> None:
        """Let the guards judge one planned and sized entry."""
        record, books = self.record, self._books
        order = books.orders[row]
        symbol = int(order[rows.SYMBOL])
        held = [one for one in range(len(books.book)) if books.book[one, rows.HELD] != rows.FREE]
        risks = (record.risk(int(books.book[one, rows.ROW])) for one in held)
        refusals = self._guards.entry_refusals(
            EntryFacts(
                symbol=self._request.symbols[symbol],
                entry=record.price(symbol, order[rows.PRICE]),
                last=record.price(symbol, books.book[symbol, rows.LAST]),
                spread=None,
                open_risk=sum(risks, Decimal(0)),
                added_risk=record.risk(row),
                equity=record.money(order[rows.EQUITY]),
            )
        )
        books.account[rows.ANSWER] = int(not refusals)
        if refusals:
            record.guard_refusals[row] = tuple(refusals)


def _tape(request: BacktestRequest, candles: Mapping[str, CandleArrays]) -> Tape:
    """The candles of all symbols one after the other."""
    series = list(candles.values())
    ends = np.cumsum([0, *map(len, series)])
    return Tape(
        _joined([one.time for one in series]),
        _joined([one.open for one in series]),
        _joined([one.high for one in series]),
        _joined([one.low for one in series]),
        _joined([one.close for one in series]),
        ends[:-1],
        ends[1:],
        request.timeframe.milliseconds,
    )


def _joined(columns: Sequence[Any]) -> Any:
    """Columns one after the other; a single one is not copied."""
    return np.ascontiguousarray(columns[0]) if len(columns) == 1 else np.concatenate(columns)


def _agenda(proposals: Sequence[Proposals]) -> Agenda:
    """Armed setups of all symbols in time order. At one close the symbols follow in their order,
    and each one's setups in theirs."""
    armed = [np.flatnonzero(found.rows["event"] == ARMED) for found in proposals]
    firsts = np.cumsum([0, *(len(found.rows) for found in proposals)])

    def column(name: str) -> Any:
        parts = [found.rows[name][at] for found, at in zip(proposals, armed, strict=True)]
        return np.concatenate(parts)

    times, owners = column("event_time"), np.repeat(np.arange(len(armed)), list(map(len, armed)))
    order = np.lexsort((owners, times))
    side = 1 - 2 * column("side")
    setup = np.concatenate([first + at for first, at in zip(firsts, armed, strict=False)])
    ends = [found.ended_at[at] for found, at in zip(proposals, armed, strict=True)]
    prices = (column(name) * side for name in ("entry", "stop", "target"))
    whole = (times, owners, setup, side, column("market"), *prices, np.concatenate(ends))
    return Agenda(*(np.ascontiguousarray(one[order]) for one in whole))


def _books(
    request: BacktestRequest,
    counting: Counting,
    tape: Tape,
    agenda: Agenda,
    proposals: Mapping[str, Proposals],
) -> Books:
    """Empty books with room for all that can happen."""
    armed, symbols = len(agenda.time), len(proposals)
    proposed = sum(len(found.rows) for found in proposals.values())
    numbers = np.array(counting.rows, object if counting.is_wide else np.int64)
    account = np.zeros(rows.ACCOUNT_COLUMNS, np.int64)
    book = np.zeros((symbols, rows.BOOK_COLUMNS), np.int64)
    book[:, rows.CANDLE] = tape.first
    guards = Guards(request.guards)
    account[rows.MOST] = request.risk.max_positions
    account[rows.JUDGE_RESULTS] = guards.judge_results
    account[rows.JUDGE_ENTRIES] = guards.judge_entries
    if counting.is_wide:
        account = account.astype(object)
    else:
        account[rows.LARGEST] = AMOUNTS
    account[rows.WALLET] = counting.opening
    span = int(tape.time.max() - tape.time.min()) + tape.step
    fundings = sum(span // row[rows.FUNDING_INTERVAL] + 2 for row in counting.rows)
    return Books(
        account,
        book,
        numbers,
        np.zeros((armed, rows.ORDER_COLUMNS), np.int64),
        np.zeros(armed, np.int64),
        np.zeros((2 * armed + fundings, 2), np.int64),
        np.zeros(proposed, np.int64),
        np.zeros(proposed, np.int64),
    )


def _unbounded(arrays: Any) -> Any:
    """The same arrays with Python's own numbers in them."""
    return type(arrays)(
        *(one.astype(object) if isinstance(one, np.ndarray) else one for one in arrays)
    )
