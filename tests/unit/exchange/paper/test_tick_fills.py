"""Fills on live ticks, and candles as the safety net behind them."""

from decimal import Decimal

from src.domain.candle import Candle, Tick
from src.domain.order import FillReason, OrderKind
from src.exchange.paper import StopTrigger
from tests.unit.exchange.paper.venue import (
    START,
    STEP,
    USUAL,
    candle,
    entry,
    show,
    tick,
    venue,
)

MINUTE = 60_000
RESTS = tick(100, 102.0)
FILLS = tick(2 * MINUTE, 99.9)


def test_a_resting_limit_passed_by_a_tick_fills_at_its_own_price() -> None:
    """A stream of ticks has no gap to claim a better price from."""
    broker = venue(USUAL)
    broker.submit(entry())
    (fill,) = show(broker, [RESTS, tick(MINUTE, 100.0), tick(2 * MINUTE, 97.0)])
    assert (fill.price, fill.is_maker) == (Decimal("100.0"), True)
    assert fill.time == START + 2 * MINUTE


def test_a_limit_beyond_the_first_tick_takes_liquidity() -> None:
    broker = venue(USUAL)
    broker.submit(entry())
    (fill,) = show(broker, [tick(100, 99.5)])
    assert (fill.price, fill.is_maker) == (Decimal("99.6"), False)


def test_a_market_entry_fills_at_the_next_tick() -> None:
    broker = venue(USUAL)
    broker.submit(entry(kind=OrderKind.MARKET))
    (fill,) = show(broker, [tick(100, 101.0), tick(200, 101.5)])
    assert (fill.price, fill.time) == (Decimal("101.1"), START + 100)


def test_a_tick_from_before_the_order_does_not_fill_it() -> None:
    broker = venue()
    broker.submit(entry(placed_at=START + 500))
    assert show(broker, [tick(499, 99.0)]) == []


def test_the_tick_that_fills_the_entry_never_reaches_the_target() -> None:
    broker = venue()
    broker.submit(entry(kind=OrderKind.MARKET, take_profit=Decimal("101.0")))
    fills = show(broker, [tick(100, 101.5), tick(200, 101.5)])
    assert [fill.reason for fill in fills] == [FillReason.ENTRY, FillReason.TARGET]
    assert fills[1].time == START + 200


def test_the_tick_that_fills_the_entry_beyond_its_stop_stops_it() -> None:
    broker = venue()
    broker.submit(entry())
    fills = show(broker, [RESTS, tick(MINUTE, 94.0)])
    assert [(f.reason, float(f.price)) for f in fills] == [
        (FillReason.ENTRY, 100.0),
        (FillReason.STOP, 94.0),
    ]


def test_a_stop_fills_at_the_tick_that_passed_it() -> None:
    broker = venue()
    broker.submit(entry())
    stop = show(broker, [RESTS, FILLS, tick(3 * MINUTE, 94.2)])[-1]
    assert (stop.price, stop.slippage) == (Decimal("94.2"), Decimal("0.8"))


def test_a_target_fills_at_its_own_price_once_passed() -> None:
    broker = venue()
    broker.submit(entry())
    fills = show(broker, [RESTS, FILLS, tick(3 * MINUTE, 110.0), tick(4 * MINUTE, 113.0)])
    assert float(fills[-1].price) == 110.0
    assert fills[-1].time == START + 4 * MINUTE


def test_a_candle_catches_the_wick_the_ticks_missed() -> None:
    broker = venue()
    broker.submit(entry())
    (fill,) = show(broker, [RESTS, tick(MINUTE, 101.0), candle(0, (102, 102, 99, 101))])
    assert (float(fill.price), fill.time) == (100.0, START + STEP - 1)


def test_a_candle_does_not_fill_again_what_ticks_filled() -> None:
    broker = venue()
    broker.submit(entry())
    fills = show(broker, [RESTS, FILLS, candle(0, (102, 102, 99, 101))])
    assert len(fills) == 1
    assert float(broker.balance().wallet) == 1000.0


def test_a_position_opened_inside_a_candle_is_not_judged_by_that_candle() -> None:
    """Its low may lie before the entry; ticks alone decide until the next candle opens."""
    broker = venue()
    broker.submit(entry(kind=OrderKind.MARKET, placed_at=START + MINUTE))
    opened_inside: list[Candle | Tick] = [tick(MINUTE, 101.0), candle(0, (96, 111, 94, 101))]
    assert [fill.reason for fill in show(broker, opened_inside)] == [FillReason.ENTRY]
    (stop,) = show(broker, [candle(1, (101, 102, 94, 96))])
    assert stop.reason is FillReason.STOP


def test_an_order_placed_inside_a_candle_is_not_filled_by_that_candle() -> None:
    broker = venue()
    broker.submit(entry(placed_at=START + 1))
    assert show(broker, [candle(0, (102, 103, 90, 101))]) == []


def test_ticks_that_arrive_late_are_ignored() -> None:
    broker = venue()
    broker.submit(entry())
    assert show(broker, [tick(2 * MINUTE, 102.0), tick(MINUTE, 90.0)]) == []
    assert show(broker, [candle(0, (102, 103, 101, 102)), tick(3 * MINUTE, 90.0)]) == []


def test_a_candle_that_arrives_late_does_not_turn_the_price_back() -> None:
    broker = venue()
    broker.submit(entry(kind=OrderKind.MARKET))
    show(broker, [tick(100, 100.0), tick(STEP + 100, 103.0), candle(0, (100, 103, 100, 101))])
    assert float(broker.balance().equity) == 1003.0


def test_with_mark_price_stops_only_the_mark_fires_them() -> None:
    broker = venue(stop_trigger=StopTrigger.MARK_PRICE)
    broker.submit(entry())
    show(broker, [RESTS, tick(MINUTE, 99.0, mark=99.5)])
    assert show(broker, [tick(2 * MINUTE, 94.0, mark=96.0)]) == []
    (stop,) = show(broker, [tick(3 * MINUTE, 94.5, mark=95.0)])
    assert (stop.reason, float(stop.price)) == (FillReason.STOP, 94.5)


def test_with_mark_price_stops_a_candle_seen_in_ticks_fires_none() -> None:
    """A candle shows last prices; the ticks inside it have shown the mark already."""
    broker = venue(stop_trigger=StopTrigger.MARK_PRICE)
    broker.submit(entry())
    show(broker, [RESTS, FILLS, tick(STEP + 100, 99.0, mark=99.0)])
    wick = (99, 102, 94, 101)
    assert show(broker, [candle(1, wick)]) == []
    assert [fill.reason for fill in show(broker, [candle(2, wick)])] == [FillReason.STOP]
