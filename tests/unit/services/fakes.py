"""Small stand-ins for what the world provides."""

KEY = "a-key-that-only-these-tests-know-0123456789"


class ManualClock:
    """Wall time that stands still until it is moved."""

    def __init__(self, now: int = 1_790_000_000_000) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def advance(self, milliseconds: int) -> None:
        self._now += milliseconds
