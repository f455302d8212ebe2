"""Wall time for rows that record when something was written."""

import time

from src.domain.ports import Clock


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """UTC milliseconds."""
        return time.time_ns() // 1_000_000


SYSTEM_CLOCK: Clock = SystemClock()
