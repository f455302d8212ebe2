"""Holds every trade against the venue's own statement, so that a difference has a name.

The statement is cut into stretches from flat to flat, one symbol at a time. A stretch that holds an
execution of a trade is that trade's. One that holds none of any trade was somebody else's doing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from src.domain.order import Fill, FillReason, FundingPayment
from src.domain.statement import StatementLine
from src.domain.trade import TradeStatus
from src.engine.ledger_line import CENT, LedgerLine

_NOTHING = Decimal(0)
_PIECE = "-open"
"""Ends the execution id of an entry that turned another position."""


@dataclass(slots=True)
class Stretch:
    """Lines of one symbol from flat to flat, oldest first."""

    symbol: str
    lines: list[StatementLine] = field(default_factory=list)

    @property
    def change(self) -> Decimal:
        """What they did to the wallet."""
        return sum((line.change for line in self.lines), _NOTHING)

    def sums(self) -> Mapping[str, Decimal]:
        """Gross, fees and funding, as a ledger line has them."""
        return {
            "gross": sum((line.cash for line in self.lines), _NOTHING),
            "fees": sum((line.fee for line in self.lines), _NOTHING),
            "funding": sum((line.funding for line in self.lines), _NOTHING),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """`differences` are sentences; `unbooked` moved the wallet already and will be booked."""

    differences: tuple[str, ...]
    unbooked: Decimal


def compare_statement(
    statement: Iterable[StatementLine],
    lines: Sequence[LedgerLine],
    fills: Iterable[Fill],
    payments: Iterable[FundingPayment],
    live_orders: AbstractSet[str],
) -> Comparison:
    """Where the statement says something else than the trades. `live_orders` may still fill."""
    booked = {fill.execution_id.removesuffix(_PIECE): fill for fill in fills}
    known = {payment.execution_id for payment in payments} | booked.keys()
    by_name = {line.order_link_id: line for line in lines}
    differences: list[str] = []
    unbooked = _NOTHING
    strangers: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in _stretches(statement):
        ids = [line.execution_id for line in stretch.lines]
        line = by_name.get(_owner(ids, booked))
        if line is not None:
            whole = line.status is TradeStatus.OPEN or _is_left(ids, booked)
            sentences, pending = _compared(line, stretch) if whole else ([], _NOTHING)
            differences += sentences
            unbooked += pending
        elif any(line.order_link_id in live_orders for line in stretch.lines):
            unbooked += stretch.change
        elif known.isdisjoint(ids):
            strangers[stretch.symbol].append(stretch)
    return Comparison((*differences, *_foreign(strangers)), unbooked)


def _owner(ids: Sequence[str], booked: Mapping[str, Fill]) -> str:
    """The trade whose entry is among the executions; empty without one."""
    found = (booked[name] for name in ids if name in booked)
    entries = (fill.order_link_id for fill in found if fill.reason is FillReason.ENTRY)
    return next(entries, "")


def _is_left(ids: Sequence[str], booked: Mapping[str, Fill]) -> bool:
    """Whether the exit is among the executions too: else the statement tells half of it."""
    return any(name in booked and booked[name].reason is not FillReason.ENTRY for name in ids)


def _stretches(statement: Iterable[StatementLine]) -> list[Stretch]:
    found: list[Stretch] = []
    current: dict[str, Stretch] = {}
    for line in statement:
        if not line.symbol:
            continue
        if line.symbol not in current:
            current[line.symbol] = Stretch(line.symbol)
            found.append(current[line.symbol])
        current[line.symbol].lines.append(line)
        if not line.size:
            del current[line.symbol]
    return found


def _compared(line: LedgerLine, stretch: Stretch) -> tuple[list[str], Decimal]:
    """Sentences on what differs, and what of an open trade will be booked when it is whole."""
    sums = stretch.sums()
    unbooked = _NOTHING
    if line.status is TradeStatus.OPEN:
        unbooked = (sums["gross"] - sums["fees"]) - (line.gross - line.fees)
        sums = {"funding": sums["funding"]}
    sentences = [
        f"{line.order_link_id} ({line.symbol}): the exchange booked {name} of {amount:+.8f}, the "
        f"journal holds {getattr(line, name):+.8f}: {amount - getattr(line, name):+.8f}."
        for name, amount in sums.items()
        if abs(amount - getattr(line, name)) >= CENT
    ]
    return sentences, unbooked


def _foreign(strangers: Mapping[str, Sequence[Stretch]]) -> list[str]:
    sentences = []
    for symbol, stretches in sorted(strangers.items()):
        change = sum((stretch.change for stretch in stretches), _NOTHING)
        count = sum(len(stretch.lines) for stretch in stretches)
        if abs(change) >= CENT:
            sentences.append(
                f"{symbol}: {count} lines of the exchange's statement belong to no trade of this "
                f"system (somebody else traded on the account): {change:+.8f}."
            )
    return sentences
