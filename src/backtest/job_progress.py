"""How far a job is, told often enough for people and seldom enough for the database."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from src.backtest.runner import Progress, Stage
from src.backtest.trial import Outcome, Trial
from src.backtest.workers import Workers
from src.domain.errors import LeaseLost

SECONDS_BETWEEN = 0.5

Write = Callable[[Mapping[str, Any]], bool]
"""Stores a progress document; False when nobody waits for this run any more."""


class JobProgress:
    """Counts one run. `seconds` is any clock that only goes forward."""

    def __init__(self, write: Write, seconds: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._seconds = seconds
        self._stage = ""
        self._begun = 0.0
        self._written: float | None = None
        self._bars_per_second: float | None = None

    def tell(self, stage: str, done: int, total: int) -> None:
        """Say how far a stage is. Raises LeaseLost when nobody waits for this run any more."""
        now = self._seconds()
        is_news = stage != self._stage or done == total
        if stage != self._stage:
            self._stage, self._begun = stage, now
        passed = now - self._begun
        if stage == Stage.STRATEGY and passed > 0:
            self._bars_per_second = round(done / passed)
        is_soon = self._written is not None and now - self._written < SECONDS_BETWEEN
        if is_soon and not is_news:
            return
        self._written = now
        remaining = passed * (total - done) / done if done and passed else None
        document = {
            "stage": stage,
            "done": done,
            "total": total,
            "barsPerSecond": self._bars_per_second,
            "etaSeconds": None if remaining is None else round(remaining, 1),
        }
        if not self._write(document):
            raise LeaseLost("nobody waits for this backtest any more; nothing more is written")

    def report(self, told: Progress) -> None:
        """The same, as a run tells it."""
        self.tell(told.stage.value, told.done, told.total)


class ToldWorkers:
    """Workers that run trial by trial and say so."""

    def __init__(self, workers: Workers, progress: JobProgress, stage: str, total: int) -> None:
        """`total` trials will be run in the stage."""
        self._workers = workers
        self._progress = progress
        self._stage = stage
        self._total = total
        self._done = 0

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        found: list[Outcome] = []
        for trial in trials:
            self._progress.tell(self._stage, self._done, self._total)
            found += self._workers.run([trial])
            self._done += 1
        self._progress.tell(self._stage, self._done, self._total)
        return found

    def finish(self) -> None:
        """Say that the stage is over: a trial that was asked for twice is run once, so there may
        have been fewer."""
        self._progress.tell(self._stage, self._total, self._total)
