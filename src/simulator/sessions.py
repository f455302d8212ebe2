"""New York hours as minutes of a UTC day: when the simulated market is awake."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY_MINUTES = 1440
_NEW_YORK = ZoneInfo("America/New_York")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMOOTHING_MINUTES = 21

KILL_ZONES = {
    "asia": (20 * 60, 24 * 60),
    "london_open": (2 * 60, 5 * 60),
    "ny_am": (7 * 60, 10 * 60),
    "london_close": (10 * 60, 12 * 60),
    "ny_pm": (13 * 60 + 30, 16 * 60),
}
"""Start and end in minutes of the New York day."""

_ACTIVITY = (
    (0, 0.75),
    (2 * 60, 1.25),
    (5 * 60, 0.85),
    (7 * 60, 1.35),
    (10 * 60, 1.2),
    (12 * 60, 0.75),
    (13 * 60 + 30, 1.15),
    (16 * 60, 0.65),
    (20 * 60, 0.95),
)
"""Volatility relative to the day's mean, from that New York minute on."""


@lru_cache(maxsize=512)
def new_york_offset_minutes(day: int) -> int:
    """Minutes to add to New York wall time for UTC, as at noon UTC of that day."""
    noon = _EPOCH + timedelta(days=day, hours=12)
    offset = noon.astimezone(_NEW_YORK).utcoffset()
    if offset is None:  # a zone from the IANA database always has one
        raise ValueError("America/New_York has no offset")
    return -int(offset.total_seconds()) // 60


@lru_cache(maxsize=8)
def activity(offset_minutes: int) -> NDArray[np.float64]:
    """Relative volatility of each minute of a UTC day, smoothed at the edges."""
    starts = np.array([start for start, _ in _ACTIVITY])
    levels = np.array([level for _, level in _ACTIVITY])
    local = (np.arange(DAY_MINUTES) - offset_minutes) % DAY_MINUTES
    steps = levels[np.searchsorted(starts, local, side="right") - 1]
    half = _SMOOTHING_MINUTES // 2
    around = np.concatenate((steps[-half:], steps, steps[:half]))
    smooth = np.convolve(around, np.full(_SMOOTHING_MINUTES, 1 / _SMOOTHING_MINUTES), "valid")
    smooth.setflags(write=False)
    return smooth


def window_of_day(name: str, day: int) -> tuple[int, int]:
    """Start and end of a kill zone in minutes of the UTC day that holds its start."""
    start, end = KILL_ZONES[name]
    first = (start + new_york_offset_minutes(day)) % DAY_MINUTES
    return first, first + end - start
