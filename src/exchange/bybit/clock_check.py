"""How far this machine's clock is off, as Bybit's clock says."""

from src.domain.ports import Clock
from src.exchange.bybit.signed_client import SignedClient

CLOCK_LIMIT_MS = 500
_SAMPLES = 3
_QUICK_ANSWER_MS = 100


class ClockCheck:
    """The newest comparison. `skew_ms` is positive while this machine's clock is behind."""

    def __init__(self, client: SignedClient, clock: Clock, limit_ms: int = CLOCK_LIMIT_MS) -> None:
        self._client = client
        self._clock = clock
        self._limit_ms = limit_ms
        self.skew_ms = 0

    def measure(self) -> None:
        """Compare by the quickest of a few answers. Raises errors of the ExchangeError tree.

        Half of the way there and back is what the comparison may be wrong by.
        """
        quickest = None
        for _ in range(_SAMPLES):
            before = self._clock.now()
            theirs = self._client.server_time()
            after = self._clock.now()
            if quickest is None or after - before < quickest:
                quickest, self.skew_ms = after - before, theirs - (before + after) // 2
            if quickest <= _QUICK_ANSWER_MS:
                return

    def complaint(self) -> str | None:
        """What is wrong with this machine's clock, if anything."""
        if abs(self.skew_ms) <= self._limit_ms:
            return None
        return (
            f"This machine's clock differs from Bybit's by {abs(self.skew_ms)} ms; "
            "set it by NTP before trading."
        )
