"""Executions become fills: one fill for the whole entry, one for the whole exit.

Bybit executes an order in pieces; a trade here is one entry and one exit. A round trip runs from
flat to flat, and on while the same entry order fills further. It belongs to the first order with
a link id that entered it: people at Bybit's own screen give none. Its entry is told once that
order is complete or has ended, its exit once the position is flat; both carry the id of their last
execution, which no later one can change. Everything is derived from the executions themselves, so
order of arrival and repetition do not matter and a restart needs no memory.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from src.domain.order import Direction, Fill, FillReason, FundingPayment
from src.exchange.bybit.orders import FUNDING, TRADES, Execution

_OPENING = "-open"


@dataclass(slots=True)
class RoundTrip:
    """From flat to flat, or to now. `executed` is what its entry order executed altogether, also
    to close what was held before."""

    direction: Direction
    entries: list[Execution] = field(default_factory=list)
    exits: list[Execution] = field(default_factory=list)
    funding: list[Execution] = field(default_factory=list)
    size: Decimal = Decimal(0)
    executed: Decimal = Decimal(0)

    def entry_is_whole(self, ended: Mapping[str, Decimal]) -> bool:
        """Whether every execution of the entry order is here.

        `ended` says how much orders executed that will execute no more: their end may be heard
        of before their executions.
        """
        asked = self._first.order_quantity
        return self.executed >= min(asked, ended.get(self.entry_link_id, asked))

    @property
    def entry_link_id(self) -> str:
        """Link id of the order it belongs to; empty when it is nobody's here."""
        return self._first.order_link_id

    @property
    def order_id(self) -> str:
        """Bybit's id of that order."""
        return self._first.order_id

    @property
    def own_entries(self) -> list[Execution]:
        """Executions of the order it belongs to; others may have entered before or added."""
        return [e for e in self.entries if e.order_id == self.order_id]

    def own(self, executions: Iterable[Execution]) -> list[Execution]:
        """Those of its exits or funding that came after that order had entered."""
        return [e for e in executions if _moment(e) >= _moment(self._first)]

    @property
    def _first(self) -> Execution:
        return next((e for e in self.entries if e.order_link_id), self.entries[0])


class ExecutionBook:
    """Every execution once. `booked` are ids of fills and funding already told and stored."""

    def __init__(self, booked: Iterable[str] = ()) -> None:
        self._told = set(booked)
        self._seen: set[str] = set()
        self._by_symbol: dict[str, list[Execution]] = {}

    def add(self, execution: Execution) -> bool:
        """Take an execution; False when it was seen before or is neither trade nor funding."""
        if execution.execution_id in self._seen or execution.kind not in (*TRADES, FUNDING):
            return False
        self._seen.add(execution.execution_id)
        self._by_symbol.setdefault(execution.symbol, []).append(execution)
        return True

    def sizes(self) -> Mapping[str, Decimal]:
        """Signed position by symbol, as the executions add up."""
        return {
            symbol: sum((t.size * int(t.direction) for t in round_trips(executions)), Decimal(0))
            for symbol, executions in self._by_symbol.items()
        }

    def sequences(self) -> Mapping[str, int]:
        """The largest sequence of a trade by symbol."""
        trades = {
            symbol: [e.sequence for e in executions if e.kind in TRADES]
            for symbol, executions in self._by_symbol.items()
        }
        return {symbol: max(found) for symbol, found in trades.items() if found}

    def half_left(self, ended: Mapping[str, Decimal]) -> list[str]:
        """Entries that still rest although their position is already being left."""
        return [
            trip.entry_link_id
            for executions in self._by_symbol.values()
            for trip in round_trips(executions)
            if trip.own(trip.exits)
            and trip.entry_link_id not in ended
            and not trip.entry_is_whole(ended)
        ]

    def opened_nothing(self, ended: Mapping[str, Decimal]) -> list[str]:
        """Entries that ended executed, but into what another hand held: no trade comes of them."""
        executed: dict[str, Decimal] = {}
        owners: set[str] = set()
        for executions in self._by_symbol.values():
            for execution in executions:
                name = execution.order_link_id
                executed[name] = executed.get(name, Decimal(0)) + execution.quantity
            owners.update(trip.entry_link_id for trip in round_trips(executions))
        return [
            name
            for name, quantity in ended.items()
            if name not in owners and 0 < quantity <= executed.get(name, Decimal(0))
        ]

    def reports(
        self, ended: Mapping[str, Decimal], reference: Callable[[Execution], Decimal | None]
    ) -> list[Fill | FundingPayment]:
        """What became certain since the last call, oldest first.

        `ended` is what orders executed that will execute no more, by link id; `reference` is the
        price an execution was meant for, from which slippage counts.
        """
        found: list[Fill | FundingPayment] = []
        for symbol, executions in self._by_symbol.items():
            for trip in round_trips(executions):
                if not trip.entry_link_id or not trip.entry_is_whole(ended):
                    continue
                found += [_fill(trip, trip.own_entries, FillReason.ENTRY, reference)]
                found += [_funding(trip, one, symbol) for one in trip.own(trip.funding)]
                if not trip.size:
                    exits = trip.own(trip.exits)
                    left = _fill(trip, exits, exits[-1].reason, reference)
                    found += [_own_share(left, trip)]
        new = [fact for fact in found if fact.execution_id not in self._told]
        self._told.update(fact.execution_id for fact in new)
        self._forget_finished(ended)
        return sorted(new, key=lambda fact: fact.time)

    def _forget_finished(self, ended: Mapping[str, Decimal]) -> None:
        """Drop round trips that were told to their end; their ids stay known.

        The newest of a symbol stays: funding of it may be heard of late.
        """
        for symbol, executions in self._by_symbol.items():
            over: set[str] = set()
            kept: set[str] = set()
            trips = round_trips(executions)
            for trip in trips:
                done = trip is not trips[-1] and trip.entry_is_whole(ended)
                if not done:
                    kept.update(e.order_id for e in trip.entries)
                    continue
                ids = (e.execution_id for e in (*trip.entries, *trip.exits, *trip.funding))
                over.update(name.removesuffix(_OPENING) for name in ids)
            self._by_symbol[symbol] = [
                e for e in executions if e.execution_id not in over or e.order_id in kept
            ]


def round_trips(executions: Iterable[Execution]) -> list[RoundTrip]:
    """One symbol's executions as round trips, in order of time.

    An exit whose entry is not among them belongs to a trip nobody here knows, and is left out.
    """
    trips: list[RoundTrip] = []
    executed: dict[str, Decimal] = {}
    for execution in sorted(executions, key=_moment):
        trip = trips[-1] if trips and trips[-1].size else None
        if execution.kind == FUNDING:
            if trip is not None:
                trip.funding.append(execution)
            continue
        done = executed.get(execution.order_id, Decimal(0))
        executed[execution.order_id] = done + execution.quantity
        if trip is None:
            _enter(trips, execution, execution.quantity - execution.closed)
        elif execution.side is trip.direction:
            trip.entries.append(execution)
            trip.size += execution.quantity
        else:
            leaving = min(execution.quantity, trip.size)
            trip.exits.append(_part(execution, leaving))
            trip.size -= leaving
            _enter(trips, execution, execution.quantity - leaving)
    for trip in trips:
        trip.executed = executed[trip.order_id]
    return trips


def _moment(execution: Execution) -> tuple[int, int]:
    return (execution.time, execution.sequence)


def _enter(trips: list[RoundTrip], execution: Execution, quantity: Decimal) -> None:
    """Open a trip with this part of an execution, if it is any; or let the last one go on."""
    if quantity <= 0:
        return
    if trips and trips[-1].order_id == execution.order_id:
        trips[-1].entries.append(execution)
        trips[-1].size = quantity
    else:
        trips.append(_opened(execution, quantity))


def _opened(execution: Execution, quantity: Decimal) -> RoundTrip:
    """A new trip; an execution that closed another one too tells its opening part by itself."""
    entry = _part(execution, quantity)
    if quantity != execution.quantity:
        entry = replace(entry, execution_id=execution.execution_id + _OPENING)
    return RoundTrip(execution.side, [entry], size=quantity)


def _part(execution: Execution, quantity: Decimal) -> Execution:
    if quantity == execution.quantity:
        return execution
    return replace(execution, quantity=quantity, fee=execution.fee * quantity / execution.quantity)


def _fill(
    trip: RoundTrip,
    executions: list[Execution],
    reason: FillReason,
    reference: Callable[[Execution], Decimal | None],
) -> Fill:
    last = executions[-1]
    quantity = sum((e.quantity for e in executions), Decimal(0))
    value = sum((e.quantity * e.price for e in executions), Decimal(0))
    slippage = Decimal(0)
    for execution in executions:
        meant = reference(execution)
        if meant is not None:
            worse = (execution.price - meant) * int(execution.side) * execution.quantity
            slippage += worse
    return Fill(
        execution_id=last.execution_id,
        order_link_id=trip.entry_link_id,
        symbol=last.symbol,
        direction=trip.direction,
        reason=reason,
        quantity=quantity,
        price=last.price if len(executions) == 1 else value / quantity,
        fee=sum((e.fee for e in executions), Decimal(0)),
        slippage=max(slippage, Decimal(0)),
        is_maker=all(e.is_maker for e in executions),
        time=last.time,
    )


def _own_share(left: Fill, trip: RoundTrip) -> Fill:
    """What of an exit belongs to the order that opened the trip, when others had added to it."""
    own = sum((e.quantity for e in trip.own_entries), Decimal(0))
    share = own / left.quantity
    if share == 1:
        return left
    return replace(left, quantity=own, fee=left.fee * share, slippage=left.slippage * share)


def _funding(trip: RoundTrip, execution: Execution, symbol: str) -> FundingPayment:
    return FundingPayment(
        execution_id=execution.execution_id,
        order_link_id=trip.entry_link_id,
        symbol=symbol,
        rate=execution.fee_rate,
        amount=-execution.fee,
        time=execution.time,
    )
