"""Orders, executions, positions and the wallet as Bybit writes them: numbers are strings."""

from decimal import Decimal

from src.domain.instrument import Instrument
from src.domain.order import Direction
from src.exchange.paper.costs import tick_against
from src.simulator.account.ledger import Ledger
from src.simulator.account.model import (
    ClosedPnl,
    Execution,
    Protection,
    VenueOrder,
    VenuePosition,
)
from src.simulator.account.numbers import fixed

_SLIPPAGE_BOUND = Decimal("0.05")

Row = dict[str, object]


def side_text(side: Direction | None) -> str:
    """`Buy`, `Sell`, or empty for flat."""
    return {None: "", Direction.LONG: "Buy", Direction.SHORT: "Sell"}[side]


def order_row(order: VenueOrder, last: Decimal, instrument: Instrument) -> Row:
    """A row of order/realtime, order/history and the order topic.

    A market order shows the worst price it would take.
    """
    average = order.executed_value / order.executed if order.executed else None
    bound = tick_against(instrument, last * (1 + _SLIPPAGE_BOUND * int(order.side)), order.side)
    protection = order.protection
    return {
        "category": "linear",
        "orderId": order.order_id,
        "orderLinkId": order.order_link_id,
        "parentOrderLinkId": order.parent_link_id,
        "symbol": order.symbol,
        "side": side_text(order.side),
        "positionIdx": order.position_idx,
        "orderType": order.order_type,
        "orderStatus": order.status,
        "price": fixed(bound if order.price is None else order.price),
        "qty": fixed(order.quantity),
        "leavesQty": fixed(order.leaves),
        "leavesValue": fixed(order.leaves * (order.price or last)),
        "cumExecQty": fixed(order.executed),
        "cumExecValue": fixed(order.executed_value),
        "cumExecFee": fixed(order.fees),
        "avgPrice": fixed(average),
        "timeInForce": order.time_in_force,
        "reduceOnly": order.reduce_only,
        "closeOnTrigger": order.close_on_trigger,
        "rejectReason": order.reject_reason,
        "cancelType": order.cancel_type,
        "createType": order.create_type,
        "stopOrderType": order.stop_order_type or "UNKNOWN",
        "triggerPrice": fixed(order.trigger_price or Decimal(0)),
        "triggerBy": order.trigger_by or "UNKNOWN",
        "triggerDirection": order.trigger_direction,
        "takeProfit": fixed(protection.take_profit),
        "stopLoss": fixed(protection.stop_loss),
        "tpTriggerBy": protection.target_trigger if protection.take_profit else "",
        "slTriggerBy": protection.stop_trigger if protection.stop_loss else "",
        "tpslMode": _protection_mode(order),
        "tpLimitPrice": fixed(protection.target_limit),
        "slLimitPrice": fixed(protection.stop_limit),
        "lastPriceOnCreated": "",
        "createdTime": str(order.created),
        "updatedTime": str(order.updated),
    }


def _protection_mode(order: VenueOrder) -> str:
    if order.stop_order_type.startswith("Partial") or order.protection.partial:
        return "Partial"
    return "Full" if order.attached or order.protection != Protection() else ""


def execution_row(execution: Execution) -> Row:
    """A row of execution/list and the execution topic."""
    order = execution.order
    return {
        "category": "linear",
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderLinkId": order.order_link_id,
        "side": side_text(order.side),
        "orderType": order.order_type,
        "orderPrice": fixed(order.price or execution.price),
        "orderQty": fixed(order.quantity),
        "leavesQty": fixed(execution.leaves),
        "createType": order.create_type,
        "stopOrderType": order.stop_order_type or "UNKNOWN",
        "execId": execution.execution_id,
        "execType": execution.kind,
        "execPrice": fixed(execution.price),
        "execQty": fixed(execution.quantity),
        "execValue": fixed(execution.price * execution.quantity),
        "execFee": fixed(execution.fee),
        "feeRate": fixed(execution.fee_rate),
        "feeCurrency": "USDT",
        "closedSize": fixed(execution.closed),
        "isMaker": execution.is_maker,
        "execTime": str(execution.time),
        "seq": execution.sequence,
    }


def position_row(
    ledger: Ledger, position: VenuePosition, mark: Decimal, protection: Protection, streamed: bool,
    liquidation_price: Decimal | None,
) -> Row:  # fmt: skip
    """A row of position/list, or of the position topic, which says entryPrice for avgPrice."""
    leverage = ledger.leverage(position.symbol)
    size = abs(position.size)
    entry = position.entry_price if size else Decimal(0)
    return {
        **({"category": "linear", "entryPrice": fixed(entry)} if streamed else {}),
        **({} if streamed else {"avgPrice": fixed(entry)}),
        "symbol": position.symbol,
        "positionIdx": position.position_idx,
        "riskId": 1,
        "side": side_text(position.direction),
        "size": fixed(size),
        "positionValue": fixed(size * entry) if size else "",
        "markPrice": fixed(mark),
        "liqPrice": fixed(liquidation_price),
        "leverage": fixed(leverage),
        "positionIM": fixed(size * entry / leverage) if size else "",
        "positionMM": fixed(size * mark * ledger.costs.maintenance_margin_rate) if size else "",
        "takeProfit": fixed(protection.take_profit),
        "stopLoss": fixed(protection.stop_loss),
        "trailingStop": fixed(protection.trailing or Decimal(0)),
        "activePrice": fixed(protection.active_price),
        "tpslMode": "Full",
        "tradeMode": 0,
        "unrealisedPnl": fixed(position.unrealized(mark)) if size else "",
        "cumRealisedPnl": fixed(position.realized),
        "positionStatus": "Normal",
        "adlRankIndicator": 2 if size else 0,
        "isReduceOnly": False,
        "autoAddMargin": 0,
        "createdTime": str(position.created),
        "updatedTime": str(position.updated),
        "seq": position.sequence,
    }


def wallet_row(ledger: Ledger) -> Row:
    """The unified account; totals are in USD, which one USDT is worth here."""
    unrealized, margin = ledger.unrealized(), ledger.position_margin()
    equity, held = ledger.wallet + unrealized, ledger.order_margin()
    maintenance = ledger.maintenance_margin()
    return {
        "accountType": "UNIFIED",
        "totalEquity": fixed(equity),
        "totalWalletBalance": fixed(ledger.wallet),
        "totalMarginBalance": fixed(equity),
        "totalAvailableBalance": fixed(ledger.available()),
        "totalPerpUPL": fixed(unrealized),
        "totalInitialMargin": fixed(margin + held),
        "totalMaintenanceMargin": fixed(maintenance),
        "accountIMRate": fixed((margin + held) / equity) if equity > 0 else "",
        "accountMMRate": fixed(maintenance / equity) if equity > 0 else "",
        "accountLTV": "",
        "coin": [
            {
                "coin": "USDT",
                "equity": fixed(equity),
                "usdValue": fixed(equity),
                "walletBalance": fixed(ledger.wallet),
                "unrealisedPnl": fixed(unrealized),
                "totalPositionIM": fixed(margin),
                "totalOrderIM": fixed(held),
                "totalPositionMM": fixed(maintenance),
                "cumRealisedPnl": fixed(sum((c.pnl for c in ledger.closed.values()), Decimal(0))),
                "availableToWithdraw": "",
                "availableToBorrow": "",
                "borrowAmount": "0",
                "accruedInterest": "0",
                "locked": "0",
                "bonus": "0",
                "marginCollateral": True,
                "collateralSwitch": True,
            }
        ],
    }


def closed_row(closed: ClosedPnl) -> Row:
    """A row of position/closed-pnl: the side is the closing side."""
    order = closed.order
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "side": side_text(closed.side),
        "orderType": order.order_type,
        "qty": fixed(order.quantity),
        "closedSize": fixed(closed.quantity),
        "orderPrice": fixed(order.price or closed.exit_price),
        "avgEntryPrice": fixed(closed.entry_price),
        "avgExitPrice": fixed(closed.exit_price),
        "cumEntryValue": fixed(closed.entry_price * closed.quantity),
        "cumExitValue": fixed(closed.exit_price * closed.quantity),
        "openFee": fixed(closed.open_fee),
        "closeFee": fixed(closed.close_fee),
        "closedPnl": fixed(closed.pnl),
        "leverage": fixed(closed.leverage),
        "execType": "Trade",
        "fillCount": str(closed.fills),
        "createdTime": str(closed.time),
        "updatedTime": str(closed.time),
    }
