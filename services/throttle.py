"""How often somebody may try a password: counted in the database, so that all processes agree.

Every attempt is counted as a failure before the password is looked at and forgiven when it was
right. Attempts made at the same moment therefore cannot slip past the count together.
"""

from dataclasses import dataclass

from services.errors import TooManyAttempts
from src.database import FailureCount, LoginFailures
from src.domain.ports import Clock

MEMORY_MS = 24 * 3_600_000
"""Failures older than this are forgotten."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` failures cost nothing; each further one doubles the wait, up to `longest_ms`."""

    free: int
    first_ms: int
    longest_ms: int

    def wait_ms(self, failures: int) -> int:
        """How long after its last failure somebody with `failures` may try again."""
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 32)
        return min(self.first_ms << doublings, self.longest_ms)


ACCOUNT = Patience(free=5, first_ms=1_000, longest_ms=5 * 60_000)
"""Short at its longest: a stranger who fails on purpose must not keep the owner out."""

ADDRESS = Patience(free=20, first_ms=1_000, longest_ms=15 * 60_000)
"""Wider: a household or an office shares one address."""


class LoginThrottle:
    """Delays guessing, per account and per address. Nobody is ever locked out for good."""

    def __init__(self, failures: LoginFailures, clock: Clock) -> None:
        self._failures = failures
        self._clock = clock

    def count_attempt(self, account: str, address: str) -> None:
        """Count an attempt that is about to be made. Raises TooManyAttempts instead of counting."""
        now = self._clock.now()

        def refuse_if_too_soon(of_account: FailureCount, of_address: FailureCount) -> None:
            wait = max(
                _remaining_ms(ACCOUNT, of_account, now), _remaining_ms(ADDRESS, of_address, now)
            )
            if wait > 0:
                seconds = -(-wait // 1000)
                raise TooManyAttempts(
                    f"Too many failed attempts; try again in {seconds} s.", seconds
                )

        self._failures.count(account, address, now, now - MEMORY_MS, refuse_if_too_soon)

    def forgive(self, account: str) -> None:
        """The right password was given: what this account failed before no longer counts."""
        self._failures.clear(account)


def _remaining_ms(patience: Patience, count: FailureCount, now: int) -> int:
    if count.newest is None:
        return 0
    return count.newest + patience.wait_ms(count.failures) - now
