"""Random bars that trend, repeat prices, jump between close and open, and miss candles."""

import random
from dataclasses import dataclass, replace

from tests.unit.strategy.reference.bars import Bars


@dataclass(frozen=True)
class Walk:
    """How a random walk is drawn.

    `tick` is the price step, `amplitude` the usual move in ticks (1: nearly every price is tied),
    `missing` the chance that candles are missing after a bar; `start` is UTC ms.
    """

    seed: int
    length: int
    start: int
    step: int = 300_000
    tick: float = 0.1
    amplitude: int = 5
    missing: float = 0.0


def random_bars(walk: Walk) -> Bars:
    """Bars of one walk; the drift changes every fifty bars or so."""
    chance = random.Random(walk.seed)
    columns: tuple[list[float], ...] = ([], [], [], [])
    times: list[int] = []
    time, close, drift = walk.start, chance.randint(3_000, 30_000), 0.0
    for _ in range(walk.length):
        if chance.random() < 0.02:
            drift = chance.uniform(-0.5, 0.5) * walk.amplitude
        opened = close
        if chance.random() < 0.05:
            opened += chance.randint(-walk.amplitude, walk.amplitude)
        close = max(opened + round(chance.gauss(drift, walk.amplitude)), 1_000)
        high = max(opened, close) + wick(chance, walk.amplitude)
        low = min(opened, close) - wick(chance, walk.amplitude)
        for column, ticks in zip(columns, (opened, high, low, close), strict=True):
            column.append(ticks * walk.tick)
        times.append(time)
        time += walk.step
        if chance.random() < walk.missing:
            time += walk.step * chance.choice((1, 2, 3, 50, 300, 2_000))
    return Bars(1, walk.step, times, *columns)


def wick(chance: random.Random, amplitude: int) -> int:
    return chance.choice((0, 0, 1, chance.randint(0, amplitude)))


def beside(bars: Bars, walk: Walk, missing: float) -> Bars:
    """A second symbol at the same times that mostly follows the first; some of its bars miss."""
    chance = random.Random(walk.seed + 1)
    own = random_bars(replace(walk, seed=walk.seed + 1, length=len(bars)))
    kept = [t for t in range(len(bars)) if chance.random() >= missing]
    pairs = (
        (bars.open, own.open),
        (bars.high, own.high),
        (bars.low, own.low),
        (bars.close, own.close),
    )
    prices = ([2 * first[t] + second[t] for t in kept] for first, second in pairs)
    return Bars(1, bars.step, [bars.time[t] for t in kept], *prices)
