"""The account in a file, so that it outlives the exchange's process, however that ends.

One line of JSON per change, appended before the change is acknowledged. A line torn by a crash is
the last one and was never acknowledged: it is left out. Every start writes the file anew.
"""

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from src.domain.errors import InvalidInput
from src.simulator.account.codec import decoded, encoded
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import (
    LIVE,
    AccountSettings,
    ClosedPnl,
    Execution,
    Transfer,
    VenueOrder,
    VenuePosition,
)

_MINUTE_MS = 60_000
Lines = dict[str, dict[str, Any]]
"""Rows by their identity, per table."""


def account_file(directory: Path, settings: AccountSettings) -> Path:
    """Where the account of a key is kept."""
    digest = hashlib.sha256(settings.api_key.encode()).hexdigest()[:12]
    return directory / f"simulator-account-{digest}.jsonl"


class AccountStore:
    """Reads the account when made; `restore` fills a ledger, `save` appends what changed.

    `traded_until` is the market time the stored account had reached, None without one.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows = _read(file)
        account = self._rows["account"].get("account")
        self.traded_until: int | None = None if account is None else int(account["time"])
        self._output: TextIO | None = None
        self._watched: dict[str, VenueOrder] = {}
        self._orders = self._executions = self._transfers = 0
        self._texts: dict[str, str] = {}
        self._saved_at = 0

    def restore(self, ledger: Ledger) -> None:
        """Fill an empty ledger with what is stored."""
        rows = self._rows
        for row in rows["orders"].values():
            ledger.add(decoded(VenueOrder, row))
        for row in rows["executions"].values():
            content, order = _with_order(row, ledger)
            ledger.executions.append(decoded(Execution, content, order=order))
        ledger.transfers += [decoded(Transfer, row) for row in rows["transfers"].values()]
        for key, row in rows["closed"].items():
            content, order = _with_order(row, ledger)
            ledger.closed[key] = decoded(ClosedPnl, content, order=order)
        for row in rows["positions"].values():
            position = decoded(VenuePosition, row)
            ledger.positions[position.symbol, position.position_idx] = position
        account = rows["account"].get("account")
        if account is not None:
            leverage = {symbol: Decimal(text) for symbol, text in account["leverage"].items()}
            ledger.resume(
                Decimal(account["wallet"]), account["hedge"], leverage, account["sequence"]
            )
        self._begin(ledger)

    def save(self, ledger: Ledger, time: int) -> None:
        """Append what changed since the last save; `time` is how far the account has traded."""
        change = self._changes(ledger)
        if not change and time - self._saved_at < _MINUTE_MS:
            return
        change["account"] = {"account": _account_row(ledger, time)}
        self._append(change)
        self._saved_at = time

    def close(self) -> None:
        """Let go of the file."""
        if self._output is not None:
            self._output.close()
            self._output = None

    def _begin(self, ledger: Ledger) -> None:
        """Write the whole account as one line and go on behind it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps(self._rows) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
        self._output = self._file.open("a", encoding="utf-8")
        self._changes(ledger)
        self._saved_at = self.traded_until or 0
        self._rows = _nothing()

    def _append(self, change: Lines) -> None:
        if self._output is not None:
            self._output.write(json.dumps(change) + "\n")
            self._output.flush()

    def _changes(self, ledger: Ledger) -> Lines:
        change: Lines = {}
        if len(ledger.orders) > self._orders:
            for order in list(ledger.orders.values())[self._orders :]:
                self._watched[order.order_id] = order
            self._orders = len(ledger.orders)
        for order in list(self._watched.values()):
            self._note(change, "orders", order.order_id, encoded(order))
            if order.status not in LIVE:
                del self._watched[order.order_id]
                del self._texts[f"orders {order.order_id}"]
        for position in ledger.positions.values():
            key = f"{position.symbol} {position.position_idx}"
            self._note(change, "positions", key, encoded(position))
        for execution in ledger.executions[self._executions :]:
            order_id = execution.order.order_id
            change.setdefault("executions", {})[execution.execution_id] = _row(execution, ledger)
            if order_id in ledger.closed:
                change.setdefault("closed", {})[order_id] = _row(ledger.closed[order_id], ledger)
        self._executions = len(ledger.executions)
        for transfer in ledger.transfers[self._transfers :]:
            change.setdefault("transfers", {})[transfer.transfer_id] = encoded(transfer)
        self._transfers = len(ledger.transfers)
        self._note(change, "account", "account", _account_row(ledger, 0))
        return change

    def _note(self, change: Lines, table: str, key: str, row: dict[str, Any]) -> None:
        """Take a row into the change if it differs from what was noted last."""
        text = json.dumps(row)
        if self._texts.get(f"{table} {key}") != text:
            self._texts[f"{table} {key}"] = text
            change.setdefault(table, {})[key] = row


def _nothing() -> Lines:
    tables = ("orders", "executions", "transfers", "closed", "positions", "account")
    return {table: {} for table in tables}


def _read(file: Path) -> Lines:
    rows = _nothing()
    if not file.exists():
        return rows
    lines = file.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            change = json.loads(line)
            for table, content in change.items():
                rows[table].update(content)
        except (ValueError, AttributeError, KeyError) as error:
            raise InvalidInput(f"{file}, line {number} is damaged ({error}); delete it.") from error
    return rows


def _row(thing: Execution | ClosedPnl, ledger: Ledger) -> dict[str, Any]:
    """With its order by id, or whole where the books do not hold it (funding)."""
    order = thing.order
    known = order.order_id in ledger.orders
    return {**encoded(thing, without=("order",)), "of": order.order_id if known else encoded(order)}


def _with_order(row: dict[str, Any], ledger: Ledger) -> tuple[dict[str, Any], VenueOrder]:
    of = row["of"]
    order = ledger.orders[of] if isinstance(of, str) else decoded(VenueOrder, of)
    return {name: value for name, value in row.items() if name != "of"}, order


def _account_row(ledger: Ledger, time: int) -> dict[str, Any]:
    return {
        "wallet": str(ledger.wallet),
        "hedge": ledger.hedge,
        "leverage": {symbol: str(value) for symbol, value in ledger.leverages.items()},
        "sequence": ledger.sequence,
        "time": time,
    }
