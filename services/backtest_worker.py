"""What the process does that looks after the queue of backtests.

It computes nothing: every job is a child process, which it starts, watches and ends.
"""

import logging
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.lease_worker import Tenure
from src.database import BacktestJobs, LiveState, StorageUnavailable
from src.database.backtest_jobs import QUEUED, RUNNING, BacktestJob
from src.domain.ports import Clock

log = logging.getLogger("backtests")

STEP_SECONDS = 0.25
TERM_SECONDS = 2.0
SHOWN_MS = 60_000
"""How long a job stays in the live state after its end."""

LIVE_NAME = "backtests"

StartChild = Callable[[BacktestJob], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, slots=True)
class Run:
    """One start of a job and its process."""

    job_id: int
    attempt: int
    process: "subprocess.Popen[bytes]"


class BacktestDesk:
    """What the holder of the lease works on: at most `processes` children at a time."""

    def __init__(
        self,
        jobs: BacktestJobs,
        live: LiveState,
        clock: Clock,
        start_child: StartChild,
        processes: int,
    ) -> None:
        self._jobs = jobs
        self._live = live
        self._clock = clock
        self._start_child = start_child
        self._processes = processes
        self._runs: list[Run] = []
        self._shown: Mapping[str, Any] | None = None

    def open(self) -> None:
        """Take over: whatever runs according to its row has nobody who works on it."""
        for job in self._jobs.recover():
            log.warning("backtest %d was interrupted; it is %s now", job.id, job.status)

    def step(self) -> None:
        """Look once: who has ended, who is not wanted any more, who is next."""
        jobs = self._jobs.lately(self._clock.now() - SHOWN_MS)
        self._show(jobs)
        wanted = {(job.id, job.attempts) for job in jobs if job.status == RUNNING}
        self._runs = [run for run in self._runs if not self._over(run, wanted)]
        # Reading first: an empty queue must not ask for the write lock four times a second.
        waiting = sum(job.status == QUEUED for job in jobs)
        for _ in range(min(waiting, self._processes - len(self._runs))):
            job = self._jobs.take_next()
            if job is not None:
                self._runs.append(Run(job.id, job.attempts, self._start_child(job)))
                log.info("backtest %d runs (start %d)", job.id, job.attempts)

    def close(self, *, hand_back: bool) -> None:
        """End every child. Handed back, their jobs wait again and the start does not count."""
        for run in self._runs:
            run.process.terminate()
        for run in self._runs:
            _end(run.process)
        runs, self._runs = self._runs, []
        for run in runs if hand_back else ():
            self._jobs.give_back(run.job_id, run.attempt)

    def _over(self, run: Run, wanted: Collection[tuple[int, int]]) -> bool:
        code = run.process.poll()
        if code is not None:
            if self._jobs.fail(run.job_id, run.attempt, _sentence(code)):
                log.error("backtest %d ended with code %d", run.job_id, code)
            return True
        if (run.job_id, run.attempt) in wanted:
            return False
        _end(run.process)
        return True

    def _show(self, jobs: Sequence[BacktestJob]) -> None:
        state = {
            "jobs": [{"id": job.id, "status": job.status, "progress": job.progress} for job in jobs]
        }
        if state != self._shown:
            self._live.write(LIVE_NAME, state)
            self._shown = state


def run_queue(desk: BacktestDesk, tenure: Tenure) -> None:
    """Work on the queue until the tenure is over; then its children end."""
    try:
        desk.open()
        while not tenure.over.wait(STEP_SECONDS):
            try:
                desk.step()
            except StorageUnavailable as error:
                # The children go on. Should another process take over meanwhile, it counts
                # a new start, and what they write is ignored.
                log.warning("the queue of backtests could not be read: %s", error)
    finally:
        desk.close(hand_back=not tenure.lost)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a child to end, then make it."""
    process.terminate()
    try:
        process.wait(TERM_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _sentence(code: int) -> str:
    """Why a child is gone that said nothing itself; a negative code is a signal."""
    if code == -9:
        return (
            "The operating system ended this backtest, most likely for want of memory: choose "
            "fewer candles or symbols, or give the machine more."
        )
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return f"The process of this backtest broke off with {how}; the log of the server tells more."
