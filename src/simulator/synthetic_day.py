"""One day of a synthetic symbol, minute by minute, from numbers that need no day before it."""

import numpy as np
from numpy.typing import NDArray

from src.simulator.bars import MINUTE_MS, Bars
from src.simulator.contracts import Contract
from src.simulator.randomness import daily_normal, generator
from src.simulator.sessions import DAY_MINUTES, activity, new_york_offset_minutes
from src.simulator.stop_run import LEAD_MINUTES, StopRun, bridge, legs, plan_day

_MINUTE_VOLATILITY = 0.00042
_RANGE_OF_FIVE_MINUTES = 3.4
_MARKET_SHARE = 0.8
_DAILY_DRIFT = 0.016
_OWN_DAILY_DRIFT = 0.008
_LEVEL_MEMORY_DAYS = 60
_LEVEL_DECAY = 0.95
_LOOKBACK_MINUTES = 90
_TREND_STRENGTH = 0.12


def opening_level(seed: int, contract: Contract, day: int) -> float:
    """Natural logarithm of the price at 00:00 UTC: a mean-reverting walk from day to day."""
    market = sum(
        _LEVEL_DECAY**age * daily_normal(seed, "market level", day - age)
        for age in range(_LEVEL_MEMORY_DAYS)
    )
    own = sum(
        _LEVEL_DECAY**age * daily_normal(seed, f"level {contract.symbol}", day - age)
        for age in range(_LEVEL_MEMORY_DAYS)
    )
    drift = (_DAILY_DRIFT * market + _OWN_DAILY_DRIFT * own) * contract.relative_volatility
    return float(np.log(contract.typical_price) + drift)


def day_bars(seed: int, contract: Contract, day: int) -> Bars:
    """The 1440 one-minute candles of a UTC day (days since 1970-01-01), on ticks."""
    volatility = _volatility(seed, contract, day)
    path = _log_path(seed, contract, day, volatility)
    start = opening_level(seed, contract, day)
    closes = _on_tick(np.exp(path), contract)
    opens = np.concatenate((_on_tick(np.exp(np.array([start])), contract), closes[:-1]))
    random = generator(seed, f"wicks {contract.symbol}", day)
    wicks = np.abs(random.standard_normal((2, DAY_MINUTES))) * volatility * 0.3
    highs = _on_tick(np.maximum(opens, closes) * (1 + wicks[0]), contract)
    lows = _on_tick(np.minimum(opens, closes) * (1 - wicks[1]), contract)
    effort = 0.4 + 0.6 * np.abs(np.log(closes / opens)) / volatility
    activity_noise = np.exp(0.4 * random.standard_normal(DAY_MINUTES))
    calm = volatility / (_MINUTE_VOLATILITY * contract.relative_volatility)
    step = float(contract.quantity_step)
    volume = np.round(contract.minute_volume * effort * activity_noise * calm / step) * step
    volume = np.maximum(volume, step)
    time = (day * DAY_MINUTES + np.arange(DAY_MINUTES, dtype=np.int64)) * MINUTE_MS
    return Bars(time, opens, highs, lows, closes, volume, volume * (opens + closes) / 2)


def _on_tick(prices: NDArray[np.float64], contract: Contract) -> NDArray[np.float64]:
    """Whole ticks, each the float nearest to its decimal text: 96506.7, never 96506.70000000001."""
    ticks = np.maximum(np.round(prices / contract.tick), 1.0)
    return np.asarray(np.round(ticks * contract.tick, contract.price_decimals))


def _volatility(seed: int, contract: Contract, day: int) -> NDArray[np.float64]:
    """Standard deviation of each minute's log return: session, cluster, day and contract."""
    mood = np.exp(0.25 * daily_normal(seed, "market mood", day))
    knots = generator(seed, "volatility clusters", day).standard_normal(DAY_MINUTES // 30 + 1)
    clusters = np.interp(np.arange(DAY_MINUTES), np.arange(knots.size) * 30, knots)
    session = activity(new_york_offset_minutes(day))
    scale = _MINUTE_VOLATILITY * contract.relative_volatility
    return np.asarray(scale * mood * np.exp(0.3 * clusters) * session)


def _noise(seed: int, symbol: str, day: int) -> NDArray[np.float64]:
    """Standardised minute returns: mostly the market's, partly the symbol's own."""
    market = generator(seed, "market noise", day).standard_normal(DAY_MINUTES)
    own = generator(seed, f"noise {symbol}", day).standard_normal(DAY_MINUTES)
    return np.asarray(_MARKET_SHARE * market + np.sqrt(1 - _MARKET_SHARE**2) * own)


def _log_path(
    seed: int, contract: Contract, day: int, volatility: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log price at the close of each minute; ends exactly where the next day opens."""
    returns = _noise(seed, contract.symbol, day) * volatility
    moods = generator(seed, "regimes", day)
    runs = plan_day(seed, contract.symbol, day)
    path = np.empty(DAY_MINUTES)
    level = opening_level(seed, contract, day)
    target = opening_level(seed, contract, day + 1)
    minute = 0
    for run in runs:
        start = run.sweep - LEAD_MINUTES
        if start > minute:
            calm = _between_runs(returns[minute:start], volatility[minute], moods.random())
            calm += (target - level) * np.arange(1, calm.size + 1) / (DAY_MINUTES - minute)
            path[minute:start] = level + calm
            level = float(path[start - 1])
        minute = _write_run(path, returns, volatility, run, level, start)
        level = float(path[minute - 1])
    path[minute:] = level + bridge(returns[minute:], target - level)
    return path


def _between_runs(
    returns: NDArray[np.float64], volatility: float, mood: float
) -> NDArray[np.float64]:
    """A stretch of trend (up or down) or range, by `mood` in [0, 1)."""
    if mood < 0.4:
        return bridge(returns * 0.8, 0.0)
    direction = 1.0 if mood < 0.7 else -1.0
    return np.asarray(np.cumsum(returns + direction * _TREND_STRENGTH * volatility))


def _write_run(
    path: NDArray[np.float64],
    returns: NDArray[np.float64],
    volatility: NDArray[np.float64],
    run: StopRun,
    level: float,
    start: int,
) -> int:
    """Write a stop run into the path from `start` on; the minute after it is answered."""
    unit = float(volatility[run.sweep]) * _RANGE_OF_FIVE_MINUTES
    before = path[max(0, start - _LOOKBACK_MINUTES) : start]
    extreme = level if before.size == 0 else float((before * run.direction).min()) * run.direction
    to_extreme = min(3.0, abs(level - extreme) / unit)
    for leg in legs(run, to_extreme):
        part = bridge(returns[start : start + leg.minutes] * leg.noise, leg.distance * unit)
        path[start : start + leg.minutes] = level + part
        start += leg.minutes
        level = float(path[start - 1])
    return start
