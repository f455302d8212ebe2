"""Funding: every funding time is charged exactly once, however facts arrive.

Each symbol carries the next funding time not yet charged. Whatever crosses it (a tick, a candle,
the first fact after a gap or a restart) charges it and moves on, so no time is charged twice or
forgotten. Positions opened before the crossing fact pay or receive; the value is taken at the mark
price seen last.
"""

from decimal import Decimal

from src.domain.candle import MINUTE_MS, Tick
from src.domain.instrument import Instrument
from src.domain.order import FundingPayment
from src.exchange.paper.account import PaperState, SymbolMarket
from src.exchange.paper.costs import TradingCosts, funding_amount


def charge_funding(
    state: PaperState, instrument: Instrument, costs: TradingCosts, until: int
) -> None:
    """Charge every funding time up to and including `until` (UTC ms)."""
    market = state.market(instrument.symbol)
    interval = instrument.funding_interval_minutes * MINUTE_MS
    if market.funding_at is None:
        market.funding_at = until - until % interval + interval
    while market.funding_at <= until:
        rate = market.funding_rate
        if rate is None:
            rate = costs.interval_funding_rate(instrument)
        _exchange(state, instrument.symbol, rate, market.funding_at)
        market.funding_at += interval
        market.funding_rate = None


def expect_funding(market: SymbolMarket, tick: Tick) -> None:
    """Take the streamed rate, and the streamed time when it comes sooner than expected.

    A later streamed time is not believed: exchanges announce the next interval around the
    crossing, and believing them early would skip a payment.
    """
    if tick.next_funding_time <= tick.time:
        return
    if market.funding_at is None or tick.next_funding_time < market.funding_at:
        market.funding_at = tick.next_funding_time
    if tick.next_funding_time == market.funding_at:
        market.funding_rate = Decimal(repr(tick.funding_rate))


def _exchange(state: PaperState, symbol: str, rate: Decimal, time: int) -> None:
    position = state.positions.get(symbol)
    if position is None:
        return
    mark = state.market(symbol).mark
    price = position.entry_price if mark is None else Decimal(repr(mark))
    request = position.request
    amount = funding_amount(request.direction, request.quantity * price, rate)
    state.wallet += amount
    state.reports.append(
        FundingPayment(
            execution_id=f"{request.order_link_id}-funding-{time}",
            order_link_id=request.order_link_id,
            symbol=symbol,
            rate=rate,
            amount=amount,
            time=time,
        )
    )
