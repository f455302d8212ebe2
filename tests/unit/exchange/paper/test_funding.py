from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.candle import Candle, Tick
from src.domain.order import Direction, FundingPayment, OrderKind
from src.exchange.paper import PaperBroker, TradingCosts
from src.exchange.paper.costs import funding_amount
from tests.unit.exchange.paper.venue import (
    FREE,
    START,
    STEP,
    candle,
    entry,
    instrument,
    mirrored,
    payments,
    tick,
    venue,
)

FUNDING = START + 48 * STEP
"""16:00 UTC: the close of candle 47 and the open of candle 48."""

RATED = TradingCosts(taker_fee_rate=Decimal(0), maker_fee_rate=Decimal(0), slippage_rate=Decimal(0))
FLAT = (100, 101, 99, 100)


def holding(costs: TradingCosts = RATED, opened_in: int = 46) -> PaperBroker:
    """A long of one unit at 100, opened at the open of a candle."""
    broker = venue(costs)
    broker.submit(entry(kind=OrderKind.MARKET))
    broker.observe(candle(opened_in, FLAT))
    broker.drain()
    return broker


def test_a_long_pays_a_positive_rate_at_the_close_that_reaches_the_funding_time() -> None:
    broker = holding()
    assert payments(broker, [candle(47, (100, 106, 99, 105))]) == [
        FundingPayment(
            f"order-1-funding-{FUNDING}",
            "order-1",
            "BTCUSDT",
            Decimal("0.0001"),
            Decimal("-0.0105"),
            FUNDING,
        )
    ]
    assert broker.balance().wallet == Decimal("999.9895")


def test_a_short_receives_a_positive_rate() -> None:
    broker = venue(RATED)
    broker.submit(mirrored(entry(kind=OrderKind.MARKET)))
    (payment,) = payments(broker, [candle(47, FLAT)])
    assert payment.amount == Decimal("0.01")


def test_a_position_opened_at_the_funding_time_is_not_charged() -> None:
    broker = venue(RATED)
    broker.submit(entry(kind=OrderKind.MARKET, placed_at=FUNDING))
    assert payments(broker, [candle(47, FLAT), candle(48, FLAT), candle(49, FLAT)]) == []


def test_a_position_closed_before_the_funding_time_is_not_charged() -> None:
    assert payments(holding(), [candle(47, (100, 101, 94, 95))]) == []


def test_every_funding_time_of_a_gap_is_charged_once() -> None:
    paid = payments(holding(), [candle(150, FLAT), candle(151, FLAT)])
    assert [payment.time for payment in paid] == [FUNDING, FUNDING + 96 * STEP]


def test_a_restart_neither_repeats_nor_forgets_a_funding_time() -> None:
    broker = holding()
    before = venue(RATED, broker.snapshot())
    assert len(payments(before, [candle(47, FLAT)])) == 1
    after = venue(RATED, before.snapshot())
    assert payments(after, [candle(47, FLAT), candle(48, FLAT)]) == []


def test_a_candle_and_ticks_around_the_funding_time_charge_it_once() -> None:
    facts: list[Candle | Tick] = [
        tick(47 * STEP + 100, 100.0),
        tick(48 * STEP + 10, 100.0, funding_at=FUNDING + 96 * STEP),
        candle(47, FLAT),
        tick(48 * STEP + 900, 100.0, funding_at=FUNDING + 96 * STEP),
    ]
    assert [payment.time for payment in payments(holding(), facts)] == [FUNDING]


def test_the_streamed_rate_and_mark_price_are_used() -> None:
    facts: list[Candle | Tick] = [
        tick(47 * STEP + 100, 100.0, mark=102.0, rate=-0.0005),
        tick(48 * STEP, 100.0, mark=102.0, rate=0.0009, funding_at=FUNDING + 96 * STEP),
    ]
    (payment,) = payments(holding(), facts)
    assert (payment.rate, payment.amount) == (Decimal("-0.0005"), Decimal("0.051"))


def test_a_streamed_rate_is_not_kept_for_the_next_interval() -> None:
    facts: list[Candle | Tick] = [
        tick(47 * STEP + 100, 100.0, rate=0.005),
        candle(47, FLAT),
        candle(143, FLAT),
    ]
    assert [payment.rate for payment in payments(holding(), facts)] == [
        Decimal("0.005"),
        Decimal("0.0001"),
    ]


def test_a_schedule_announced_early_skips_nothing() -> None:
    """The exchange may show the next interval a moment before the crossing."""
    facts: list[Candle | Tick] = [
        tick(48 * STEP - 5, 100.0, funding_at=FUNDING + 96 * STEP),
        tick(48 * STEP + 5, 100.0, funding_at=FUNDING + 96 * STEP),
    ]
    assert [payment.time for payment in payments(holding(), facts)] == [FUNDING]


def test_a_schedule_announced_late_repeats_nothing() -> None:
    """A moment after the crossing the stream may still show the time that has passed."""
    facts = [tick(48 * STEP - 5, 100.0), tick(48 * STEP + 5, 100.0), tick(48 * STEP + 9, 100.0)]
    assert [payment.time for payment in payments(holding(), facts)] == [FUNDING]


def test_a_shorter_streamed_interval_is_followed() -> None:
    hour = 12 * STEP
    facts: list[Candle | Tick] = [
        tick(46 * STEP + STEP, 100.0, funding_at=FUNDING),
        tick(48 * STEP + 1, 100.0, funding_at=FUNDING + hour),
        tick(60 * STEP + 1, 100.0, funding_at=FUNDING + 2 * hour),
    ]
    assert [payment.time for payment in payments(holding(), facts)] == [FUNDING, FUNDING + hour]


@pytest.mark.parametrize(
    ("minutes", "rate"), [(480, "0.0001"), (240, "0.00005"), (60, "0.0000125")]
)
def test_the_configured_rate_is_for_eight_hours(minutes: int, rate: str) -> None:
    rules = replace(instrument(), funding_interval_minutes=minutes)
    assert RATED.interval_funding_rate(rules) == Decimal(rate)


def test_funding_is_rounded_against_the_account() -> None:
    """0.010000001 is paid as 0.01000001 and received as 0.01."""
    value, rate = Decimal("100.00001"), Decimal("0.0001")
    assert funding_amount(Direction.LONG, value, rate) == Decimal("-0.01000001")
    assert funding_amount(Direction.SHORT, value, rate) == Decimal("0.01000000")


def test_without_a_rate_nothing_changes_hands() -> None:
    broker = holding(FREE)
    (payment,) = payments(broker, [candle(47, FLAT)])
    assert payment.amount == 0
