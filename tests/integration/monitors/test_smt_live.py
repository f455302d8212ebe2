"""Live setups know the second market as a batch does; a candle that came late is never used."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from src.database.tables import signals
from src.domain.candle import DAY_MS, Candle, Timeframe
from src.strategy.candle_arrays import CandleArrays
from src.strategy.export import Event, analyse
from src.strategy.parameters import StrategyParameters
from tests.integration.monitors.running import START, STEP, SYMBOLS, FakeMarket, Running
from tests.product import wait_until
from tests.unit.strategy.walks import as_candles, walk

WARM_UP = 2 * DAY_MS // STEP
LIVE = 300
LATE = 150
PARAMETERS = StrategyParameters(internal_degree=1, external_degree=3, confluence_threshold=0)


WALKS = {
    symbol: {
        candle.open_time: candle
        for candle in as_candles(
            walk(seed, WARM_UP + LIVE, start=START - 2 * DAY_MS), symbol, Timeframe.M5
        )
    }
    for seed, symbol in enumerate(SYMBOLS)
}


class WalkingMarket(FakeMarket):
    """Two symbols on random walks of their own."""

    def candle(self, symbol: str, open_time: int) -> Candle:
        return WALKS[symbol][open_time]


class RunningOnWalks(Running):
    market_type = WalkingMarket
    parameters = PARAMETERS

    def born(self) -> list[tuple[str, int, dict[str, float]]]:
        """Model, time and components of every setup that was armed or refused live."""
        query = select(signals).where(signals.c.symbol == "BTCUSDT").order_by(signals.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return sorted((row["model"], row["armed_at"], row["components"]) for row in rows)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningOnWalks]:
    monitor = RunningOnWalks(tmp_path)
    monitor.start()
    yield monitor
    monitor.stop()
    monitor.database.dispose()


def deliver(running: Running, *indices: int) -> None:
    """Close and deliver both symbols' candles of these numbers after the start."""
    for index in indices:
        time = START + index * STEP
        running.market.closed_until = time + STEP
        running.market.deliver(*(running.market.candle(symbol, time) for symbol in SYMBOLS))
    wait_until(lambda: indices[-1] in running.stored(SYMBOLS[-1]), 60, "the candles to be stored")


def deliver_late(running: Running, index: int) -> None:
    """The second symbol's candle comes only after the first one's has been decided without it."""
    time = START + index * STEP
    market = running.market
    market.closed_until, market.reachable = time + STEP, False
    for symbol in SYMBOLS:
        market.deliver(market.candle(symbol, time))

        def arrived_after_a_moment(symbol: str = symbol) -> bool:
            running.clock.advance(4_000)
            return index in running.stored(symbol)

        wait_until(arrived_after_a_moment, 60, f"{symbol} to be processed alone")
    market.reachable = True


def in_batch(without: int) -> list[Event]:
    """Setups born in the live part of a batch with the second symbol, less that candle of it."""
    first, second = (
        columns([*WALKS[symbol].values()], START + without * STEP if peer else 0)
        for symbol, peer in zip(SYMBOLS, (False, True), strict=True)
    )
    return [
        event
        for event in analyse(first, Timeframe.M5, PARAMETERS, 0.001, second)
        if event["kind"] == "setup"
        and event["event"] in ("armed", "refused")
        and event["ts"] >= START
    ]


def columns(candles: list[Candle], left_out: int) -> CandleArrays:
    kept = [candle for candle in candles if candle.open_time != left_out]
    prices = (
        np.array([getattr(candle, name) for candle in kept])
        for name in ("open", "high", "low", "close")
    )
    return CandleArrays(np.array([candle.open_time for candle in kept], np.int64), *prices)


def test_live_setups_carry_the_smt_points_of_a_batch_over_late_candles_and_a_restart(
    running: RunningOnWalks,
) -> None:
    deliver(running, *range(LATE))
    deliver_late(running, LATE)
    deliver(running, *range(LATE + 1, LATE + 5))
    running.stop()
    running.start()
    deliver(running, *range(LATE + 5, LIVE))
    expected = in_batch(without=LATE)
    assert running.born() == sorted(
        (event["model"], event["ts"] + STEP, event["components"]) for event in expected
    )
    assert sum(event["components"]["smt"] > 0 for event in expected) >= 10
