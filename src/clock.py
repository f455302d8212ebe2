"""The wall clock, as the adapter that composition roots hand out."""

import time


class SystemClock:
    """UTC milliseconds from the operating system."""

    def now(self) -> int:
        """The wall time now."""
        return time.time_ns() // 1_000_000
