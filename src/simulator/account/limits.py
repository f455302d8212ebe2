"""Rate limits per account: so many requests of a kind in any rolling second."""

from collections import deque
from collections.abc import Callable

_SECOND_MS = 1_000


class RateLimits:
    """Counts requests by path. `wall` answers UTC ms."""

    def __init__(self, wall: Callable[[], int]) -> None:
        self._wall = wall
        self._seen: dict[str, deque[int]] = {}

    def take(self, path: str, limit: int) -> tuple[bool, dict[str, str]]:
        """Whether the request is within the limit, and the headers that say what is left."""
        now = self._wall()
        seen = self._seen.setdefault(path, deque())
        while seen and seen[0] <= now - _SECOND_MS:
            seen.popleft()
        allowed = len(seen) < limit
        if allowed:
            seen.append(now)
        reset = seen[0] + _SECOND_MS if len(seen) >= limit else now
        return allowed, {
            "X-Bapi-Limit": str(limit),
            "X-Bapi-Limit-Status": str(limit - len(seen)),
            "X-Bapi-Limit-Reset-Timestamp": str(reset),
        }
