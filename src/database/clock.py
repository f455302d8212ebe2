"""Wall time for rows that record when something was written."""

from src.clock import SystemClock
from src.domain.ports import Clock

SYSTEM_CLOCK: Clock = SystemClock()
