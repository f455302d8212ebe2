"""The compiled scan finds what the venue's own rule finds, read candle by candle."""

import random

import numpy as np

from src.exchange.paper.matching import Bar, Hit, match_exit, match_limit
from src.exchange.paper.scan import first_entry, first_exit

LEVELS = [float(price) for price in range(95, 106)]


def random_bars(dice: random.Random, count: int) -> list[Bar]:
    """Bars on a coarse grid, so that opens, extremes and levels often coincide."""
    bars = []
    for _ in range(count):
        low, high = sorted((dice.choice(LEVELS), dice.choice(LEVELS)))
        bars.append(Bar.of_last(dice.choice([p for p in LEVELS if low <= p <= high]), high, low))
    return bars


def columns(bars: list[Bar]) -> tuple["np.ndarray[tuple[int], np.dtype[np.float64]]", ...]:
    return tuple(np.array(column) for column in zip(*(bar[:3] for bar in bars), strict=True))


def test_the_first_candle_that_fills_an_entry_is_the_one_the_rule_names() -> None:
    dice = random.Random(1)
    for _ in range(500):
        bars, side, level = random_bars(dice, 8), dice.choice((1, -1)), dice.choice(LEVELS)
        hits = [i for i, bar in enumerate(bars) if match_limit(side, level, bar) is not Hit.NONE]
        opened, high, low = columns(bars)
        assert first_entry(side, level, opened, high, low, 0, 8) == min(hits, default=8)
        later = [i for i in hits if i >= 3]
        assert first_entry(side, level, opened, high, low, 3, 6) == min([*later, 6])


def test_the_first_candle_that_ends_a_position_is_the_one_the_rule_names() -> None:
    dice = random.Random(2)
    for _ in range(500):
        bars, direction = random_bars(dice, 8), dice.choice((1, -1))
        worse, better = sorted(dice.sample(LEVELS, 2))
        stop, target = (worse, better) if direction > 0 else (better, worse)
        matches = [match_exit(direction, stop, target, bar, is_fill_bar=False) for bar in bars]
        ends = [
            i
            for i, match in enumerate(matches)
            if match.stop is not Hit.NONE or match.target is not Hit.NONE
        ]
        opened, high, low = columns(bars)
        found = first_exit(direction, stop, target, opened, high, low, 0, 8)
        assert found == min(ends, default=8)
