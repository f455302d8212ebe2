"""Rows the fold writes: one per event, and one per change of a setup."""

from typing import NamedTuple

from src.strategy.compiled import (
    Integers,
    Record,
    Records,
    compiled,
    copy_record,
    inlined,
    place,
)

EVENT_COUNT, SETUP_COUNT, RECORD_EVENTS = range(3)


class Output(NamedTuple):
    """Buffers the fold fills; `counts` says how far, and whether events are wanted at all."""

    events: Records
    setups: Records
    counts: Integers


@compiled
def emit(
    out: Output,
    t: int,
    step: int,
    kind: int,
    event: int,
    identity: int,
    direction: int,
    degree: int,
    origin: int,
    reference: int,
    flags: int,
    price_1: float,
    price_2: float,
    price_3: float,
    price_4: float,
) -> None:
    """Write one event row, if rows are wanted. `step` is the step of the in-bar order."""
    if out.counts[RECORD_EVENTS] == 0:
        return
    count = out.counts[EVENT_COUNT]
    out.counts[EVENT_COUNT] = count + 1
    row = out.events[place(count)]
    row.t, row.step, row.kind, row.event = t, step, kind, event
    row.id, row.dir, row.degree, row.t_origin = identity, direction, degree, origin
    row.reference, row.flags = reference, flags
    row.price_1, row.price_2, row.price_3, row.price_4 = price_1, price_2, price_3, price_4


@inlined
def emit_facts(out: Output, t: int, step: int, event: int, facts: Record) -> None:
    """Write an event of an object that keeps the rest of the row, `facts`, ready."""
    if out.counts[RECORD_EVENTS] == 0:
        return
    count = out.counts[EVENT_COUNT]
    out.counts[EVENT_COUNT] = count + 1
    row = out.events[place(count)]
    copy_record(row, facts)
    row.t, row.step, row.event = t, step, event
