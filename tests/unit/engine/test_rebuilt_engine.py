"""An engine rebuilt from the ledger decides exactly as if it had never stopped."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import repeat
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from src.domain.order import OrderKind, OrderStatus
from src.domain.signal import SignalStatus
from src.domain.trade import TradeStatus
from src.engine.portfolio import Portfolio
from src.exchange.paper.account import PaperState
from src.exchange.paper.state import load_state
from tests.unit.engine.builders import INSTRUMENTS, SETTINGS
from tests.unit.engine.driver import Worker, random_market, trade_through
from tests.unit.engine.ledger import LIVE, MemoryLedger

BARS = 110
SEEDS = st.integers(min_value=0, max_value=2**32)


def fates_of(seed: int, chance: float) -> Iterator[bool]:
    dice = Random(seed)
    while True:
        yield dice.random() < chance


def uninterrupted(seed: int) -> MemoryLedger:
    ledger, deaths = trade_through(random_market(seed, BARS), repeat(False))
    assert deaths == 0
    return ledger


def venue_of(ledger: MemoryLedger) -> PaperState:
    assert ledger.venue_state is not None
    return load_state(ledger.venue_state)


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.sampled_from([0.01, 0.05, 0.2]))
def test_a_process_killed_anywhere_trades_as_if_it_had_lived(seed: int, chance: float) -> None:
    """Same trades, orders, signals and venue, to the last digit, whatever the moment of death."""
    expected = uninterrupted(seed)
    ledger, _ = trade_through(random_market(seed, BARS), fates_of(seed, chance))
    assert venue_of(ledger) == venue_of(expected)
    assert replace(ledger, venue_state=None) == replace(expected, venue_state=None)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_a_living_engine_remembers_what_a_restart_would_read(seed: int) -> None:
    """No more, because it would decide differently, and no less."""
    worker = Worker(MemoryLedger(), repeat(False))
    worker.run(random_market(seed, BARS))
    living, rebuilt = worker.engine._portfolio, Portfolio(worker.ledger.load_book())
    assert living.trades == rebuilt.trades
    assert living.orders == rebuilt.orders
    assert living.signals == rebuilt.signals
    assert living.booked >= rebuilt.booked


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_the_ledger_and_the_venue_agree_on_the_money(seed: int) -> None:
    """wallet = initial + gross - fees + funding over all trades, open ones included."""
    ledger = uninterrupted(seed)
    trades = ledger.trades.values()
    booked = sum((t.gross_pnl - t.fees + t.funding for t in trades), Decimal(0))
    assert venue_of(ledger).wallet == Decimal(1000) + booked
    closed = [trade for trade in trades if trade.status is TradeStatus.CLOSED]
    assert all(t.realized_pnl == t.gross_pnl - t.fees + t.funding for t in closed)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_signals_orders_and_trades_tell_one_story(seed: int) -> None:
    ledger = uninterrupted(seed)
    traded = {trade.signal_id for trade in ledger.trades.values()}
    live = {o.request.signal_id for o in ledger.orders.values() if o.status in LIVE}
    for name, signal in ledger.signals.items():
        assert (signal.status is SignalStatus.FILLED) == (name in traded)
        assert (signal.status is SignalStatus.ARMED) == (name in live)
        assert bool(signal.refusals) == (name not in traded | live)
    filled = {n for n, order in ledger.orders.items() if order.status is OrderStatus.FILLED}
    assert filled == set(ledger.trades)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_a_resting_entry_stopped_at_its_stop_loses_at_most_its_risk(seed: int) -> None:
    """Costs of the real venue included; funding, and stops the market jumped over, aside."""
    ledger = uninterrupted(seed)
    for trade in ledger.trades.values():
        order = ledger.orders[trade.order_link_id].request
        if trade.exit_price is None or order.kind is OrderKind.MARKET:
            continue
        beyond_stop = (trade.stop_loss - trade.exit_price) * int(trade.direction)
        tick = INSTRUMENTS[trade.symbol].tick_size
        if beyond_stop <= trade.stop_loss * SETTINGS.slippage_rate + tick:
            assert trade.realized_pnl - trade.funding >= -trade.risk_amount


def test_the_random_market_exercises_what_it_should() -> None:
    """Fills, stops, targets, withdrawals and refusals all occur, and so do deaths."""
    ledger, deaths = trade_through(random_market(7, 600), fates_of(7, 0.05))
    statuses = {signal.status for signal in ledger.signals.values()}
    assert statuses >= {SignalStatus.FILLED, SignalStatus.CANCELLED, SignalStatus.REFUSED}
    reasons = {t.exit_reason.value for t in ledger.trades.values() if t.exit_reason}
    assert reasons == {"stop", "target"}
    assert any(trade.funding for trade in ledger.trades.values())
    assert deaths > 50
