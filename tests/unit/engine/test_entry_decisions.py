from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.events import CancelIntended, Change, EntryIntended, OrderChanged, SignalChanged
from src.domain.order import Direction, Order, OrderKind, OrderRequest, OrderStatus
from src.domain.signal import SetupEvent, SetupUpdate, Signal, SignalStatus
from src.domain.trade import Balance
from src.engine import Engine
from tests.unit.engine.builders import (
    FIVE_MINUTES,
    NOON,
    SETTINGS,
    account,
    engine,
    fill_of,
    setup,
)


def signal_in(changes: list[Change]) -> Signal:
    (signal,) = [change.signal for change in changes if isinstance(change, SignalChanged)]
    return signal


def intended(changes: list[Change]) -> OrderRequest:
    (entry,) = [change.request for change in changes if isinstance(change, EntryIntended)]
    return entry


def refusals(
    trader: Engine, update: SetupUpdate, balance: Balance | None = None, now: int = NOON
) -> tuple[str, ...]:
    changes = trader.on_setup(update, balance or account(), now)
    assert len(changes) == 1
    assert signal_in(changes).status is SignalStatus.REFUSED
    return signal_in(changes).refusals


def test_an_armed_setup_becomes_a_signal_and_an_entry_with_stop_and_target() -> None:
    changes = engine().on_setup(setup(), account(), NOON)
    signal, entry = signal_in(changes), intended(changes)
    assert signal.status is SignalStatus.ARMED
    assert signal.components == {"sweep": 40.0, "fvg": 32.0}
    assert signal.reasons == ("Sell-side liquidity was swept.",)
    assert entry.signal_id == signal.signal_id
    prices = (entry.price, entry.stop_loss, entry.take_profit)
    assert prices == (Decimal(50_000), Decimal(49_800), Decimal(50_600))
    assert (entry.quantity, entry.leverage) == (Decimal("0.038"), Decimal(10))
    assert entry.placed_at == NOON


def test_the_signal_is_stored_before_its_order() -> None:
    kinds = [type(change) for change in engine().on_setup(setup(), account(), NOON)]
    assert kinds == [SignalChanged, EntryIntended]


def test_a_setup_the_strategy_refused_is_kept_with_its_reasons() -> None:
    update = setup(SetupEvent.REFUSED, refusals=("RR below 2.", "Score 40 below 60."))
    assert refusals(engine(), update) == ("RR below 2.", "Score 40 below 60.")


def test_the_same_setup_is_not_taken_twice() -> None:
    trader = engine()
    trader.on_setup(setup(), account(), NOON)
    assert trader.on_setup(setup(), account(), NOON) == []


def test_paused_entries_are_refused_until_resumed() -> None:
    trader = engine()
    trader.blocks.pause("ledger", "the ledger and the exchange disagree.")
    assert refusals(trader, setup()) == (
        "New entries are paused: the ledger and the exchange disagree.",
    )
    trader.blocks.resume("ledger")
    assert intended(trader.on_setup(setup(), account(), NOON))


def test_a_setup_a_candle_old_is_refused_because_the_market_moved_on() -> None:
    late = NOON + 5 * FIVE_MINUTES
    assert refusals(engine(), setup(), now=late) == (
        "The market moved on while the monitor was away: this setup was known 25 minutes ago.",
    )


def test_a_setup_younger_than_a_candle_is_taken() -> None:
    changes = engine().on_setup(setup(), account(), NOON + FIVE_MINUTES - 1)
    assert intended(changes).placed_at == NOON + FIVE_MINUTES - 1


def test_one_resting_entry_per_symbol() -> None:
    trader = engine()
    trader.on_setup(setup(), account(), NOON)
    other = setup(direction=Direction.SHORT, entry=50_000, stop=50_200, target=49_000)
    assert refusals(trader, other) == ("BTCUSDT already has a resting entry.",)


def test_one_open_trade_per_symbol() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    trader.on_fill(fill_of(entry))
    later = setup(armed_at=NOON + FIVE_MINUTES)
    assert refusals(trader, later, now=NOON + FIVE_MINUTES) == (
        "BTCUSDT already has an open trade.",
    )


def test_resting_entries_and_open_trades_both_count_as_positions() -> None:
    trader = engine(settings=replace(SETTINGS, max_positions=2))
    first = intended(trader.on_setup(setup(), account(), NOON))
    trader.on_fill(fill_of(first))
    ether = setup(symbol="ETHUSDT", entry=3000.0, stop=2900.0, target=3300.0)
    trader.on_setup(ether, account(), NOON)
    solana = setup(symbol="SOLUSDT", entry=150.0, stop=145.0, target=165.0)
    assert refusals(trader, solana) == (
        "2 of 2 positions are taken; open trades and resting entries both count.",
    )


def test_all_refusals_are_given_at_once() -> None:
    trader = engine(settings=replace(SETTINGS, max_positions=1))
    trader.on_setup(setup(), account(), NOON)
    trader.blocks.pause("upkeep", "maintenance.")
    bad = setup(armed_at=NOON - FIVE_MINUTES, entry=50_000, stop=50_100)
    assert len(refusals(trader, bad)) == 5


def test_an_unknown_symbol_is_refused() -> None:
    assert refusals(engine(), setup(symbol="DOGEUSDT")) == (
        "DOGEUSDT is not among the instruments traded here.",
    )


def test_total_notional_stays_under_the_leverage_limit() -> None:
    """A second trade gets only what the first left, and its signal says so."""
    trader = engine(settings=replace(SETTINGS, max_leverage=Decimal(2)))
    intended(trader.on_setup(setup(), account(), NOON))
    ether = setup(symbol="ETHUSDT", entry=3000.0, stop=2990.0, target=3030.0)
    changes = trader.on_setup(ether, account(available="5000"), NOON)
    assert intended(changes).quantity == Decimal("0.03")
    assert signal_in(changes).reasons[-1] == ("The size was reduced by the leverage limit of 2x.")


def test_open_trades_count_toward_the_leverage_limit_too() -> None:
    trader = engine(settings=replace(SETTINGS, max_leverage=Decimal(2)))
    trader.on_fill(fill_of(intended(trader.on_setup(setup(), account(), NOON))))
    ether = setup(symbol="ETHUSDT", entry=3000.0, stop=2990.0, target=3030.0)
    changes = trader.on_setup(ether, account(available="5000"), NOON)
    assert intended(changes).quantity == Decimal("0.03")


def test_margin_of_an_order_the_venue_has_not_seen_is_not_spent_twice() -> None:
    """187.1 is free; the first order, still pending, will bind 185 of it."""
    trader = engine()
    intended(trader.on_setup(setup(), account(available="187.1"), NOON))
    ether = setup(symbol="ETHUSDT", entry=3000.0, stop=2990.0, target=3030.0)
    (refusal,) = refusals(trader, ether, account(available="187.1"))
    assert "free margin" in refusal


def test_the_size_follows_the_equity_of_this_instant() -> None:
    small = intended(engine().on_setup(setup(), account("500"), NOON))
    large = intended(engine().on_setup(setup(), account("2000"), NOON))
    assert (small.quantity, large.quantity) == (Decimal("0.019"), Decimal("0.076"))


def test_a_market_entry_is_sized_for_slippage_on_both_sides() -> None:
    market = setup(kind=OrderKind.MARKET)
    entry = intended(engine().on_setup(market, account(), NOON))
    assert entry.kind is OrderKind.MARKET
    assert entry.quantity == Decimal("0.037")


@pytest.mark.parametrize(
    ("cancel_reason", "sentence"),
    [
        ("stop_traded", "The stop price traded before the entry filled."),
        ("target_traded", "The target price traded before the entry filled."),
        ("expired", "The entry was not reached in time."),
        ("zone_inverted", "The zone of the entry was traded through and lost its meaning."),
        ("newly_invented", "The strategy withdrew the setup: newly_invented."),
        (None, "The strategy withdrew the setup."),
    ],
)
def test_a_cancelled_setup_withdraws_its_resting_entry(
    cancel_reason: str | None, sentence: str
) -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    later = setup(SetupEvent.CANCELLED, known_at=NOON + FIVE_MINUTES, cancel_reason=cancel_reason)
    changes = trader.on_setup(later, account(), NOON + FIVE_MINUTES)
    assert changes[0] == CancelIntended(entry.order_link_id, sentence)
    signal = signal_in(changes)
    assert (signal.status, signal.refusals) == (SignalStatus.CANCELLED, (sentence,))
    assert signal.updated_at == NOON + FIVE_MINUTES


def test_withdrawing_twice_changes_nothing() -> None:
    trader = engine()
    trader.on_setup(setup(), account(), NOON)
    trader.on_setup(setup(SetupEvent.CANCELLED), account(), NOON)
    assert trader.on_setup(setup(SetupEvent.CANCELLED), account(), NOON) == []


def test_a_setup_that_ends_after_its_entry_filled_changes_nothing() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    trader.on_fill(fill_of(entry))
    for event in (SetupEvent.TRIGGERED, SetupEvent.CANCELLED):
        assert trader.on_setup(setup(event), account(), NOON) == []


def test_a_setup_that_triggered_without_a_fill_does_not_block_its_symbol_for_ever() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    changes = trader.on_setup(setup(SetupEvent.TRIGGERED), account(), NOON)
    assert isinstance(changes[0], CancelIntended)
    trader.on_order(Order(entry, OrderStatus.CANCELLED), NOON)
    assert trader.resting_orders == ()


def test_events_of_setups_armed_before_the_start_are_ignored() -> None:
    for event in (SetupEvent.TRIGGERED, SetupEvent.CANCELLED):
        assert engine().on_setup(setup(event), account(), NOON) == []


def test_a_fill_that_overtakes_its_withdrawal_opens_the_trade() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    trader.on_setup(setup(SetupEvent.CANCELLED), account(), NOON)
    signal = signal_in(trader.on_fill(fill_of(entry)))
    assert (signal.status, signal.refusals) == (SignalStatus.FILLED, ())


def test_acceptance_is_recorded_once() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    accepted = Order(entry, OrderStatus.ACCEPTED)
    assert trader.on_order(accepted, NOON) == [OrderChanged(accepted)]
    assert trader.on_order(accepted, NOON) == []


def test_a_rejected_order_refuses_its_signal_with_the_exchanges_words() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    rejected = Order(entry, OrderStatus.REJECTED, "insufficient margin")
    changes = trader.on_order(rejected, NOON)
    assert changes[0] == OrderChanged(rejected)
    signal = signal_in(changes)
    assert signal.status is SignalStatus.REFUSED
    assert signal.refusals == ("The exchange refused the order: insufficient margin",)
    assert trader.resting_orders == ()


def test_an_order_the_exchange_cancelled_by_itself_cancels_its_signal() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    changes = trader.on_order(Order(entry, OrderStatus.CANCELLED, "delisted"), NOON)
    assert signal_in(changes).refusals == ("The exchange cancelled the order: delisted",)


def test_the_confirmation_of_a_withdrawal_changes_the_order_only() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    trader.on_setup(setup(SetupEvent.CANCELLED), account(), NOON)
    cancelled = Order(entry, OrderStatus.CANCELLED, "withdrawn on request")
    assert trader.on_order(cancelled, NOON) == [OrderChanged(cancelled)]


def test_a_filled_status_waits_for_the_fill() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    assert trader.on_order(Order(entry, OrderStatus.FILLED), NOON) == []
    assert len(trader.resting_orders) == 1


def test_words_about_foreign_orders_are_ignored() -> None:
    trader = engine()
    entry = intended(trader.on_setup(setup(), account(), NOON))
    foreign = replace(entry, order_link_id="somebody-elses")
    assert trader.on_order(Order(foreign, OrderStatus.CANCELLED), NOON) == []
    assert trader.on_fill(fill_of(foreign)) == []
