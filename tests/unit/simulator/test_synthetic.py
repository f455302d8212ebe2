"""The synthetic market is a pure function of seed, symbol and time, and looks like a market."""

import itertools

import numpy as np
import pytest

from src.domain.errors import InvalidInput
from src.simulator.bars import DAY_MS, MINUTE_MS
from src.simulator.contracts import contract_for
from src.simulator.stop_run import LEAD_MINUTES, TAIL_MINUTES, plan_day
from src.simulator.synthetic import SyntheticFeed

ORIGIN = 1_767_225_600_000 + 13 * 3_600_000
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")


def test_a_second_market_of_the_same_seed_has_the_same_candles_whatever_is_read_first() -> None:
    first, second = SyntheticFeed(SYMBOLS, 11, ORIGIN), SyntheticFeed(SYMBOLS, 11, ORIGIN)
    late = second.bars("ETHUSDT", ORIGIN, ORIGIN + DAY_MS)
    for symbol in SYMBOLS:
        first.bars(symbol, first.first_time, ORIGIN)
    for ours, theirs in zip(first.bars("ETHUSDT", ORIGIN, ORIGIN + DAY_MS), late, strict=True):
        assert (ours == theirs).all()


def test_neither_the_origin_nor_the_other_symbols_change_a_candle() -> None:
    alone = SyntheticFeed(["SOLUSDT"], 11, ORIGIN - 5 * DAY_MS)
    together = SyntheticFeed(SYMBOLS, 11, ORIGIN)
    ours = alone.bars("SOLUSDT", ORIGIN - DAY_MS, ORIGIN)
    theirs = together.bars("SOLUSDT", ORIGIN - DAY_MS, ORIGIN)
    assert all((mine == other).all() for mine, other in zip(ours, theirs, strict=True))


def test_another_seed_is_another_market() -> None:
    one, other = (
        SyntheticFeed(["BTCUSDT"], seed, ORIGIN).bars("BTCUSDT", ORIGIN, ORIGIN + DAY_MS)
        for seed in (1, 2)
    )
    assert (one.close != other.close).mean() > 0.99


def test_at_least_63_days_lie_before_the_three_that_are_played_fast() -> None:
    feed = SyntheticFeed(SYMBOLS, 1, ORIGIN)
    assert feed.first_time <= ORIGIN - 66 * DAY_MS
    assert feed.bars("BTCUSDT", feed.first_time, ORIGIN).size == (
        (ORIGIN - feed.first_time) // MINUTE_MS
    )


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_candles_are_continuous_possible_and_on_ticks(symbol: str) -> None:
    bars = SyntheticFeed(SYMBOLS, 5, ORIGIN).bars(symbol, ORIGIN - 9 * DAY_MS, ORIGIN + DAY_MS)
    assert (np.diff(bars.time) == MINUTE_MS).all()
    assert (bars.open[1:] == bars.close[:-1]).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (bars.low > 0).all()
    assert (bars.volume > 0).all()
    contract = contract_for(symbol)
    ticks = bars.high / contract.tick
    assert np.allclose(ticks, np.round(ticks), atol=1e-6)
    # The same number as its text, which is what a client reads.
    assert [float(contract.price_text(price)) for price in bars.low.tolist()] == bars.low.tolist()


def test_symbols_move_together_but_not_in_lock_step() -> None:
    feed = SyntheticFeed(SYMBOLS, 5, ORIGIN)
    returns = [
        np.diff(np.log(feed.bars(symbol, ORIGIN - 30 * DAY_MS, ORIGIN).close[::15]))
        for symbol in SYMBOLS
    ]
    correlations = np.corrcoef(returns)[np.triu_indices(3, 1)]
    assert (correlations > 0.35).all()
    assert (correlations < 0.95).all()


def test_stop_runs_happen_on_most_days_and_never_overlap() -> None:
    counts = []
    for day in range(20_000, 20_060):
        runs = plan_day(9, "BTCUSDT", day)
        counts.append(len(runs))
        for earlier, later in itertools.pairwise(runs):
            assert earlier.sweep + TAIL_MINUTES <= later.sweep - LEAD_MINUTES
        assert all(run.sweep >= LEAD_MINUTES for run in runs)
    assert 1.5 < np.mean(counts) < 4.5


def test_funding_changes_every_eight_hours_and_stays_within_bounds() -> None:
    feed = SyntheticFeed(SYMBOLS, 5, ORIGIN)
    period = 8 * 3_600_000
    rates = [feed.funding_rate("BTCUSDT", ORIGIN + index * period) for index in range(50)]
    assert feed.funding_rate("BTCUSDT", ORIGIN - ORIGIN % period) == feed.funding_rate(
        "BTCUSDT", ORIGIN - ORIGIN % period + period - 1
    )
    assert len(set(rates)) > 40
    assert max(map(abs, rates)) <= 0.0005


def test_a_market_without_symbols_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one symbol"):
        SyntheticFeed([], 1, ORIGIN)
