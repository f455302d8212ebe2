"""The signal that live trading would have stored for a setup, from what the account noted."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from src.backtest import account_rows as rows
from src.backtest.account_record import ENVIRONMENT, AccountRecord
from src.domain.errors import RefusedOrder
from src.domain.signal import SetupEvent, SetupUpdate, Signal, SignalStatus
from src.engine import lifecycle
from src.engine.identifiers import signal_id
from src.engine.portfolio import A_RESTING_ENTRY, AN_OPEN_TRADE, no_room_sentences
from src.engine.sizing import EntryPlan, Room, limit_words, plan_entry, size_entry, size_note
from src.exchange.paper.admission import INSUFFICIENT_MARGIN, stop_traded

_HELD = {rows.FREE_SYMBOL: None, rows.TRADE_HELD: AN_OPEN_TRADE, rows.ENTRY_HELD: A_RESTING_ENTRY}


def refused_signal(update: SetupUpdate, refusals: tuple[str, ...]) -> Signal:
    """The signal of a setup that was not taken."""
    return lifecycle.refused_signal(signal_id(ENVIRONMENT, update), update, refusals)


def guards_noted(noted: int | NDArray[np.int64]) -> int | NDArray[np.int64]:
    """Which guards stood, by their number, 0 for none; `noted` are numbers of `Books.room`."""
    return noted // (rows.MOST_TAKEN * len(_HELD))


def room_sentences(record: AccountRecord, symbol: str, noted: int) -> tuple[str, ...]:
    """Why there was no room; `noted` is a number of `Books.room`."""
    rest, taken = divmod(noted, rows.MOST_TAKEN)
    held, most = rest % len(_HELD), record.counting.request.risk.max_positions
    return record.guard_sentences[int(guards_noted(noted))] + no_room_sentences(
        symbol, _HELD[held], taken, most
    )


def planned_signal(
    record: AccountRecord, row: int, update: SetupUpdate, ending: SetupUpdate | None
) -> Signal:
    """The newest word on a setup that was planned; `ending` is the strategy's last."""
    order, settings = record.orders[row].tolist(), record.counting.request.risk
    outcome = order[rows.OUTCOME]
    if outcome in (rows.NO_PLAN, rows.NO_SIZE):
        return refused_signal(update, (_size_refusal(record, row, update),))
    if outcome == rows.GUARD_REFUSED:
        return refused_signal(update, record.guard_refusals[row])
    note = size_note(limit_words(order[rows.LIMITED], settings))
    plan = _plan(record, row, update)
    signal = lifecycle.armed_signal(signal_id(ENVIRONMENT, update), update, plan, note)
    if outcome in (rows.IN_TRADE, rows.TRADED):
        return lifecycle.signal_as(signal, SignalStatus.FILLED, order[rows.ENTRY_TIME])
    if outcome in (rows.REJECTED_STOP, rows.REJECTED_MARGIN):
        why = INSUFFICIENT_MARGIN
        if outcome == rows.REJECTED_STOP:
            scale = record.counting.rows[order[rows.SYMBOL]][rows.SCALE]
            why = stop_traded(plan.stop, Decimal(repr(order[rows.LAST_SEEN] / scale)))
        sentence = lifecycle.rejection_sentence(why)
        return lifecycle.signal_as(signal, SignalStatus.REFUSED, order[rows.PLACED_AT], sentence)
    if outcome == rows.CANCELLED and ending is not None:
        reason = lifecycle.ENTRY_MISSED
        if ending.event is not SetupEvent.TRIGGERED:
            reason = lifecycle.cancel_sentence(ending.cancel_reason)
        return lifecycle.signal_as(signal, SignalStatus.CANCELLED, ending.known_at, reason)
    return signal


def _plan(record: AccountRecord, row: int, update: SetupUpdate) -> EntryPlan:
    order = record.orders[row].tolist()
    symbol = order[rows.SYMBOL]
    prices = (record.price(symbol, order[name]) for name in (rows.PRICE, rows.STOP, rows.TARGET))
    instrument = record.counting.instruments[symbol]
    return EntryPlan(instrument, update.direction, update.entry_kind, *prices)


def _size_refusal(record: AccountRecord, row: int, update: SetupUpdate) -> str:
    """The sentence of the engine for what the account had then."""
    order, counting = record.orders[row].tolist(), record.counting
    symbol = order[rows.SYMBOL]
    turn = counting.rows[symbol][rows.TURN]
    room = Room(
        equity=record.money(order[rows.EQUITY]),
        notional=record.money(order[rows.ROOM]) / turn,
        margin=record.money(order[rows.MARGIN]),
    )
    try:
        plan = plan_entry(update, counting.instruments[symbol])
        size_entry(plan, counting.request.risk, room)
    except RefusedOrder as refusal:
        return str(refusal)
    raise AssertionError(f"{signal_id(ENVIRONMENT, update)} was refused and is not any more")
