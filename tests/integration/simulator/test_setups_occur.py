"""The synthetic market gives the strategy something to decide, whatever the seed."""

import pytest

from src.domain.candle import Candle, Timeframe
from src.domain.signal import SetupEvent
from src.simulator.bars import DAY_MS, aggregate
from src.simulator.clock import CATCH_UP_MS
from src.simulator.synthetic import SyntheticFeed
from src.strategy.parameters import StrategyParameters
from src.strategy.symbol_strategy import SymbolStrategy

NOW = 1_795_137_600_000
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
ENOUGH = 6


def candles_of(feed: SyntheticFeed, symbol: str) -> list[Candle]:
    bars = aggregate(feed.bars(symbol, NOW - 66 * DAY_MS, NOW), Timeframe.M5.milliseconds)
    fields = (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return [
        Candle(symbol, Timeframe.M5, *row)
        for row in zip(*(field.tolist() for field in fields), strict=True)
    ]


def armed_while_catching_up(seed: int) -> int:
    """Setups of the 2022 model armed in the three days that are played fast."""
    feed = SyntheticFeed(SYMBOLS, seed, NOW)
    parameters = StrategyParameters(models=("2022",))
    return sum(
        update.event is SetupEvent.ARMED and update.known_at > NOW - CATCH_UP_MS
        for symbol in SYMBOLS
        for update in SymbolStrategy(
            symbol, Timeframe.M5, parameters, feed.contract(symbol).tick
        ).update(candles_of(feed, symbol))
    )


@pytest.mark.parametrize("first_seed", [1, 7])
def test_setups_are_armed_in_the_first_minute_of_nearly_every_market(first_seed: int) -> None:
    counts = [armed_while_catching_up(seed) for seed in range(first_seed, first_seed + 3)]
    assert sum(count >= ENOUGH for count in counts) >= 2
    assert min(counts) > 0
