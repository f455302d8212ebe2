"""Random entries and shuffled directions: a planted insight shows, its absence too."""

import numpy as np
import pytest

from src.analytics.luck.baselines import HOUR_MS, random_entries, shuffled_directions
from src.analytics.luck.brackets import Brackets, brackets_of, in_r, moves, volatility
from src.domain.candle import MINUTE_MS
from src.domain.order import Direction
from src.exchange.paper.matching import Bar, Hit, match_exit
from src.strategy.candle_arrays import CandleArrays
from tests.unit.analytics.trades_of import closed_trade

BARS = 6_000
LENGTH = 5 * MINUTE_MS


def random_walk(seed: int, bars: int = BARS) -> CandleArrays:
    """Five-minute candles of a market without memory."""
    generator = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(generator.normal(0, 0.002, bars)))
    opened = np.concatenate(([100.0], close[:-1])) * np.exp(generator.normal(0, 2e-4, bars))
    reach = np.abs(generator.normal(0, 0.001, (2, bars)))
    high, low = (
        np.maximum(opened, close) * (1 + reach[0]),
        np.minimum(opened, close) * (1 - reach[1]),
    )
    return CandleArrays(np.arange(bars, dtype=np.int64) * LENGTH, opened, high, low, close)


def trades_at(prices: CandleArrays, bar: list[int], direction: list[int]) -> Brackets:
    """Entries at the open of the bars, stop 0.5 %, target 1 %, cost 0.02 %."""
    count = len(bar)
    stop, target = np.full(count, 0.005), np.full(count, 0.01)
    extra, cost = np.full(count, 2e-4), np.full(count, 2e-4)
    bars, sides = np.array(bar, dtype=np.int64), np.array(direction, dtype=np.int64)
    result = in_r(moves(prices, bars, sides, stop, target), stop, extra, cost)
    return Brackets(bars, sides, stop, target, extra, cost, result)


def plainly(prices: CandleArrays, bar: int, side: int, stop: float, target: float) -> float:
    """The paper venue's own rules, bar by bar."""
    entry = float(prices.open[bar])
    levels = entry * (1 - side * stop), entry * (1 + side * target)
    for now in range(bar, len(prices)):
        opened = float(prices.open[now])
        seen = Bar.of_last(opened, float(prices.high[now]), float(prices.low[now]))
        hit = match_exit(side, *levels, seen, now == bar)
        for found, level in ((hit.stop, levels[0]), (hit.target, levels[1])):
            if found is not Hit.NONE:
                price = opened if found is Hit.AT_OPEN else level
                return side * (price / entry - 1)
    return side * (float(prices.close[-1]) / entry - 1)


@pytest.mark.parametrize("side", [1, -1])
def test_entries_are_followed_as_the_paper_venue_would(side: int) -> None:
    prices = random_walk(1, 400)
    bars = np.arange(0, 400, 3)
    sides = np.full(len(bars), side)
    stop, target = np.full(len(bars), 0.002), np.full(len(bars), 0.003)
    found = moves(prices, bars, sides, stop, target)
    assert found == pytest.approx([plainly(prices, int(bar), side, 0.002, 0.003) for bar in bars])


def test_a_stop_fires_on_touch_and_a_target_needs_trade_through() -> None:
    """Powers of two, so that a sixteenth away is exactly that."""
    opened = np.array([128.0, 128.0, 128.0])
    high, low = np.array([128.0, 136.0, 128.0]), np.array([128.0, 128.0, 120.0])
    time = np.arange(3, dtype=np.int64) * LENGTH
    prices = CandleArrays(time, opened, high, low, opened)
    bars, sides = np.array([0, 0]), np.array([1, -1])
    away = np.full(2, 1 / 16)
    assert moves(prices, bars, sides, away, away).tolist() == [-1 / 16, -1 / 16]


def test_volatility_looks_back_only() -> None:
    prices = random_walk(2, 300)
    level = volatility(prices)
    ranges = (prices.high - prices.low) / prices.close
    assert level[200] == pytest.approx(ranges[104:200].mean())
    assert level[0] == pytest.approx(ranges.mean())
    assert level[1] == pytest.approx(ranges[0])
    assert level[2] == pytest.approx(ranges[:2].mean())


def test_trades_become_brackets() -> None:
    prices = random_walk(3, 300)
    trade = closed_trade(100.0, 95.0, stop=95.0, entered=7 * LENGTH + 5, left=9 * LENGTH, fees=1.0)
    before = closed_trade(entered=-LENGTH)
    short = closed_trade(100.0, 110.0, stop=104.0, direction=Direction.SHORT, entered=8 * LENGTH)
    first = closed_trade(entered=0)
    found = brackets_of([trade, before, short, first], prices)
    assert found.bar.tolist() == [7, 8, 0]
    assert found.direction.tolist() == [1, -1, 1]
    assert found.stop == pytest.approx([0.05, 0.04, 0.05])
    assert found.target == pytest.approx([0.05, 0.1, 0.1])
    assert found.cost == pytest.approx([0.01, 0.0, 0.0])
    assert found.extra_risk == pytest.approx([0.0, 0.0, 0.0])
    assert found.result_in_r == pytest.approx([-1.2, -2.5, 2.0])


def insightful(prices: CandleArrays) -> Brackets:
    """Trades by somebody who knew the next hours: an entry only where its target will be hit."""
    bars = np.arange(200, BARS - 500, 40)
    won = []
    for side in (1, -1):
        sides = np.full(len(bars), side)
        stop, target = np.full(len(bars), 0.005), np.full(len(bars), 0.01)
        move = moves(prices, bars, sides, stop, target)
        won += [(int(bar), side) for bar, result in zip(bars, move, strict=True) if result > 0]
    return trades_at(prices, [bar for bar, _ in won], [side for _, side in won])


class TestPlantedInsight:
    def test_random_entries_do_not_reach_it(self) -> None:
        prices = random_walk(4)
        trades = insightful(prices)
        found = random_entries([(trades, prices)], seed=1, draws=500)
        assert found.p_value == pytest.approx(1 / 501)
        assert found.observed is not None
        assert found.high is not None
        assert found.observed > found.high
        assert found.n == len(trades)

    def test_shuffled_directions_do_not_reach_it(self) -> None:
        prices = random_walk(4)
        found = shuffled_directions([(insightful(prices), prices)], seed=1, draws=500)
        assert found.p_value == pytest.approx(1 / 501)


class TestNoInsight:
    """Trades at arbitrary bars: the p-values are spread evenly, small ones are rare."""

    def test_random_entries_do_as_well(self) -> None:
        p_values = []
        for seed in range(30):
            prices = random_walk(seed + 100, 3_000)
            chosen = np.random.default_rng(seed).integers(200, 2_500, 60)
            trades = trades_at(prices, chosen.tolist(), [1, -1] * 30)
            p_values.append(random_entries([(trades, prices)], seed, draws=300).p_value or 0.0)
        assert np.mean(p_values) == pytest.approx(0.5, abs=0.17)
        assert sum(p < 0.05 for p in p_values) <= 5

    def test_shuffled_directions_do_as_well(self) -> None:
        p_values = []
        for seed in range(30):
            prices = random_walk(seed + 200, 3_000)
            chosen = np.random.default_rng(seed).integers(200, 2_500, 60)
            trades = trades_at(prices, chosen.tolist(), [1, -1] * 30)
            p_values.append(shuffled_directions([(trades, prices)], seed, draws=200).p_value or 0.0)
        assert np.mean(p_values) == pytest.approx(0.5, abs=0.17)
        assert sum(p < 0.05 for p in p_values) <= 5


class TestWhatStays:
    def test_random_entries_pay_what_the_trades_paid(self) -> None:
        """In a market that stands still costs are all there is."""
        flat = np.full(BARS, 100.0)
        still = CandleArrays(np.arange(BARS, dtype=np.int64) * LENGTH, flat, flat, flat, flat)
        found = random_entries([(trades_at(still, [100, 900], [1, -1]), still)], 1, draws=50)
        assert found.mean == pytest.approx(-2e-4 / (0.005 + 2e-4))
        assert found.mean == pytest.approx(found.observed)

    def test_random_entries_keep_stop_and_target_in_multiples_of_the_volatility(self) -> None:
        """Where candles are four times as tall, so are the risk and what a cost of one R is of."""
        flat = np.full(BARS, 100.0)
        reach = np.where(np.arange(BARS) < BARS // 2, 0.025, 0.1)
        time = np.arange(BARS, dtype=np.int64) * LENGTH
        prices = CandleArrays(time, flat, flat + reach, flat - reach, flat)
        calm = Brackets(
            bar=np.array([500]),
            direction=np.array([1]),
            stop=np.array([0.005]),
            target=np.array([0.01]),
            extra_risk=np.array([0.0]),
            cost=np.array([0.005]),
            result_in_r=np.array([-1.0]),
        )
        found = random_entries([(calm, prices)], seed=1, draws=200)
        assert found.low == pytest.approx(-1.0)
        assert found.high == pytest.approx(-0.25)

    def test_random_entries_keep_the_hour_of_the_day(self) -> None:
        """Whoever buys in the one hour that rises is not better than chance in that hour."""
        time = np.arange(BARS, dtype=np.int64) * LENGTH
        rising = time // HOUR_MS % 24 == 3
        close = 100 * np.exp(np.cumsum(np.where(rising, 0.01, -0.01 / 23)))
        opened = np.concatenate(([100.0], close[:-1]))
        prices = CandleArrays(
            time, opened, np.maximum(opened, close), np.minimum(opened, close), close
        )
        bars = np.flatnonzero(rising)[::12].tolist()
        found = random_entries([(trades_at(prices, bars, [1] * len(bars)), prices)], 1, draws=50)
        assert found.low is not None
        assert found.low > 0.3


def test_directions_are_followed_from_the_open_after_the_entry() -> None:
    """What happened on the bar of the entry had been seen when the direction was chosen."""
    opened = np.array([100.0] * 6 + [102.0] + [106.0] * 3)
    time = np.arange(len(opened), dtype=np.int64) * LENGTH
    prices = CandleArrays(time, opened, opened, opened, opened)
    wide, none = np.full(2, 0.5), np.zeros(2)
    bars, sides = np.array([5, 9]), np.array([1, -1])
    trades = Brackets(bars, sides, wide, wide, none, none, none)
    found = shuffled_directions([(trades, prices)], seed=1, draws=50)
    # The long gains from 102 to 106; nothing follows the short of the last bar.
    assert found.observed == pytest.approx((106 / 102 - 1) / 0.5 / 2)
    assert found.low == pytest.approx(-(found.observed or 0.0))


def test_directions_that_are_all_the_same_cannot_be_shuffled() -> None:
    prices = random_walk(5, 500)
    found = shuffled_directions([(trades_at(prices, [10, 50], [1, 1]), prices)], seed=1)
    assert found.p_value is None
    assert found.n == 2


def test_no_trades_have_no_baseline() -> None:
    assert random_entries([], seed=1).p_value is None


def test_symbols_are_pooled_and_the_seed_decides() -> None:
    first, second = random_walk(6, 1_000), random_walk(7, 1_000)
    books = [
        (trades_at(first, [100, 300], [1, -1]), first),
        (trades_at(second, [50, 700], [-1, 1]), second),
    ]
    assert random_entries(books, seed=5, draws=50).n == 4
    assert random_entries(books, seed=5, draws=50) == random_entries(books, seed=5, draws=50)
