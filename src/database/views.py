"""Rows to the JSON browsers get: the one place that spells the wire's camelCase.

Used for REST answers and for event payloads alike, so a client can merge both. Money and
prices are JSON numbers (the ledger keeps the exact decimals), times are ISO 8601 with `Z`.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from src.database.times import to_iso
from src.domain.events import Alarm, GuardTripped, ProtectionMoved
from src.domain.trade import Transfer

View = dict[str, Any]


def trade_view(row: RowMapping) -> View:
    """A row of `paper_trades` joined with its signal's model, score and reasons."""
    closed = row["exit_ms"] is not None
    result = row["net_pnl"] / row["risk_amount_exact"] if closed else None
    return {
        "id": row["id"],
        "signalId": row["signal_id"],
        "symbol": row["symbol"],
        "direction": row["direction"],
        "status": row["status"],
        "entryPrice": row["entry_price"],
        "currentPrice": row["current_price"],
        "exitPrice": row["exit_price"],
        "positionSize": row["position_size"],
        "stopLoss": row["stop_loss"],
        "takeProfit": row["take_profit"],
        "unrealizedPnL": row["unrealized_pnl"],
        "realizedPnL": row["realized_pnl"],
        "riskAmount": row["risk_amount"],
        "resultR": _number(result),
        "entryTime": row["entry_time"],
        "exitTime": row["exit_time"],
        "exitReason": row["exit_reason"],
        "fees": _number(row["fees"]),
        "funding": _number(row["funding"]),
        "slippage": _number(row["slippage"]),
        "ambiguous": row["ambiguous"],
        "model": row["model"],
        "confluenceScore": row["confluence_score"],
        "reasons": row["reasons"] or [],
        "environment": row["environment"],
    }


def move_view(change: ProtectionMoved) -> View:
    """Where a stop or target was moved from and to, and by whom; null for what was not moved."""
    trade = change.trade
    return {
        "stop": _moved(change.stop_before, trade.stop_loss),
        "target": _moved(change.target_before, trade.take_profit),
        "by": change.by,
    }


def signal_view(row: RowMapping) -> View:
    """A row of `signals`."""
    return {
        "id": row["id"],
        "signalId": row["signal_id"],
        "symbol": row["symbol"],
        "direction": row["direction"],
        "timeframe": row["timeframe"],
        "model": row["model"],
        "status": row["status"],
        "entryPrice": row["entry_price"],
        "stopLoss": row["stop_loss"],
        "takeProfit": row["take_profit"],
        "confluenceScore": row["confluence_score"],
        "components": row["components"],
        "reasons": row["reasons"],
        "refusals": row["refusals"],
        "time": to_iso(row["armed_at"]),
        "updatedAt": to_iso(row["updated_at"]),
        "environment": row["environment"],
    }


def order_view(row: RowMapping) -> View:
    """A row of `orders`."""
    return {
        "orderLinkId": row["order_link_id"],
        "signalId": row["signal_id"],
        "symbol": row["symbol"],
        "direction": row["direction"],
        "kind": row["kind"],
        "quantity": _number(row["quantity"]),
        "price": _number(row["price"]),
        "stopLoss": _number(row["stop_loss"]),
        "takeProfit": _number(row["take_profit"]),
        "leverage": _number(row["leverage"]),
        "status": row["status"],
        "reason": row["reason"],
        "time": to_iso(row["placed_at"]),
        "environment": row["environment"],
    }


def equity_view(row: RowMapping) -> View:
    """A row of `equity`; `drawdown` is in percent below the highest equity so far (<= 0)."""
    return {
        "time": to_iso(row["time"]),
        "equity": _number(row["equity"]),
        "wallet": _number(row["wallet"]),
        "drawdown": row["drawdown"] * 100.0,
    }


def transfer_view(transfer: Transfer) -> View:
    """Money that came (negative: went) by no trade; `kind` is the venue's word."""
    return {
        "id": transfer.transfer_id,
        "kind": transfer.kind,
        "amount": float(transfer.amount),
        "time": to_iso(transfer.time),
    }


def guard_view(trip: GuardTripped) -> View:
    """A guard that stands in the way of new entries from `at` until `until`."""
    return {
        "name": trip.guard,
        "sentence": trip.sentence,
        "at": to_iso(trip.at),
        "until": to_iso(trip.until),
    }


def alarm_view(alarm: Alarm) -> View:
    """A position that had no stop."""
    return {
        "symbol": alarm.symbol,
        "severity": "critical",
        "detail": alarm.sentence,
        "at": to_iso(alarm.at),
    }


def command_view(row: RowMapping) -> View:
    """A row of `commands`; `outcome` and `sentence` are null while it waits, and what it withdraws
    or closes is told step by step."""
    result = row["result"] or {}
    return {
        "id": row["id"],
        "type": row["type"],
        "signalId": row["payload"].get("signalId"),
        "requestedBy": row["requested_by"],
        "requestedAt": to_iso(row["created_at"]),
        "handledAt": None if row["handled_at"] is None else to_iso(row["handled_at"]),
        "outcome": result.get("outcome"),
        "sentence": result.get("sentence"),
        "steps": [step | {"quantity": float(step["quantity"])} for step in row["steps"] or ()],
    }


def _moved(before: Decimal, after: Decimal) -> View | None:
    return None if before == after else {"from": float(before), "to": float(after)}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
