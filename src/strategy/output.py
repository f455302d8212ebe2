"""Rows the fold writes: one per event, and one per change of a setup."""

from typing import NamedTuple

from src.strategy.compiled import Integers, Record, Records, compiled

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
    row = out.events[out.counts[EVENT_COUNT]]
    out.counts[EVENT_COUNT] += 1
    row.t, row.step, row.kind, row.event = t, step, kind, event
    row.id, row.dir, row.degree, row.t_origin = identity, direction, degree, origin
    row.reference, row.flags = reference, flags
    row.price_1, row.price_2, row.price_3, row.price_4 = price_1, price_2, price_3, price_4


@compiled
def emit_zone(out: Output, t: int, step: int, event: int, zone: Record) -> None:
    """Write an event of a zone, its prices turned from the side's to the market's."""
    sign = 1 - 2 * zone.side
    top, bottom = zone.top * sign, zone.bottom * sign
    emit(
        out,
        t,
        step,
        zone.kind,
        event,
        zone.id,
        sign,
        zone.degree,
        zone.origin,
        zone.reference,
        zone.flags,
        max(top, bottom),
        min(top, bottom),
        zone.open * sign,
        zone.middle * sign,
    )
