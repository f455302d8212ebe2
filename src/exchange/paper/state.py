"""The paper venue's state as JSON text and back. Decimals are strings, so nothing is lost."""

import enum
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from src.domain.errors import TradingSystemError
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
from src.exchange.paper.account import PaperPosition, PaperState, RestingEntry, SymbolMarket

STATE_VERSION = 1

Plain = Mapping[str, Any]
"""A decoded JSON object; values are converted field by field below."""

Report = Fill | FundingPayment | Order


def dump_state(state: PaperState) -> str:
    """The state as JSON text."""
    reports = [{"type": type(report).__name__, "fact": report} for report in state.reports]
    document = {"version": STATE_VERSION, **_shallow(state), "reports": reports}
    return json.dumps(document, default=_encode, separators=(",", ":"))


def load_state(text: str) -> PaperState:
    """The state written by `dump_state`. Raises TradingSystemError when it cannot be read."""
    try:
        document = json.loads(text)
        if document["version"] != STATE_VERSION:
            raise TradingSystemError(
                f"The paper venue's stored state has version {document['version']}, this program "
                f"reads version {STATE_VERSION}; run it with the program that wrote it."
            )
        return PaperState(
            wallet=Decimal(document["wallet"]),
            entries={
                symbol: RestingEntry(_request(entry["request"]), entry["rested"])
                for symbol, entry in document["entries"].items()
            },
            positions={s: _position(plain) for s, plain in document["positions"].items()},
            ended={name: _order(plain) for name, plain in document["ended"].items()},
            markets={s: _market(plain) for s, plain in document["markets"].items()},
            reports=[_REPORTS[item["type"]](item["fact"]) for item in document["reports"]],
        )
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise TradingSystemError(
            f"The paper venue's stored state cannot be read ({error!r}); restore a backup."
        ) from error


def stored_wallet(text: str) -> Decimal:
    """The cash of a stored state. Raises TradingSystemError when it cannot be read."""
    return load_state(text).wallet


def _shallow(value: object) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]  # only dataclasses come here


def _encode(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if is_dataclass(value):
        return _shallow(value)
    raise TypeError(f"{type(value).__name__} has no place in the paper venue's state")


def _request(plain: Plain) -> OrderRequest:
    return OrderRequest(
        order_link_id=plain["order_link_id"],
        signal_id=plain["signal_id"],
        symbol=plain["symbol"],
        direction=Direction(plain["direction"]),
        kind=OrderKind(plain["kind"]),
        quantity=Decimal(plain["quantity"]),
        price=Decimal(plain["price"]),
        stop_loss=Decimal(plain["stop_loss"]),
        take_profit=Decimal(plain["take_profit"]),
        leverage=Decimal(plain["leverage"]),
        placed_at=plain["placed_at"],
    )


def _position(plain: Plain) -> PaperPosition:
    entry_price = Decimal(plain["entry_price"])
    return PaperPosition(_request(plain["request"]), entry_price, plain["matched_from"])


def _market(plain: Plain) -> SymbolMarket:
    rate = plain["funding_rate"]
    return SymbolMarket(
        last=plain["last"],
        mark=plain["mark"],
        tick_time=plain["tick_time"],
        candles_until=plain["candles_until"],
        funding_at=plain["funding_at"],
        funding_rate=None if rate is None else Decimal(rate),
    )


def _order(plain: Plain) -> Order:
    return Order(_request(plain["request"]), OrderStatus(plain["status"]), plain["reason"])


def _fill(plain: Plain) -> Fill:
    return Fill(
        execution_id=plain["execution_id"],
        order_link_id=plain["order_link_id"],
        symbol=plain["symbol"],
        direction=Direction(plain["direction"]),
        reason=FillReason(plain["reason"]),
        quantity=Decimal(plain["quantity"]),
        price=Decimal(plain["price"]),
        fee=Decimal(plain["fee"]),
        slippage=Decimal(plain["slippage"]),
        is_maker=plain["is_maker"],
        time=plain["time"],
        ambiguous=plain["ambiguous"],
    )


def _payment(plain: Plain) -> FundingPayment:
    return FundingPayment(
        execution_id=plain["execution_id"],
        order_link_id=plain["order_link_id"],
        symbol=plain["symbol"],
        rate=Decimal(plain["rate"]),
        amount=Decimal(plain["amount"]),
        time=plain["time"],
    )


_REPORTS: Mapping[str, Callable[[Plain], Report]] = {
    Fill.__name__: _fill,
    FundingPayment.__name__: _payment,
    Order.__name__: _order,
}
