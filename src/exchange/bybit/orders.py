"""Orders, executions, positions, the wallet: Bybit's rows and the domain's words, both ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from src.domain.order import (
    Direction,
    FillReason,
    Order,
    OrderKind,
    OrderRequest,
    OrderStatus,
)
from src.domain.trade import Position

Row = Mapping[str, Any]

SIDE = {Direction.LONG: "Buy", Direction.SHORT: "Sell"}
_DIRECTION = {text: side for side, text in SIDE.items()}
_LIVE = ("Created", "New", "PartiallyFilled", "Untriggered", "Triggered", "Active")
_STOPS = ("StopLoss", "PartialStopLoss", "TrailingStop")
_TARGETS = ("TakeProfit", "PartialTakeProfit")
FORCED = ("BustTrade", "AdlTrade")
TRADES = ("Trade", *FORCED)
FUNDING = "Funding"


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution row. `fee` is what was paid; `closed` is the part that reduced a position."""

    execution_id: str
    order_id: str
    order_link_id: str
    symbol: str
    side: Direction
    kind: str
    reason: FillReason
    order_quantity: Decimal
    quantity: Decimal
    closed: Decimal
    price: Decimal
    fee: Decimal
    fee_rate: Decimal
    is_maker: bool
    time: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """USDT: cash after fees, funding and closed P&L, and the margin that is bound."""

    cash: Decimal
    bound: Decimal


def fixed(number: Decimal) -> str:
    """A number as Bybit takes it: no exponent, no needless zeros."""
    return f"{number.normalize():f}"


def entry_parameters(request: OrderRequest, stop_trigger: str) -> dict[str, Any]:
    """`order/create` of an entry that carries its stop and target."""
    limit = request.kind is OrderKind.LIMIT
    return {
        "category": "linear",
        "symbol": request.symbol,
        "side": SIDE[request.direction],
        "orderType": "Limit" if limit else "Market",
        "qty": fixed(request.quantity),
        **({"price": fixed(request.price), "timeInForce": "GTC"} if limit else {}),
        "positionIdx": 0,
        "orderLinkId": request.order_link_id,
        "reduceOnly": False,
        "tpslMode": "Full",
        "stopLoss": fixed(request.stop_loss),
        "slTriggerBy": stop_trigger,
        "slOrderType": "Market",
        "takeProfit": fixed(request.take_profit),
        "tpTriggerBy": stop_trigger,
        "tpOrderType": "Market",
    }


def close_parameters(
    symbol: str, direction: Direction, quantity: Decimal, order_link_id: str
) -> dict[str, Any]:
    """`order/create` that can only reduce a position of `direction`."""
    return {
        "category": "linear",
        "symbol": symbol,
        "side": SIDE[Direction(-direction)],
        "orderType": "Market",
        "qty": fixed(quantity),
        "positionIdx": 0,
        "orderLinkId": order_link_id,
        "reduceOnly": True,
    }


def order_of(row: Row, request: OrderRequest | None) -> Order:
    """The order of a row; without its request, what the row itself tells of it.

    A cancelled order that executed in part is filled: its executions say how much.
    """
    known = request or _request_of(row)
    status, executed = str(row["orderStatus"]), number(row["cumExecQty"])
    if status in _LIVE:
        return Order(known, OrderStatus.ACCEPTED)
    if status == "Filled" or executed:
        return Order(known, OrderStatus.FILLED)
    reason = str(row.get("rejectReason") or "")
    if status == "Rejected":
        return Order(known, OrderStatus.REJECTED, reason)
    cause = str(row.get("cancelType") or "")
    return Order(known, OrderStatus.CANCELLED, f"{cause or 'cancelled'} ({reason})")


def is_entry(row: Row) -> bool:
    """Whether the row is one of our entries: it has our id and may open a position."""
    return bool(row["orderLinkId"]) and row["reduceOnly"] is not True


def execution_of(row: Row) -> Execution:
    """The execution of a row."""
    kind = str(row["execType"])
    return Execution(
        execution_id=str(row["execId"]),
        order_id=str(row["orderId"]),
        order_link_id=str(row["orderLinkId"] or ""),
        symbol=str(row["symbol"]),
        side=_DIRECTION[str(row["side"])],
        kind=kind,
        reason=_reason(kind, str(row.get("stopOrderType") or "")),
        order_quantity=number(row["orderQty"]),
        quantity=number(row["execQty"]),
        closed=number(row.get("closedSize")),
        price=number(row["execPrice"]),
        fee=number(row["execFee"]),
        fee_rate=number(row.get("feeRate")),
        is_maker=row["isMaker"] is True,
        time=int(row["execTime"]),
        sequence=int(row.get("seq") or 0),
    )


def wallet_of(account: Row) -> Wallet:
    """The USDT of an account's row; nothing when it holds none."""
    for coin in account["coin"]:
        if coin["coin"] == "USDT":
            bound = number(coin["totalPositionIM"]) + number(coin["totalOrderIM"])
            return Wallet(number(coin["walletBalance"]), bound)
    return Wallet(Decimal(0), Decimal(0))


def position_of(row: Row) -> Position | None:
    """The position of a row of REST or stream; None when it is flat."""
    size = number(row["size"])
    if not size:
        return None
    entry = number(row.get("avgPrice") or row.get("entryPrice"))
    return Position(
        symbol=str(row["symbol"]),
        direction=_DIRECTION[str(row["side"])],
        quantity=size,
        entry_price=entry,
        mark_price=number(row.get("markPrice")) or entry,
        stop_loss=number(row.get("stopLoss")) or None,
        take_profit=number(row.get("takeProfit")) or None,
    )


def number(text: object) -> Decimal:
    """An empty string is a legal number-in-waiting on Bybit: zero."""
    return Decimal(str(text)) if text not in (None, "") else Decimal(0)


def _reason(kind: str, stop_order_type: str) -> FillReason:
    """Why an execution that leaves a position happened."""
    if kind in FORCED:
        return FillReason.LIQUIDATION
    if stop_order_type in _STOPS:
        return FillReason.STOP
    return FillReason.TARGET if stop_order_type in _TARGETS else FillReason.MANUAL


def _request_of(row: Row) -> OrderRequest:
    """The request a row came from; signal and leverage are not Bybit's to know."""
    market = row["orderType"] == "Market"
    return OrderRequest(
        order_link_id=str(row["orderLinkId"]),
        signal_id="",
        symbol=str(row["symbol"]),
        direction=_DIRECTION[str(row["side"])],
        kind=OrderKind.MARKET if market else OrderKind.LIMIT,
        quantity=number(row["qty"]),
        price=number(row["price"]),
        stop_loss=number(row.get("stopLoss")),
        take_profit=number(row.get("takeProfit")),
        leverage=Decimal(0),
        placed_at=int(row["createdTime"]),
    )
