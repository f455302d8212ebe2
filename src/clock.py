"""The wall clock, as composition roots hand it out; everything else takes time as a value."""

import time


class SystemClock:
    """UTC milliseconds from the operating system."""

    def now(self) -> int:
        """The wall time now."""
        return time.time_ns() // 1_000_000
