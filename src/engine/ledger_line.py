"""One trade's money, as the ledger adds it up."""

from dataclasses import dataclass
from decimal import Decimal

from src.domain.trade import TradeStatus

CENT = Decimal("0.01")
"""Sums must agree to less than this, in quote currency."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One trade's money: `net` is gross less fees plus funding received; slippage is in gross."""

    order_link_id: str
    symbol: str
    status: TradeStatus
    gross: Decimal
    fees: Decimal
    funding: Decimal
    slippage: Decimal
    net: Decimal
