"""An account's statement as its venue wrote it: what the ledger is held against."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One change of the wallet: `change` is cash plus funding received less fee.

    `kind` is the venue's word. `side` is `Buy`, `Sell` or `None`, `size` the signed position that
    was left, `time` UTC ms. Texts are empty and numbers zero where a line has none of it.
    """

    line_id: str
    kind: str
    symbol: str
    side: str
    quantity: Decimal
    size: Decimal
    cash: Decimal
    funding: Decimal
    fee: Decimal
    change: Decimal
    fee_rate: Decimal
    order_link_id: str
    execution_id: str
    time: int
