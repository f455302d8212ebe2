"""Fills on closed candles: ict-spec section 14 with prices, fees, times and money."""

from dataclasses import replace
from decimal import Decimal

import pytest

from src.domain.candle import Candle
from src.domain.order import FillReason, OrderKind, OrderStatus
from tests.unit.exchange.paper.venue import (
    FREE,
    SHORT,
    START,
    STEP,
    USUAL,
    candle,
    entry,
    mirrored,
    show,
    upside_down,
    venue,
)

Prices = tuple[float, float, float, float]
Expected = list[tuple[str, float, int, bool]]

QUIET: Prices = (102, 103, 101, 102)
FILLING: Prices = (102, 103, 99, 101)
LAST_INSTANT = STEP - 1

SPECIFICATION: list[tuple[str, list[Prices], Expected]] = [
    ("price never reaches the limit", [QUIET, QUIET], []),
    ("the limit is only touched", [(102, 103, 100, 102)], []),
    ("the limit is traded through", [FILLING], [("entry", 100.0, LAST_INSTANT, False)]),
    (
        "a resting limit is gapped: the better open",
        [QUIET, (98, 103, 97, 99)],
        [("entry", 98.0, STEP, False)],
    ),
    (
        "the stop is traded in the fill bar",
        [(102, 103, 94, 96)],
        [("entry", 100.0, LAST_INSTANT, False), ("stop", 95.0, LAST_INSTANT, False)],
    ),
    (
        "the open is beyond entry and stop: in and out at the open",
        [QUIET, (94, 96, 93, 95)],
        [("entry", 94.0, STEP, False), ("stop", 94.0, STEP, False)],
    ),
    (
        "the target is out of reach of the fill bar",
        [(102, 111, 99, 105), (105, 109, 104, 108)],
        [("entry", 100.0, LAST_INSTANT, False)],
    ),
    (
        "the target in the bar after",
        [FILLING, (101, 110.1, 100, 110)],
        [("entry", 100.0, LAST_INSTANT, False), ("target", 110.0, STEP + LAST_INSTANT, False)],
    ),
    (
        "the target is only touched",
        [FILLING, (101, 110, 100, 110)],
        [("entry", 100.0, LAST_INSTANT, False)],
    ),
    (
        "the target is gapped: the better open",
        [FILLING, (112, 113, 111, 112)],
        [("entry", 100.0, LAST_INSTANT, False), ("target", 112.0, STEP, False)],
    ),
    (
        "the stop is touched",
        [FILLING, (101, 102, 95, 96)],
        [("entry", 100.0, LAST_INSTANT, False), ("stop", 95.0, STEP + LAST_INSTANT, False)],
    ),
    (
        "the stop is gapped: the worse open",
        [FILLING, (93, 94, 92, 93)],
        [("entry", 100.0, LAST_INSTANT, False), ("stop", 93.0, STEP, False)],
    ),
    (
        "stop and target in one bar: the stop, marked",
        [FILLING, (101, 111, 94, 100)],
        [("entry", 100.0, LAST_INSTANT, False), ("stop", 95.0, STEP + LAST_INSTANT, True)],
    ),
    (
        "a closed trade stays closed",
        [FILLING, (101, 111, 100, 111), (111, 120, 90, 100)],
        [("entry", 100.0, LAST_INSTANT, False), ("target", 110.0, STEP + LAST_INSTANT, False)],
    ),
]

CASES = pytest.mark.parametrize(
    ("bars", "expected"),
    [pytest.param(bars, fills, id=name) for name, bars, fills in SPECIFICATION],
)


def candles(bars: list[Prices]) -> list[Candle]:
    return [candle(number, prices) for number, prices in enumerate(bars)]


@CASES
def test_a_long_limit_at_100_stop_95_target_110(bars: list[Prices], expected: Expected) -> None:
    broker = venue()
    broker.submit(entry())
    fills = show(broker, candles(bars))
    assert [
        (f.reason.value, float(f.price), f.time - START, f.ambiguous) for f in fills
    ] == expected


@CASES
def test_a_short_is_a_long_upside_down(bars: list[Prices], expected: Expected) -> None:
    broker = venue()
    broker.submit(mirrored(entry()))
    fills = show(broker, map(upside_down, candles(bars)))
    assert [
        (f.reason.value, float(200 - f.price), f.time - START, f.ambiguous) for f in fills
    ] == expected
    assert all(fill.direction is SHORT for fill in fills)


def test_a_resting_limit_pays_the_maker_fee_and_a_target_the_takers_without_slippage() -> None:
    broker = venue(USUAL)
    broker.submit(entry())
    fills = show(broker, candles([FILLING, (101, 111, 100, 110)]))
    assert [(f.is_maker, f.fee, f.slippage) for f in fills] == [
        (True, Decimal("0.02000000"), Decimal(0)),
        (False, Decimal("0.06050000"), Decimal(0)),
    ]
    assert broker.balance().wallet == Decimal("1009.9195")


def test_a_stop_pays_slippage_and_the_taker_fee() -> None:
    """95 less one basis point is 94.9905, and the tick below is 94.9."""
    broker = venue(USUAL)
    broker.submit(entry())
    stop = show(broker, candles([FILLING, (101, 102, 94, 96)]))[-1]
    assert (stop.price, stop.slippage) == (Decimal("94.9"), Decimal("0.10"))
    assert (stop.is_maker, stop.fee) == (False, Decimal("0.05219500"))


def test_the_slippage_of_a_gapped_stop_counts_from_the_stop() -> None:
    broker = venue(FREE)
    broker.submit(entry())
    stop = show(broker, candles([FILLING, (93, 94, 92, 93)]))[-1]
    assert stop.slippage == Decimal(2)


def test_a_market_entry_fills_at_the_next_open_with_slippage_and_taker_fee() -> None:
    broker = venue(USUAL)
    broker.submit(entry(kind=OrderKind.MARKET))
    (fill,) = show(broker, candles([(102, 103, 101, 102)]))
    assert (fill.price, fill.time) == (Decimal("102.1"), START)
    assert (fill.slippage, fill.is_maker) == (Decimal("0.10"), False)


def test_a_limit_already_beyond_the_first_open_takes_liquidity() -> None:
    """It was marketable on arrival: the open with slippage and the taker fee."""
    broker = venue(USUAL)
    broker.submit(entry())
    (fill,) = show(broker, candles([(99, 103, 98, 102)]))
    assert (fill.price, fill.is_maker, fill.slippage) == (Decimal("99.1"), False, Decimal("0.10"))


def test_a_marketable_limit_never_pays_more_than_its_limit() -> None:
    broker = venue(USUAL)
    broker.submit(entry(price=Decimal("99.0")))
    (fill,) = show(broker, candles([(98.97, 103, 98, 102)]))
    assert fill.price == Decimal("99.0")


def test_a_gap_to_an_open_between_ticks_is_rounded_against_us() -> None:
    broker = venue()
    broker.submit(entry())
    (fill,) = show(broker, candles([QUIET, (98.03, 103, 98, 99)]))
    assert fill.price == Decimal("98.1")


def test_an_order_meets_only_candles_that_open_at_or_after_it() -> None:
    """Placed at the close of a candle it must not fill on that candle."""
    broker = venue()
    broker.submit(entry(placed_at=START + STEP))
    assert show(broker, candles([FILLING])) == []
    assert len(show(broker, [candle(1, FILLING)])) == 1


def test_a_repeated_or_older_candle_is_ignored() -> None:
    broker = venue()
    broker.submit(entry())
    assert len(show(broker, candles([QUIET, FILLING]))) == 1
    assert show(broker, candles([(102, 103, 90, 91), (102, 103, 90, 91)])) == []


def test_an_older_candle_fills_no_order_that_still_rests() -> None:
    broker = venue()
    broker.submit(entry())
    show(broker, [candle(0, QUIET), candle(1, QUIET)])
    assert show(broker, [candle(0, (102, 103, 90, 91))]) == []
    assert float(broker.balance().equity) == 1000.0


def test_fees_are_rounded_up_to_the_eighth_decimal() -> None:
    """0.3 x 100.1 x 0.000200001 is 0.00600603003."""
    broker = venue(replace(USUAL, maker_fee_rate=Decimal("0.000200001")))
    broker.submit(entry(quantity=Decimal("0.3"), price=Decimal("100.1")))
    (fill,) = show(broker, candles([FILLING]))
    assert fill.fee == Decimal("0.00600604")


def test_candles_of_other_symbols_do_not_concern_an_order() -> None:
    broker = venue()
    broker.submit(entry())
    assert show(broker, [candle(0, FILLING, "ETHUSDT")]) == []
    assert show(broker, [candle(0, FILLING, "DOGEUSDT")]) == []


def test_execution_ids_derive_from_the_order_and_the_reason() -> None:
    broker = venue()
    broker.submit(entry())
    fills = show(broker, candles([(102, 103, 94, 96)]))
    assert [fill.execution_id for fill in fills] == ["order-1-entry", "order-1-stop"]


def test_an_order_is_filled_to_the_broker_from_its_entry_on() -> None:
    broker = venue()
    broker.submit(entry())
    for prices in (FILLING, (101, 111, 100, 110)):
        broker.observe(candle(0 if prices is FILLING else 1, prices))
        known = broker.order("order-1")
        assert known is not None
        assert known.status is OrderStatus.FILLED


def test_a_stopped_symbol_is_free_for_the_next_entry() -> None:
    broker = venue()
    broker.submit(entry())
    show(broker, candles([(102, 103, 94, 96)]))
    again = entry(order_link_id="order-2", price=Decimal("96.0"), placed_at=START + STEP)
    assert broker.submit(again).status is OrderStatus.ACCEPTED
    (fill,) = show(broker, [candle(1, (97, 98, 95.5, 97))])
    assert (fill.order_link_id, fill.reason) == ("order-2", FillReason.ENTRY)
