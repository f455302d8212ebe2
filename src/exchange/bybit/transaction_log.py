"""The account's transaction log: every change of the wallet, and what only it can tell.

Executions say what was traded, for as long as Bybit shows them (a week on demo). The log goes back
two years, and it alone knows deposits, withdrawals, bonuses and interest.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from src.domain.candle import DAY_MS, Timeframe
from src.domain.errors import Rejected
from src.domain.order import Direction, FundingPayment
from src.domain.statement import StatementLine
from src.domain.trade import Trade, Transfer
from src.exchange.bybit.orders import SIDE, Row, number
from src.exchange.bybit.signed_client import Pages, SignedClient

log = logging.getLogger(__name__)

TRADING = ("TRADE", "SETTLEMENT", "DELIVERY", "LIQUIDATION", "ADL")
"""Types that belong to positions. Whatever else moves the wallet is a transfer."""

SETTLEMENT = "SETTLEMENT"
KEPT_MS = 729 * DAY_MS
"""How far back Bybit tells: two years, less a day for clocks that differ."""

_WINDOW_MS = 7 * DAY_MS
_ROWS_PER_PAGE = 50
_REMEMBERED = 5_000
_OVERLAP_MS = DAY_MS
_HOUR_MS = Timeframe.H1.milliseconds


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """What the journal knows: `since` (UTC ms) is when the account was valued last, None before it
    ever was; `trades` are open, `payments` the funding booked on them and on the newest others."""

    since: int | None = None
    trades: Sequence[Trade] = ()
    payments: Sequence[FundingPayment] = field(default_factory=tuple)


def statement_line_of(row: Row) -> StatementLine:
    """The line of a row."""
    return StatementLine(
        line_id=str(row["id"]),
        kind=str(row["type"]),
        symbol=str(row.get("symbol") or ""),
        side=str(row.get("side") or ""),
        quantity=number(row.get("qty")),
        size=number(row.get("size")),
        cash=number(row.get("cashFlow")),
        funding=number(row.get("funding")),
        fee=number(row.get("fee")),
        change=number(row["change"]),
        fee_rate=number(row.get("feeRate")),
        order_link_id=str(row.get("orderLinkId") or ""),
        execution_id=str(row.get("tradeId") or row["id"]),
        time=int(row["transactionTime"]),
    )


def transfer_of(line: StatementLine) -> Transfer | None:
    """The line as a transfer; None when a position made it or nothing moved."""
    if line.kind in TRADING or not line.change:
        return None
    return Transfer(line.line_id, line.kind, line.change, line.time)


def lines_between(client: SignedClient, since: int, now: int) -> Iterator[StatementLine]:
    """Every line of [since, now) (UTC ms) that Bybit still tells, oldest first.

    Raises errors of the ExchangeError tree.
    """
    for start in range(max(since, now - KEPT_MS), now, _WINDOW_MS):
        end = min(start + _WINDOW_MS, now) - 1
        rows = [row for page in _pages(client, startTime=start, endTime=end) for row in page]
        yield from map(statement_line_of, reversed(rows))


def funding_key(symbol: str, time: int) -> tuple[str, int]:
    """What a funding payment is known by, whoever tells of it: at most one an hour and symbol."""
    return symbol, (time + _HOUR_MS // 2) // _HOUR_MS


class LogReader:
    """Reads the log once from where the journal ends, and its last day every time after that.

    After half a day without a reading it begins where it had ended.
    """

    def __init__(self, client: SignedClient, history: AccountHistory) -> None:
        self._client = client
        self._history = history
        self._read_at: int | None = None
        self._seen: dict[str, None] = {}
        self._refused = False
        self._transfers: list[Transfer] = []
        self._funding: list[FundingPayment] = []

    def read(self, now: int) -> None:
        """Take what is new. A log that is refused is complained of once and then done without.

        Raises errors of the ExchangeError tree.
        """
        try:
            if self._read_at is None or now - self._read_at > _OVERLAP_MS // 2:
                for line in lines_between(self._client, self._from(now), now):
                    self._take(line)
            self._read_newest()
            self._read_at = now
        except Rejected as refusal:
            if not self._refused:
                log.warning("The transaction log is not told; transfers stay unknown: %s", refusal)
            self._refused = True

    def transfers(self) -> list[Transfer]:
        """Transfers since the last call."""
        told, self._transfers = self._transfers, []
        return sorted(told, key=lambda transfer: transfer.time)

    def funding(self) -> list[FundingPayment]:
        """Funding since the last call of trades that were open at the start."""
        told, self._funding = self._funding, []
        return told

    def _from(self, now: int) -> int:
        if self._read_at is not None:
            return self._read_at - _OVERLAP_MS
        since = now if self._history.since is None else self._history.since - _OVERLAP_MS
        return min([since, *(trade.entry_time for trade in self._history.trades)])

    def _read_newest(self) -> None:
        """The last day by Bybit's own clock, newest first, until nothing on a page is new."""
        for rows in _pages(self._client):
            new = [self._take(statement_line_of(row)) for row in rows]
            if not any(new):
                return

    def _take(self, line: StatementLine) -> bool:
        if line.line_id in self._seen:
            return False
        self._seen[line.line_id] = None
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        transfer = transfer_of(line)
        if transfer is not None:
            self._transfers.append(transfer)
        elif line.kind == SETTLEMENT and line.funding:
            self._funding += _payments_of(line, self._history.trades)
        return True


def _payments_of(line: StatementLine, trades: Iterable[Trade]) -> list[FundingPayment]:
    """The payment of a trade whose position this must have been."""
    return [
        FundingPayment(
            execution_id=line.execution_id,
            order_link_id=trade.order_link_id,
            symbol=trade.symbol,
            rate=line.fee_rate,
            amount=line.funding,
            time=line.time,
        )
        for trade in trades
        if line.symbol == trade.symbol
        and line.time > trade.entry_time
        and line.side == SIDE[Direction(trade.direction)]
        and line.quantity == trade.quantity
    ]


def _pages(client: SignedClient, **parameters: int) -> Pages:
    return client.pages(
        "get_transaction_log", accountType="UNIFIED", currency="USDT", limit=_ROWS_PER_PAGE,
        **parameters,
    )  # fmt: skip
