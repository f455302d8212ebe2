"""Why the paper venue refuses an order: the checks Bybit makes when one arrives."""

from decimal import Decimal

from src.domain.instrument import Instrument
from src.domain.order import OrderRequest
from src.engine.sizing import initial_margin
from src.exchange.paper.account import PaperState

INSUFFICIENT_MARGIN = "insufficient margin"


def refusal(
    request: OrderRequest, instrument: Instrument | None, state: PaperState, max_leverage: Decimal
) -> str | None:
    """The first reason to reject the order, None when it may rest."""
    if instrument is None:
        return f"{request.symbol} is not traded here"
    return (
        _number_refusal(request, instrument)
        or _side_refusal(request, state.last_price(request.symbol))
        or _account_refusal(request, instrument, state, max_leverage)
    )


def _number_refusal(request: OrderRequest, instrument: Instrument) -> str | None:
    for price in (request.price, request.stop_loss, request.take_profit):
        if price <= 0 or price % instrument.tick_size:
            return f"the price {price} is not a positive multiple of {instrument.tick_size}"
    if request.quantity % instrument.quantity_step:
        return f"the quantity {request.quantity} is not a multiple of {instrument.quantity_step}"
    if not instrument.min_quantity <= request.quantity <= instrument.max_quantity:
        return (
            f"the quantity {request.quantity} is not between {instrument.min_quantity} and "
            f"{instrument.max_quantity}"
        )
    if request.quantity * request.price < instrument.min_notional:
        return f"the order value is below {instrument.min_notional}"
    return None


def _side_refusal(request: OrderRequest, last: Decimal | None) -> str | None:
    """Stop and target on their sides of the entry, and the stop not already traded."""
    sign = int(request.direction)
    if (request.price - request.stop_loss) * sign <= 0:
        return "the stop is not on the losing side of the price"
    if (request.take_profit - request.price) * sign <= 0:
        return "the target is not on the winning side of the price"
    if last is not None and (last - request.stop_loss) * sign <= 0:
        return stop_traded(request.stop_loss, last)
    return None


def stop_traded(stop: Decimal, last: Decimal) -> str:
    """Why an order is rejected whose stop the market is beyond already."""
    return f"the stop {stop} is already traded: the last price is {last}"


def _account_refusal(
    request: OrderRequest, instrument: Instrument, state: PaperState, max_leverage: Decimal
) -> str | None:
    allowed = min(max_leverage, instrument.max_leverage)
    if not 0 < request.leverage <= allowed:
        return f"the leverage {request.leverage} is not between 0 and {allowed}"
    if request.symbol in state.positions or request.symbol in state.entries:
        return f"{request.symbol} already has a position or a resting entry"
    bound = initial_margin(request.quantity * request.price, request.leverage)
    if bound > state.balance().available:
        return INSUFFICIENT_MARGIN
    return None
