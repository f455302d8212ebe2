"""How far a job is, told often enough for people and seldom enough for the database."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from src.backtest.runner import Progress, Stage, candles_read
from src.backtest.trial import CandleMarket, Outcome, Trial
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

    def tell(self, stage: str, done: int, total: int, bars: int | None = None) -> None:
        """Say how far a stage is, and how many candles it has folded where that is not `done`.

        Raises LeaseLost when nobody waits for this run any more.
        """
        now = self._seconds()
        is_news = stage != self._stage or done == total
        if stage != self._stage:
            self._stage, self._begun = stage, now
        passed = now - self._begun
        folded = done if stage == Stage.STRATEGY else bars
        if folded and passed > 0:
            self._bars_per_second = round(folded / passed)
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

    def __init__(
        self,
        workers: Workers,
        progress: JobProgress,
        stage: str,
        total: int,
        market: CandleMarket,
    ) -> None:
        """`total` trials will be run on `market` in the stage."""
        self._workers = workers
        self._progress = progress
        self._stage = stage
        self._total = total
        self._market = market
        self._done = self._bars = 0

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        found: list[Outcome] = []
        for trial in trials:
            self._tell(self._done)
            found += self._workers.run([trial])
            self._done += 1
            self._bars += candles_read(trial.request, self._market)
        self._tell(self._done)
        return found

    def finish(self) -> None:
        """Say that the stage is over: a trial that was asked for twice is run once, so there may
        have been fewer."""
        self._tell(self._total)

    def _tell(self, done: int) -> None:
        self._progress.tell(self._stage, done, self._total, self._bars)
