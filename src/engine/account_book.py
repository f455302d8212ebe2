"""Does the money add up? Trades against their executions, and all of them against the wallet.

Every trade is added up again from its own fills and funding, in decimals. What the account began
with, every result and every deposit or withdrawal must then be what the venue holds. Where the
venue has a statement, each trade is held against it too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from src.domain.order import Fill, FillReason, FundingPayment
from src.domain.statement import StatementLine
from src.domain.trade import Trade, TradeStatus, Transfer
from src.engine.ledger_line import CENT, LedgerLine
from src.engine.statement_check import compare_statement


@dataclass(frozen=True, slots=True)
class Statement:
    """The venue's own lines, oldest first, and the entries that may still fill, by link id."""

    lines: Sequence[StatementLine]
    live_orders: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """Every trade by its executions, and what does not agree, in sentences; the first comes first.

    `expected` is the opening wallet plus every line's net, the transfers and what is `unbooked`
    (entries and exits under way), `wallet` what the venue says it holds.
    """

    lines: tuple[LedgerLine, ...]
    transfers: tuple[Transfer, ...]
    unbooked: Decimal
    opening: Decimal
    expected: Decimal
    wallet: Decimal
    differences: tuple[str, ...]

    @property
    def total(self) -> LedgerLine:
        """The sums of all lines."""
        total = LedgerLine("total", "", TradeStatus.CLOSED, *[Decimal(0)] * 5)
        for line in self.lines:
            total = replace(
                total,
                gross=total.gross + line.gross,
                fees=total.fees + line.fees,
                funding=total.funding + line.funding,
                slippage=total.slippage + line.slippage,
                net=total.net + line.net,
            )
        return total


def check_ledger(
    trades: Sequence[Trade],
    fills: Iterable[Fill],
    payments: Iterable[FundingPayment],
    opening: Decimal,
    wallet: Decimal,
    transfers: Sequence[Transfer] = (),
    statement: Statement | None = None,
) -> LedgerReport:
    """Add everything up again. `opening` is the wallet before the first trade."""
    fills, payments = list(fills), list(payments)
    fills_of: dict[str, list[Fill]] = defaultdict(list)
    for fill in fills:
        fills_of[fill.order_link_id].append(fill)
    funding_of: dict[str, Decimal] = defaultdict(Decimal)
    for payment in payments:
        funding_of[payment.order_link_id] += payment.amount
    lines, differences = [], []
    for trade in trades:
        link_id = trade.order_link_id
        line, problem = _line(trade, fills_of.pop(link_id, []), funding_of.pop(link_id, Decimal(0)))
        lines.append(line)
        differences += [problem] if problem else _compared(trade, line)
    differences += [
        f"{link_id}: executions are stored, but no trade."
        for link_id in sorted(fills_of.keys() | funding_of.keys())
    ]
    unbooked = Decimal(0)
    if statement is not None:
        compared = compare_statement(statement.lines, lines, fills, payments, statement.live_orders)
        differences += compared.differences
        unbooked = compared.unbooked
    moved = sum((transfer.amount for transfer in transfers), Decimal(0))
    expected = opening + sum((line.net for line in lines), Decimal(0)) + moved + unbooked
    if abs(expected - wallet) >= CENT:
        differences.append(
            f"The wallet holds {wallet:.8f}, the ledger adds up to {expected:.8f}: "
            f"{wallet - expected:+.8f} unexplained."
        )
    return LedgerReport(
        tuple(lines), tuple(transfers), unbooked, opening, expected, wallet, tuple(differences)
    )


def _line(trade: Trade, fills: Sequence[Fill], funding: Decimal) -> tuple[LedgerLine, str | None]:
    """The trade by its executions, and why they cannot be those of the trade, if they cannot."""
    entries = [fill for fill in fills if fill.reason is FillReason.ENTRY]
    exits = [fill for fill in fills if fill.reason is not FillReason.ENTRY]
    sign = int(trade.direction)
    left = sum((f.price * f.quantity for f in exits), Decimal(0))
    paid = sum((f.price * f.quantity for f in entries), Decimal(0)) if exits else Decimal(0)
    fees = sum((fill.fee for fill in fills), Decimal(0))
    gross = (left - paid) * sign
    line = LedgerLine(
        order_link_id=trade.order_link_id,
        symbol=trade.symbol,
        status=trade.status,
        gross=gross,
        fees=fees,
        funding=funding,
        slippage=sum((fill.slippage for fill in fills), Decimal(0)),
        net=gross - fees + funding,
    )
    name = f"{trade.order_link_id} ({trade.symbol})"
    if sum((fill.quantity for fill in entries), Decimal(0)) != trade.quantity:
        return line, f"{name}: its entry executions are not {trade.quantity}."
    wanted = trade.quantity if trade.status is TradeStatus.CLOSED else Decimal(0)
    if sum((fill.quantity for fill in exits), Decimal(0)) != wanted:
        return line, f"{name}: its exit executions are not {wanted}."
    return line, None


def _compared(trade: Trade, line: LedgerLine) -> list[str]:
    """Where the stored trade says something else than its executions."""
    net = trade.realized_pnl if trade.status is TradeStatus.CLOSED else line.net
    pairs = (
        ("gross", trade.gross_pnl, line.gross),
        ("fees", trade.fees, line.fees),
        ("funding", trade.funding, line.funding),
        ("slippage", trade.slippage, line.slippage),
        ("net", net, line.net),
    )
    return [
        f"{trade.order_link_id} ({trade.symbol}): {name} of {stored:+.8f} stored with the trade, "
        f"its executions add up to {added:+.8f}: {added - stored:+.8f}."
        for name, stored, added in pairs
        if abs(stored - added) >= CENT
    ]
