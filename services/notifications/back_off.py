"""How long to wait before asking a provider again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waits that double up to `longest_ms`, each shortened at random by up to a half."""

    first_ms: int
    longest_ms: int

    def wait_ms(self, failures: int, chance: float) -> int:
        """How long after `failures` failures (at least 1); `chance` is from 0 up to 1."""
        full = min(self.first_ms << min(failures - 1, 32), self.longest_ms)
        return int(full * (1.0 - chance / 2))


MESSAGE_BACK_OFF = BackOff(first_ms=15_000, longest_ms=30 * 60_000)
"""With MAX_ATTEMPTS a message is tried for about twenty hours."""

CHANNEL_BACK_OFF = BackOff(first_ms=5_000, longest_ms=5 * 60_000)
"""A provider that is down is asked with one message at a time, not with all of them."""


@dataclass
class Rest:
    """Failures of a provider in a row, and when (wall time, UTC ms) to ask it again."""

    failures: int = 0
    until: int = 0

    def fail(self, now: int, chance: float) -> None:
        """The provider was down."""
        self.failures += 1
        self.until = now + CHANNEL_BACK_OFF.wait_ms(self.failures, chance)
