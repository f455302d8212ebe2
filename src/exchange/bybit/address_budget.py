"""How much may be asked of Bybit: beyond its limit on an address it answers 403 for ten minutes."""

from collections import deque
from collections.abc import Callable

from src.domain.ports import Clock

PUBLIC_REQUESTS = 100
SIGNED_REQUESTS = 400
"""Of 600 in five seconds, whoever asks from an address: a trading process spends up to both, which
leaves what a download beside it may spend."""

_WINDOW_MS = 5_000


class AddressBudget:
    """At most `most` requests in any five seconds; `wait` is told how many seconds the next has to.

    A wait may end early, as when the client is closed: what follows it is not held back again.
    """

    def __init__(self, most: int, clock: Clock, wait: Callable[[float], object]) -> None:
        self._clock = clock
        self._wait = wait
        self._sent: deque[int] = deque(maxlen=most)

    def spend(self) -> None:
        """One request; returns when it may leave."""
        if len(self._sent) == self._sent.maxlen:
            too_early = self._sent[0] + _WINDOW_MS - self._clock.now()
            if too_early > 0:
                self._wait(min(too_early, _WINDOW_MS) / 1000)
        self._sent.append(self._clock.now())
