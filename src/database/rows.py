"""Domain objects to rows and back. What is written and read again is equal to what it was."""

from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from src.database.times import to_iso
from src.domain.candle import Candle, Timeframe
from src.domain.order import (
    Direction,
    Fill,
    FillReason,
    FundingPayment,
    Order,
    OrderKind,
    OrderRequest,
    OrderStatus,
)
from src.domain.signal import Signal, SignalStatus
from src.domain.trade import Trade, TradeStatus

Values = dict[str, Any]


def trade_values(trade: Trade) -> Values:
    """Columns of `paper_trades` that the trade itself decides: the REAL ones and the exact ones.

    `current_price` belongs to the market while the trade is open and is not among them.
    """
    values: Values = {
        "signal_id": trade.signal_id,
        "order_link_id": trade.order_link_id,
        "symbol": trade.symbol,
        "direction": trade.direction.word,
        "status": trade.status.value,
        "entry_price": float(trade.entry_price),
        "exit_price": _float(trade.exit_price),
        "position_size": float(trade.quantity),
        "stop_loss": float(trade.stop_loss),
        "take_profit": float(trade.take_profit),
        "realized_pnl": float(trade.realized_pnl),
        "risk_amount": float(trade.risk_amount),
        "entry_time": to_iso(trade.entry_time),
        "exit_time": None if trade.exit_time is None else to_iso(trade.exit_time),
        "exit_reason": None if trade.exit_reason is None else trade.exit_reason.value,
    }
    return values | _exact_trade_values(trade)


def _exact_trade_values(trade: Trade) -> Values:
    return {
        "quantity_exact": trade.quantity,
        "entry_price_exact": trade.entry_price,
        "exit_price_exact": trade.exit_price,
        "stop_loss_exact": trade.stop_loss,
        "take_profit_exact": trade.take_profit,
        "risk_amount_exact": trade.risk_amount,
        "fees": trade.fees,
        "funding": trade.funding,
        "slippage": trade.slippage,
        "gross_pnl": trade.gross_pnl,
        "net_pnl": trade.realized_pnl,
        "entry_ms": trade.entry_time,
        "exit_ms": trade.exit_time,
        "ambiguous": trade.ambiguous,
    }


def trade_from(row: RowMapping) -> Trade:
    """The trade a row of `paper_trades` holds, from its exact columns."""
    reason = row["exit_reason"]
    return Trade(
        order_link_id=row["order_link_id"],
        signal_id=row["signal_id"],
        symbol=row["symbol"],
        direction=Direction.of(row["direction"]),
        status=TradeStatus(row["status"]),
        quantity=row["quantity_exact"],
        entry_price=row["entry_price_exact"],
        stop_loss=row["stop_loss_exact"],
        take_profit=row["take_profit_exact"],
        risk_amount=row["risk_amount_exact"],
        entry_time=row["entry_ms"],
        fees=row["fees"],
        funding=row["funding"],
        slippage=row["slippage"],
        exit_price=row["exit_price_exact"],
        exit_time=row["exit_ms"],
        exit_reason=None if reason is None else FillReason(reason),
        gross_pnl=row["gross_pnl"],
        realized_pnl=row["net_pnl"],
        ambiguous=row["ambiguous"],
    )


def order_values(order: Order) -> Values:
    """Columns of `orders`."""
    request = order.request
    return {
        "order_link_id": request.order_link_id,
        "signal_id": request.signal_id,
        "symbol": request.symbol,
        "direction": request.direction.word,
        "kind": request.kind.value,
        "quantity": request.quantity,
        "price": request.price,
        "stop_loss": request.stop_loss,
        "take_profit": request.take_profit,
        "leverage": request.leverage,
        "status": order.status.value,
        "reason": order.reason,
        "placed_at": request.placed_at,
    }


def order_from(row: RowMapping) -> Order:
    """The order a row of `orders` holds."""
    request = OrderRequest(
        order_link_id=row["order_link_id"],
        signal_id=row["signal_id"],
        symbol=row["symbol"],
        direction=Direction.of(row["direction"]),
        kind=OrderKind(row["kind"]),
        quantity=row["quantity"],
        price=row["price"],
        stop_loss=row["stop_loss"],
        take_profit=row["take_profit"],
        leverage=row["leverage"],
        placed_at=row["placed_at"],
    )
    return Order(request, OrderStatus(row["status"]), row["reason"])


def signal_values(signal: Signal) -> Values:
    """Columns of `signals`."""
    return {
        "signal_id": signal.signal_id,
        "symbol": signal.symbol,
        "direction": signal.direction.word,
        "entry_price": signal.entry_price,
        "stop_loss": signal.stop_loss,
        "take_profit": signal.take_profit,
        "confluence_score": signal.confluence_score,
        "status": signal.status.value,
        "timeframe": signal.timeframe.value,
        "model": signal.model,
        "components": dict(signal.components),
        "reasons": list(signal.reasons),
        "refusals": list(signal.refusals),
        "armed_at": signal.armed_at,
        "updated_at": signal.updated_at,
    }


def signal_from(row: RowMapping) -> Signal:
    """The signal a row of `signals` holds."""
    return Signal(
        signal_id=row["signal_id"],
        symbol=row["symbol"],
        timeframe=Timeframe(row["timeframe"]),
        model=row["model"],
        direction=Direction.of(row["direction"]),
        status=SignalStatus(row["status"]),
        entry_price=row["entry_price"],
        stop_loss=row["stop_loss"],
        take_profit=row["take_profit"],
        confluence_score=row["confluence_score"],
        components=row["components"],
        reasons=tuple(row["reasons"]),
        refusals=tuple(row["refusals"]),
        armed_at=row["armed_at"],
        updated_at=row["updated_at"],
    )


def fill_values(fill: Fill) -> Values:
    """Columns of `fills`."""
    return {
        "execution_id": fill.execution_id,
        "order_link_id": fill.order_link_id,
        "symbol": fill.symbol,
        "direction": fill.direction.word,
        "reason": fill.reason.value,
        "quantity": fill.quantity,
        "price": fill.price,
        "fee": fill.fee,
        "slippage": fill.slippage,
        "is_maker": fill.is_maker,
        "time": fill.time,
        "ambiguous": fill.ambiguous,
    }


def funding_values(payment: FundingPayment) -> Values:
    """Columns of `funding_payments`."""
    return {
        "execution_id": payment.execution_id,
        "order_link_id": payment.order_link_id,
        "symbol": payment.symbol,
        "rate": payment.rate,
        "amount": payment.amount,
        "time": payment.time,
    }


def fill_from(row: RowMapping) -> Fill:
    """The execution a row of `fills` holds."""
    return Fill(
        execution_id=row["execution_id"],
        order_link_id=row["order_link_id"],
        symbol=row["symbol"],
        direction=Direction.of(row["direction"]),
        reason=FillReason(row["reason"]),
        quantity=row["quantity"],
        price=row["price"],
        fee=row["fee"],
        slippage=row["slippage"],
        is_maker=row["is_maker"],
        time=row["time"],
        ambiguous=row["ambiguous"],
    )


def funding_from(row: RowMapping) -> FundingPayment:
    """The payment a row of `funding_payments` holds."""
    return FundingPayment(
        execution_id=row["execution_id"],
        order_link_id=row["order_link_id"],
        symbol=row["symbol"],
        rate=row["rate"],
        amount=row["amount"],
        time=row["time"],
    )


def candle_values(environment: str, candle: Candle) -> Values:
    """Columns of `candles`."""
    return {
        "environment": environment,
        "symbol": candle.symbol,
        "timeframe": candle.timeframe.value,
        "open_time": candle.open_time,
        "open": candle.open,
        "high": candle.high,
        "low": candle.low,
        "close": candle.close,
        "volume": candle.volume,
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
