"""The trader's windows of the New York day, by which signals and results are counted.

Silver bullets lie inside other windows and are left out, so that a time is in one window at most.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

KILL_ZONES = {
    "london_open": (120, 300),
    "ny_am": (420, 600),
    "london_close": (600, 720),
    "ny_lunch": (720, 780),
    "ny_pm": (810, 960),
    "asia": (1200, 1440),
}
"""First and past-the-end minute of the New York day; lunch is a window to stay out of."""


def kill_zone_at(time: int) -> str | None:
    """The window that `time` (UTC ms) lies in; None between windows."""
    wall = datetime.fromtimestamp(time / 1000, NEW_YORK)
    minute = wall.hour * 60 + wall.minute
    return next((name for name, (first, end) in KILL_ZONES.items() if first <= minute < end), None)
