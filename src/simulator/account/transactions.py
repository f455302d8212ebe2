"""The transaction log: every change of the wallet, whether an execution or a transfer made it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge

from src.simulator.account.ledger import Ledger
from src.simulator.account.model import Execution, Transfer
from src.simulator.account.numbers import Parameters, fixed, refused, text
from src.simulator.account.pages import DAY_MS, page, window
from src.simulator.account.rows import Row, side_text

_KINDS = {"Funding": "SETTLEMENT", "BustTrade": "LIQUIDATION", "AdlTrade": "ADL"}
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One change of the wallet; `balance` and `size` are what it left in wallet and position."""

    fact: Execution | Transfer
    cash: Decimal
    funding: Decimal
    fee: Decimal
    balance: Decimal
    size: Decimal

    @property
    def kind(self) -> str:
        """The type of the row."""
        if isinstance(self.fact, Transfer):
            return self.fact.kind
        return _KINDS.get(self.fact.kind, "TRADE")


def transaction_page(parameters: Parameters, ledger: Ledger, now: int) -> Row:
    """A page of the log, newest first; of the last day when no time is asked for.

    A category, even `linear`, leaves transfers out.
    """
    if text(parameters, "accountType", "UNIFIED") != "UNIFIED":
        raise refused("accountType only support UNIFIED.")
    start, end = window(parameters, now, DAY_MS)
    category, wanted = text(parameters, "category"), text(parameters, "type")
    empty = category not in ("", "linear") or text(parameters, "currency", "USDT") != "USDT"
    chosen = [
        one
        for one in ([] if empty else _transactions(ledger, start))
        if start <= one.fact.time <= end
        and wanted in ("", one.kind)
        and not (category and isinstance(one.fact, Transfer))
    ]
    return page(parameters, chosen, lambda one: one.fact.sequence, _row, 20, 50)


def _transactions(ledger: Ledger, start: int) -> list[Transaction]:
    """Those since `start` and a day before it, oldest first: told from now backwards."""
    balance = ledger.wallet
    sizes = {key: position.size for key, position in ledger.positions.items()}
    found = []
    for fact in _newest_first(ledger):
        if fact.time < start - DAY_MS:
            break
        cash, funding, paid = _changes(fact)
        key = fact.order.key if isinstance(fact, Execution) else None
        size = _ZERO if key is None else sizes.get(key, _ZERO)
        found.append(Transaction(fact, cash, funding, -paid, balance, size))
        balance -= cash + funding + paid
        if isinstance(fact, Execution) and fact.kind != "Funding":
            sizes[fact.order.key] = size - fact.quantity * int(fact.order.side)
    return found[::-1]


def _newest_first(ledger: Ledger) -> Iterator[Execution | Transfer]:
    lists: tuple[Sequence[Execution | Transfer], ...] = (ledger.executions, ledger.transfers)
    return merge(*map(reversed, lists), key=lambda fact: -fact.sequence)


def _changes(fact: Execution | Transfer) -> tuple[Decimal, Decimal, Decimal]:
    """What it did to the wallet: as cash, as funding and (negative when paid) as a fee."""
    if isinstance(fact, Transfer):
        return fact.amount, _ZERO, _ZERO
    if fact.kind == "Funding":
        return _ZERO, -fact.fee, _ZERO
    return fact.gained, _ZERO, -fact.fee


def _row(one: Transaction) -> Row:
    return {
        **_particulars(one.fact),
        "type": one.kind,
        "transSubType": "",
        "funding": fixed(one.funding) if one.kind == "SETTLEMENT" else "",
        "fee": fixed(one.fee),
        "cashFlow": fixed(one.cash),
        "change": fixed(one.cash + one.funding - one.fee),
        "cashBalance": fixed(one.balance),
        "size": fixed(one.size),
        "bonusChange": "",
        "currency": "USDT",
    }


def _particulars(fact: Execution | Transfer) -> Row:
    if isinstance(fact, Transfer):
        nothing = ("symbol", "category", "qty", "tradePrice", "feeRate", "orderId", "orderLinkId")
        return {
            **dict.fromkeys((*nothing, "tradeId"), ""),
            "id": fact.transfer_id,
            "side": "None",
            "transactionTime": str(fact.time),
        }
    order = fact.order
    return {
        "id": fact.execution_id,
        "symbol": order.symbol,
        "category": "linear",
        "side": side_text(order.side),
        "transactionTime": str(fact.time),
        "qty": fixed(fact.quantity),
        "tradePrice": fixed(fact.price),
        "feeRate": fixed(fact.fee_rate),
        "orderId": order.order_id,
        "orderLinkId": order.order_link_id,
        "tradeId": fact.execution_id,
    }
