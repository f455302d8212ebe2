"""The newest bars as both sides see them, the ATR and displacement (sections 0 and 3)."""

from typing import NamedTuple

from src.strategy.codes import BEAR, BULL
from src.strategy.compiled import Record, Records, inlined, place
from src.strategy.records import BAR_RING

ATR_BARS = 14


class ClosedCandle(NamedTuple):
    """One row of layout records.CANDLE as plain numbers.

    A row would be read again after every write to memory, which might be a write to the row.
    """

    time: int
    open: float
    high: float
    low: float
    close: float
    peer_high: float
    peer_low: float
    peer_close: float


@inlined
def closed_candle(row: Record) -> ClosedCandle:
    """The candle being folded."""
    return ClosedCandle(
        row.time,
        row.open,
        row.high,
        row.low,
        row.close,
        row.peer_high,
        row.peer_low,
        row.peer_close,
    )


@inlined
def store_bar(ring: Records, t: int, opened: float, high: float, low: float, closed: float) -> None:
    """Put bar t into a ring (a power of two, 2 sides), plain for bulls and mirrored for bears."""
    slot = t & (ring.shape[0] - 1)
    bull = ring[slot, BULL]
    bull.open, bull.high, bull.low, bull.close = opened, high, low, closed
    bear = ring[slot, BEAR]
    bear.open, bear.high, bear.low, bear.close = -opened, -low, -high, -closed


@inlined
def bar_at(memory: Record, side: int, t: int) -> Record:
    """Bar t as `side` sees it; t must be one of the newest BAR_RING."""
    return memory.bars[place(t & (BAR_RING - 1)), place(side)]


@inlined
def seen_by(side: int, candle: Record) -> tuple[float, float, float, float]:
    """Open, high, low and close of a candle as `side` sees it.

    For the bar being folded; reading it from the ring costs an address each time.
    """
    if side == BULL:
        return candle.open, candle.high, candle.low, candle.close
    return -candle.open, -candle.low, -candle.high, -candle.close


@inlined
def is_displaced(memory: Record, side: int, t: int) -> bool:
    """Whether bar t is a displacement bar in the direction of `side`."""
    return bool(memory.displaced[t & (BAR_RING - 1)] == 1 - 2 * side)


@inlined
def update_average_range(average: Record, high: float, low: float, closed: float) -> None:
    """Wilder's ATR(14), one bar on; `value` is NaN until the 14th bar."""
    previous = average.previous_close if average.count > 0 else high
    # The largest of high - low and of either's distance from the close before.
    highest = high if high > previous else previous
    lowest = low if low < previous else previous
    true_range = highest - lowest
    if average.count < ATR_BARS:
        average.sum += true_range
        if average.count == ATR_BARS - 1:
            average.value = average.sum / ATR_BARS
    else:
        average.value = ((ATR_BARS - 1) * average.value + true_range) / ATR_BARS
    average.count += 1
    average.previous_close = closed


@inlined
def mark_displacement(memory: Record, params: Record, candle: Record) -> None:
    """Mark the bar where its body is large against the ATR before it and against its range."""
    body = abs(candle.close - candle.open)
    is_large = (body >= params.displacement_factor * memory.before_atr) & (
        body >= 0.6 * (candle.high - candle.low)
    )
    direction = int(candle.close > candle.open) - int(candle.close < candle.open)
    memory.displaced[memory.t & (BAR_RING - 1)] = direction if is_large else 0
