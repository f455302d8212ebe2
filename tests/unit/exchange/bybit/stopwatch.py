"""A clock for whoever waits."""

NOW = 1_795_000_000_000


class Stopwatch:
    """Wall time (UTC ms) that passes only while somebody waits, or when it is told to; `waits` are
    seconds."""

    def __init__(self) -> None:
        self.time = NOW
        self.waits: list[float] = []

    def now(self) -> int:
        return self.time

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += round(seconds * 1000)
