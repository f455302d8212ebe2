"""What must be true of both books once the market stands still and recovery has had its say."""

from collections import Counter, defaultdict
from decimal import Decimal

from bench.crash.account import OwnerAccount, Row
from bench.crash.journal import JournalWatch
from src.database import Database
from src.database.account_reader import StoredAccount, read_account
from src.domain.order import FillReason
from src.engine.account_book import check_ledger
from src.engine.identifiers import is_own_order

ENVIRONMENT = "simulator_demo"
_WAITING = ("New", "PartiallyFilled", "Untriggered")


class Books:
    """The exchange's and the journal's, read at one standstill. All facts are lists of rows."""

    def __init__(self, account: OwnerAccount, journal: JournalWatch, database: Database) -> None:
        self.live = account.live_orders()
        self.ended = account.ended_orders()
        self.executions = account.executions()
        self.positions = account.positions()
        self.wallet = account.wallet()
        self.journal_orders = {
            row["order_link_id"]: row["status"]
            for row in journal.rows("SELECT order_link_id, status FROM orders")
        }
        self.stored: StoredAccount = read_account(database, ENVIRONMENT)

    @property
    def entries(self) -> list[Row]:
        """Entries of this system at the exchange, live or ended."""
        rows = [*self.live, *self.ended]
        return [row for row in rows if row["orderLinkId"] and not row["reduceOnly"]]

    def violations(self) -> list[str]:
        """Sentences, none if every invariant holds."""
        return [
            *self._orders(),
            *self._positions(),
            *self._stops(),
            *self._executions(),
            *self._ledger(),
        ]

    def _orders(self) -> list[str]:
        counted = Counter(row["orderLinkId"] for row in self.entries)
        twice = [f"order {name} exists twice" for name, times in counted.items() if times > 1]
        strange = [
            f"order {name} was never journaled"
            for name in counted
            if is_own_order(name) and name not in self.journal_orders
        ]
        live = {row["orderLinkId"] for row in self.entries if row["orderStatus"] in _WAITING}
        believed = {n for n, status in self.journal_orders.items() if status == "accepted"}
        pending = [n for n, status in self.journal_orders.items() if status == "pending"]
        return [
            *twice,
            *strange,
            *(f"order {name} rests, the journal does not know" for name in live - believed),
            *(f"order {name} rests in the journal only" for name in believed - live),
            *(f"order {name} was left undecided" for name in pending),
        ]

    def _positions(self) -> list[str]:
        booked = {
            trade.symbol: trade.quantity * int(trade.direction)
            for trade in self.stored.trades
            if trade.exit_time is None
        }
        filling = {
            row["symbol"]: Decimal(row["cumExecQty"]) * (1 if row["side"] == "Buy" else -1)
            for row in self.entries
            if row["orderStatus"] == "PartiallyFilled"
        }
        return [
            f"{symbol}: the exchange holds {self.positions.get(symbol, 0)}, the journal "
            f"{booked.get(symbol, 0)}"
            for symbol in sorted(self.positions.keys() | booked.keys())
            if self.positions.get(symbol) not in (booked.get(symbol), filling.get(symbol))
        ]

    def _stops(self) -> list[str]:
        stops = Counter(
            row["symbol"]
            for row in self.live
            if row["stopOrderType"] == "StopLoss" and row["orderStatus"] in _WAITING
        )
        bare = [f"{name} has no live stop" for name in self.positions if stops[name] == 0]
        orphans = [f"{name} has a stop and no position" for name in stops.keys() - self.positions]
        double = [f"{name} has {count} stops" for name, count in stops.items() if count > 1]
        return [*bare, *orphans, *double]

    def _executions(self) -> list[str]:
        """Every execution of a finished order is in one fill, and every funding booked once."""
        traded: dict[str, Decimal] = defaultdict(Decimal)
        funded = set()
        ids = Counter(row["execId"] for row in self.executions)
        for row in self.executions:
            if row["execType"] == "Funding":
                funded.add(row["execId"])
            elif row["orderLinkId"] in self.journal_orders:
                traded[row["orderLinkId"]] += Decimal(row["execQty"])
        filled: dict[str, Decimal] = defaultdict(Decimal)
        for fill in self.stored.fills:
            if fill.reason is FillReason.ENTRY:
                filled[fill.order_link_id] += fill.quantity
        ended = {row["orderLinkId"] for row in self.ended}
        payments = {payment.execution_id for payment in self.stored.payments}
        return [
            *(f"execution {name} exists twice" for name, times in ids.items() if times > 1),
            *(
                f"entry {name}: {quantity} traded, {filled[name]} booked"
                for name, quantity in traded.items()
                if name in ended and filled[name] != quantity
            ),
            *(f"funding {name} was not booked" for name in funded - payments),
        ]

    def _ledger(self) -> list[str]:
        stored = self.stored
        opening = self.wallet if stored.opening is None else stored.opening
        # A fill is booked when its entry has ended; what half an entry has cost is not yet.
        unbooked = sum(
            (
                Decimal(r["cumExecFee"])
                for r in self.entries
                if r["orderStatus"] == "PartiallyFilled"
            ),
            Decimal(0),
        )
        wallet = self.wallet + unbooked
        report = check_ledger(
            stored.trades, stored.fills, stored.payments, opening, wallet, stored.transfers
        )
        return [f"ledger: {sentence}" for sentence in report.differences]
