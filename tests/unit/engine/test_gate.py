"""Guards in the engine: a refusal like any other, and the close that trips one says so."""

from dataclasses import replace
from decimal import Decimal

from src.domain.candle import Tick
from src.domain.events import EntryIntended, SignalChanged, TradeClosed
from src.domain.order import FillReason, Order, OrderStatus
from src.domain.signal import SetupUpdate
from src.engine import Engine, GuardSettings
from src.engine.gate import QUOTE_AGE_MS
from src.engine.guards import OpenRisk
from tests.unit.engine.builders import (
    EMPTY_BOOK,
    FIVE_MINUTES,
    INSTRUMENTS,
    NOON,
    SETTINGS,
    account,
    fill_of,
    request,
    setup,
)

GUARDS = GuardSettings(
    daily_loss_limit=Decimal("0.5"),
    max_open_risk=Decimal("0.015"),
    max_entry_distance=Decimal("0.02"),
    max_spread=Decimal("0.001"),
)


def guarded() -> Engine:
    trader = Engine(SETTINGS, INSTRUMENTS, "paper", EMPTY_BOOK, GUARDS)
    for symbol, price in (("BTCUSDT", 50_100), ("ETHUSDT", 3_010)):
        trader.mark(symbol, Decimal(price))
    return trader


def refusals(trader: Engine, update: SetupUpdate, now: int = NOON) -> tuple[str, ...]:
    (change,) = trader.on_setup(update, account(), now)
    assert isinstance(change, SignalChanged)
    return change.signal.refusals


def quote(bid: float, ask: float, time: int = NOON) -> Tick:
    return Tick("BTCUSDT", time, bid, bid, bid, ask, 0.0, 0)


def test_the_close_that_trips_a_guard_says_so_and_the_next_setup_is_refused() -> None:
    trader = guarded()
    (_, intent) = trader.on_setup(setup(), account(), NOON)
    assert isinstance(intent, EntryIntended)
    trader.on_fill(fill_of(intent.request))
    later = NOON + FIVE_MINUTES
    (closed,) = trader.on_fill(fill_of(intent.request, FillReason.STOP, "49800.0", time=later))
    assert isinstance(closed, TradeClosed)
    assert [trip.guard for trip in closed.tripped] == ["daily_loss"]
    assert trader.gate.blocked(later) == closed.tripped[0].sentence
    assert refusals(trader, setup(armed_at=later), later) == (closed.tripped[0].sentence,)


def test_resting_entries_count_as_open_risk() -> None:
    trader = guarded()
    trader.on_setup(setup(), account(), NOON)
    ether = setup(symbol="ETHUSDT", entry=3000.0, stop=2900.0, target=3300.0)
    (sentence,) = refusals(trader, ether)
    assert "the open-risk limit is 15.00 (1.5 % of equity)" in sentence


def test_an_entry_of_a_contract_no_longer_traded_counts_with_what_lies_between_its_prices() -> None:
    book = replace(EMPTY_BOOK, live_orders=(Order(request(), OrderStatus.ACCEPTED),))
    without = {"ETHUSDT": INSTRUMENTS["ETHUSDT"]}
    trader = Engine(SETTINGS, without, "paper", book, GUARDS)
    assert trader.gate.open_risk(Decimal(1000)).used == Decimal("6.0")


def test_the_open_risk_is_told_with_the_most_it_may_be() -> None:
    """The guard's limit, or every position at its full risk where that is less."""
    trader = guarded()
    assert trader.gate.open_risk(Decimal(1000)) == OpenRisk(Decimal(0), Decimal("15.000"))
    trader.on_setup(setup(), account(), NOON)
    assert Decimal(5) < trader.gate.open_risk(Decimal(1000)).used <= Decimal(10)
    unguarded = Engine(SETTINGS, INSTRUMENTS, "paper", EMPTY_BOOK)
    most = SETTINGS.max_positions * SETTINGS.risk_per_trade
    assert unguarded.gate.open_risk(Decimal(1000)).limit == most * 1000
    assert unguarded.gate.open_risk(Decimal(-5)).limit == 0


def test_an_entry_far_from_the_market_is_refused() -> None:
    far = setup(entry=48_000, stop=47_800, target=49_000)
    (sentence,) = refusals(guarded(), far)
    assert sentence.startswith("The entry lies 4.19 % away from the last price")


def test_a_wide_spread_refuses_entries_until_it_is_narrow_or_forgotten() -> None:
    trader = guarded()
    trader.gate.quote(quote(50_000, 50_100))
    (sentence,) = refusals(trader, setup())
    assert sentence == "The spread of BTCUSDT is 0.2 %; the limit is 0.1 %."
    (again,) = refusals(trader, setup(armed_at=NOON + QUOTE_AGE_MS), NOON + QUOTE_AGE_MS)
    assert again == sentence
    later = NOON + FIVE_MINUTES
    assert len(trader.on_setup(setup(armed_at=later), account(), later)) == 2
