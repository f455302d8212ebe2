"""From setup to signal and from fill to trade: plain functions from one frozen fact to the next."""

from dataclasses import replace
from decimal import Decimal

from src.domain.errors import TradingSystemError
from src.domain.order import Fill, FundingPayment, Order, OrderStatus
from src.domain.signal import SetupUpdate, Signal, SignalStatus
from src.domain.trade import Position, Trade, TradeResult, TradeStatus
from src.engine.sizing import EntryPlan

CANCEL_SENTENCES = {
    "stop_traded": "The stop price traded before the entry filled.",
    "zone_inverted": "The zone of the entry was traded through and lost its meaning.",
    "target_traded": "The target price traded before the entry filled.",
    "expired": "The entry was not reached in time.",
}
ENTRY_MISSED = "The entry price traded but the order was not filled, so the setup is over."


def cancel_sentence(cancel_reason: str | None) -> str:
    """The strategy's cancel reason as a sentence for a person."""
    if cancel_reason is None:
        return "The strategy withdrew the setup."
    return CANCEL_SENTENCES.get(cancel_reason, f"The strategy withdrew the setup: {cancel_reason}.")


def refused_signal(identity: str, update: SetupUpdate, refusals: tuple[str, ...]) -> Signal:
    """The signal of a setup that is not taken, with every reason, at the detectors' prices."""
    return Signal(
        signal_id=identity,
        symbol=update.symbol,
        timeframe=update.timeframe,
        model=update.model,
        direction=update.direction,
        status=SignalStatus.REFUSED,
        entry_price=update.entry,
        stop_loss=update.stop,
        take_profit=update.target,
        confluence_score=update.score,
        components=dict(update.components),
        reasons=update.reasons,
        refusals=refusals,
        armed_at=update.armed_at,
        updated_at=update.known_at,
    )


def armed_signal(identity: str, update: SetupUpdate, plan: EntryPlan, note: str | None) -> Signal:
    """The signal of a setup that becomes an order, at the order's prices."""
    return Signal(
        signal_id=identity,
        symbol=update.symbol,
        timeframe=update.timeframe,
        model=update.model,
        direction=update.direction,
        status=SignalStatus.ARMED,
        entry_price=float(plan.entry),
        stop_loss=float(plan.stop),
        take_profit=float(plan.target),
        confluence_score=update.score,
        components=dict(update.components),
        reasons=update.reasons if note is None else (*update.reasons, note),
        refusals=(),
        armed_at=update.armed_at,
        updated_at=update.known_at,
    )


def signal_as(signal: Signal, status: SignalStatus, time: int, *refusals: str) -> Signal:
    """The signal in a later status; `refusals` say why it did not become a trade."""
    return Signal(
        signal.signal_id,
        signal.symbol,
        signal.timeframe,
        signal.model,
        signal.direction,
        status,
        signal.entry_price,
        signal.stop_loss,
        signal.take_profit,
        signal.confluence_score,
        signal.components,
        signal.reasons,
        refusals,
        signal.armed_at,
        time,
    )


def rejection_sentence(why: str) -> str:
    """The venue's refusal as a sentence for a person."""
    return f"The exchange refused the order: {why}"


def signal_of_ended_order(signal: Signal, order: Order, time: int) -> Signal:
    """The signal whose order the venue rejected or cancelled by itself, in the venue's words."""
    why = order.reason or "no reason was given"
    if order.status is OrderStatus.REJECTED:
        return signal_as(signal, SignalStatus.REFUSED, time, rejection_sentence(why))
    sentence = f"The exchange cancelled the order: {why}"
    return signal_as(signal, SignalStatus.CANCELLED, time, sentence)


def open_trade(order: Order, fill: Fill, risk_amount: Decimal) -> Trade:
    """The trade an entry fill starts, with the stop and target it was born with."""
    request = order.request
    return Trade(
        order_link_id=request.order_link_id,
        signal_id=request.signal_id,
        symbol=request.symbol,
        direction=request.direction,
        status=TradeStatus.OPEN,
        quantity=fill.quantity,
        entry_price=fill.price,
        stop_loss=request.stop_loss,
        take_profit=request.take_profit,
        risk_amount=risk_amount,
        entry_time=fill.time,
        fees=fill.fee,
        funding=Decimal(0),
        slippage=fill.slippage,
    )


def fund_trade(trade: Trade, payment: FundingPayment) -> Trade:
    """The trade after funding was exchanged; of a closed one the result changes too."""
    funding = trade.funding + payment.amount
    if trade.status is TradeStatus.OPEN:
        return replace(trade, funding=funding)
    return replace(trade, funding=funding, realized_pnl=trade.realized_pnl + payment.amount)


def follow_protection(trade: Trade, position: Position) -> Trade:
    """The trade with the stop and target its position has at the venue.

    A level that the venue does not watch is a breach or a wish, no move: the trade keeps its own.
    """
    if (trade.symbol, trade.direction) != (position.symbol, position.direction):
        return trade
    stop, target = position.stop_loss or trade.stop_loss, position.take_profit or trade.take_profit
    if (stop, target) == (trade.stop_loss, trade.take_profit):
        return trade
    return replace(trade, stop_loss=stop, take_profit=target)


def result_of(trade: Trade, closed_at: int) -> TradeResult:
    """What a closed trade means to the guards. `closed_at` is UTC ms market time."""
    return TradeResult(trade.order_link_id, closed_at, trade.realized_pnl / trade.risk_amount)


def close_trade(trade: Trade, fill: Fill) -> Trade:
    """The finished trade. Gross is price difference at the fill prices, slippage already in it.

    Raises TradingSystemError when the fill is not for the whole position: half-closed trades do
    not exist here, and guessing would falsify the ledger.
    """
    if fill.quantity != trade.quantity:
        raise TradingSystemError(
            f"{trade.order_link_id}: the exit of {fill.quantity} does not match the position of "
            f"{trade.quantity}; compare the exchange's executions with the ledger."
        )
    gross = (fill.price - trade.entry_price) * trade.quantity * int(trade.direction)
    fees = trade.fees + fill.fee
    return Trade(
        trade.order_link_id,
        trade.signal_id,
        trade.symbol,
        trade.direction,
        TradeStatus.CLOSED,
        trade.quantity,
        trade.entry_price,
        trade.stop_loss,
        trade.take_profit,
        trade.risk_amount,
        trade.entry_time,
        fees,
        trade.funding,
        trade.slippage + fill.slippage,
        exit_price=fill.price,
        exit_time=fill.time,
        exit_reason=fill.reason,
        gross_pnl=gross,
        realized_pnl=gross - fees + trade.funding,
        ambiguous=fill.ambiguous,
    )
