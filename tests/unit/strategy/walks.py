"""Candles for tests: hand-written bars, and random walks on a price grid with ties and gaps."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from src.domain.candle import Candle, Timeframe
from src.strategy.candle_arrays import CandleArrays

# A Monday, 00:00 UTC.
START = 1_754_265_600_000
M5 = Timeframe.M5
Bar = tuple[float, float, float, float]
QUIET: Bar = (100.0, 100.5, 99.5, 100.0)


def arrays(bars: Sequence[Bar], start: int = START, timeframe: Timeframe = M5) -> CandleArrays:
    """Consecutive (open, high, low, close) bars as columns."""
    table = np.array(bars, np.float64).reshape(len(bars), 4)
    times = start + timeframe.milliseconds * np.arange(len(bars), dtype=np.int64)
    return CandleArrays(times, *(np.ascontiguousarray(table[:, i]) for i in range(4)))


def after_quiet(bars: Sequence[Bar], quiet: int = 20) -> CandleArrays:
    """The bars after `quiet` flat ones of range 1, so that the ATR is known and exactly 1."""
    return arrays([QUIET] * quiet + list(bars))


def walk(
    seed: int,
    length: int,
    amplitude: int = 8,
    missing: float = 0.0,
    timeframe: Timeframe = M5,
    start: int = START,
) -> CandleArrays:
    """A seeded walk on a grid of 0.5; a small amplitude makes many equal prices.

    `missing` is the share of bars left out.
    """
    rng = np.random.default_rng(seed)
    volatility = np.exp(np.cumsum(rng.normal(0, 0.1, length)).clip(-1, 1))
    moves = np.rint(rng.normal(0, amplitude, length) * volatility).astype(np.int64)
    closes = 4000 + np.abs(np.cumsum(moves) + 2000)
    opens = np.concatenate(([closes[0]], closes[:-1])) + rng.integers(-1, 2, length)
    upper, lower = (
        rng.integers(0, amplitude + 1, length),
        rng.integers(0, amplitude + 1, length),
    )
    highs = np.maximum(opens, closes) + upper
    lows = np.minimum(opens, closes) - lower
    times = start + timeframe.milliseconds * np.arange(length, dtype=np.int64)
    kept = rng.random(length) >= missing
    return CandleArrays(
        times[kept], *(np.asarray(x[kept] * 0.5, np.float64) for x in (opens, highs, lows, closes))
    )


@st.composite
def walks(draw: st.DrawFn, longest: int = 400) -> CandleArrays:
    """Random walks of 1 to `longest` bars, from tie-heavy to wild, some with missing bars."""
    return walk(
        seed=draw(st.integers(0, 2**32 - 1)),
        length=draw(st.integers(1, longest)),
        amplitude=draw(st.sampled_from([1, 2, 8, 40])),
        missing=draw(st.sampled_from([0.0, 0.0, 0.05])),
        start=START + M5.milliseconds * draw(st.integers(0, 50_000)),
    )


def part(candles: CandleArrays, first: int, last: int | None = None) -> CandleArrays:
    """Candles first to last (not included) as their own columns."""
    return CandleArrays(
        candles.time[first:last].copy(),
        *(
            column[first:last].copy()
            for column in (candles.open, candles.high, candles.low, candles.close)
        ),
    )


def as_candles(
    candles: CandleArrays, symbol: str = "BTCUSDT", timeframe: Timeframe = M5
) -> list[Candle]:
    """The same bars as the domain's candles."""
    return [
        Candle(
            symbol,
            timeframe,
            int(candles.time[t]),
            float(candles.open[t]),
            float(candles.high[t]),
            float(candles.low[t]),
            float(candles.close[t]),
            1.0,
        )
        for t in range(len(candles))
    ]
