"""Backtests that were asked for: a queue in order of asking, and what became of each.

A job waits (`queued`), runs, and ends as `finished`, `failed`, `cancelled` or `lost`. Whoever ends
it writes the row; the process that works on it notices, and its own words count no more.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    delete,
    func,
    insert,
    select,
    update,
)

from src.database.backtest_tables import backtest_jobs as jobs
from src.database.backtest_tables import backtest_reports as reports
from src.database.clock import SYSTEM_CLOCK
from src.database.engines import Database
from src.domain.ports import Clock

BACKTESTS_LEASE = "backtests"
"""Name of the lease under which jobs are started."""

MOST_ATTEMPTS = 2
LOST = (
    "The system went down twice while this backtest was running, so it is not started a third "
    "time. Nothing of it is kept; ask for it again when the cause is known."
)
Status = Literal["queued", "running", "finished", "failed", "cancelled", "lost"]
QUEUED: Status = "queued"
RUNNING: Status = "running"
FINISHED: Status = "finished"
FAILED: Status = "failed"
CANCELLED: Status = "cancelled"
WENT_LOST: Status = "lost"


@dataclass(frozen=True, slots=True)
class BacktestJob:
    """One job. Times are wall time in UTC ms, None where it has not happened.

    `attempts` counts its starts. `request`, `progress` and `headline` are as the API shows them.
    """

    id: int
    status: Status
    request: Mapping[str, Any]
    requested_by: str
    created_at: int
    started_at: int | None
    finished_at: int | None
    attempts: int
    progress: Mapping[str, Any] | None
    verdict: str | None
    headline: Mapping[str, Any] | None
    error: str | None


class BacktestJobs:
    """The jobs of one installation, whatever its market."""

    def __init__(self, database: Database, clock: Clock = SYSTEM_CLOCK) -> None:
        self._database = database
        self._clock = clock

    def add(self, request: Mapping[str, Any], requested_by: str) -> BacktestJob:
        """Put a job at the end of the queue."""
        statement = (
            insert(jobs)
            .values(
                status=QUEUED,
                request=dict(request),
                requested_by=requested_by,
                created_at=self._clock.now(),
                attempts=0,
            )
            .returning(*jobs.c)
        )
        with self._database.writing() as connection:
            return _job(connection.execute(statement).mappings().one())

    def find(self, job_id: int) -> BacktestJob | None:
        """One job; None if there is no such job."""
        found = self._read(select(jobs).where(jobs.c.id == job_id))
        return found[0] if found else None

    def newest(self, limit: int, before: int | None = None) -> list[BacktestJob]:
        """The newest jobs (of those before job number `before`), newest first."""
        query = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        return self._read(query if before is None else query.where(jobs.c.id < before))

    def waiting(self) -> int:
        """How many jobs have not ended."""
        query = select(func.count()).where(jobs.c.status.in_((QUEUED, RUNNING)))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def lately(self, since: int) -> list[BacktestJob]:
        """Jobs that wait, run or ended at or after `since` (UTC ms), oldest first."""
        here = jobs.c.status.in_((QUEUED, RUNNING)) | (jobs.c.finished_at >= since)
        return self._read(select(jobs).where(here).order_by(jobs.c.id))

    def report(self, job_id: int) -> bytes | None:
        """The report as JSON text; None while there is none."""
        query = select(reports.c.report).where(reports.c.job_id == job_id)
        with self._database.reading() as connection:
            stored = connection.execute(query).scalar()
        return None if stored is None else zlib.decompress(stored)

    def cancel(self, job_id: int) -> bool:
        """End a job that has not ended; False if there is none such."""
        open_ = (jobs.c.id == job_id) & jobs.c.status.in_((QUEUED, RUNNING))
        return self._end(open_, CANCELLED)

    def remove(self, job_id: int) -> bool:
        """Forget a job that is not running, report included; False if there is none such."""
        with self._database.writing() as connection:
            there = connection.execute(
                select(jobs.c.id)
                .where(jobs.c.id == job_id, jobs.c.status != RUNNING)
                .with_for_update()
            ).first()
            if there is None:
                return False
            connection.execute(delete(reports).where(reports.c.job_id == job_id))
            connection.execute(delete(jobs).where(jobs.c.id == job_id))
            return True

    def take_next(self) -> BacktestJob | None:
        """Start the job that has waited longest; None when none waits."""
        with self._database.writing() as connection:
            first = select(func.min(jobs.c.id)).where(jobs.c.status == QUEUED).scalar_subquery()
            row = (
                connection.execute(
                    update(jobs)
                    .where(jobs.c.id == first, jobs.c.status == QUEUED)
                    .values(
                        status=RUNNING,
                        attempts=jobs.c.attempts + 1,
                        started_at=self._clock.now(),
                        progress=None,
                    )
                    .returning(*jobs.c)
                )
                .mappings()
                .first()
            )
        return None if row is None else _job(row)

    def recover(self) -> list[BacktestJob]:
        """Jobs that run although nobody can be working on them: to the queue, or lost.

        They keep their place in the queue. Returns what became of them.
        """
        with self._database.writing() as connection:
            orphans = connection.execute(
                select(jobs.c.id, jobs.c.attempts).where(jobs.c.status == RUNNING)
            ).all()
            for job_id, attempts in orphans:
                values: dict[str, object] = {"status": QUEUED, "progress": None}
                if attempts >= MOST_ATTEMPTS:
                    values = self._ending(WENT_LOST, LOST)
                connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))
            numbers = [job_id for job_id, _ in orphans]
            return _read(connection, select(jobs).where(jobs.c.id.in_(numbers)))

    def give_back(self, job_id: int, attempt: int) -> None:
        """A start that was ended in good order does not count: the job waits again."""
        self._write(
            _of_attempt(job_id, attempt).values(
                status=QUEUED, attempts=attempt - 1, started_at=None, progress=None
            )
        )

    def still_runs(self, job_id: int, attempt: int) -> bool:
        """Whether the job still waits for the outcome of this start."""
        query = select(jobs.c.id).where(*_owned(job_id, attempt))
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def progress(self, job_id: int, attempt: int, progress: Mapping[str, Any]) -> bool:
        """Write how far a start is; False when it does not count any more."""
        statement = _of_attempt(job_id, attempt).values(progress=dict(progress))
        return self._write(statement, durable=False)

    def finish(
        self,
        job_id: int,
        attempt: int,
        report: Mapping[str, Any],
        verdict: str,
        headline: Mapping[str, Any],
    ) -> bool:
        """Keep the report of a start; False, and nothing kept, when it does not count any more."""
        text = json.dumps(report, allow_nan=False, separators=(",", ":"))
        ending = self._ending(FINISHED) | {"verdict": verdict, "headline": dict(headline)}
        with self._database.writing() as connection:
            done = connection.execute(_of_attempt(job_id, attempt).values(**ending))
            if done.rowcount == 0:
                return False
            connection.execute(
                insert(reports).values(job_id=job_id, report=zlib.compress(text.encode()))
            )
            return True

    def fail(self, job_id: int, attempt: int, error: str) -> bool:
        """End a start with a sentence; False when it does not count any more."""
        statement = _of_attempt(job_id, attempt).values(**self._ending(FAILED, error))
        return self._write(statement)

    def _end(self, which: ColumnElement[bool], status: Status) -> bool:
        return self._write(update(jobs).where(which).values(**self._ending(status)))

    def _ending(self, status: Status, error: str | None = None) -> dict[str, object]:
        return {
            "status": status,
            "finished_at": self._clock.now(),
            "progress": None,
            "error": error,
        }

    def _write(self, statement: Update, *, durable: bool = True) -> bool:
        with self._database.writing(durable=durable) as connection:
            return bool(connection.execute(statement).rowcount)

    def _read(self, query: Select[Any]) -> list[BacktestJob]:
        with self._database.reading() as connection:
            return _read(connection, query)


def _owned(job_id: int, attempt: int) -> tuple[ColumnElement[bool], ...]:
    return (jobs.c.id == job_id, jobs.c.status == RUNNING, jobs.c.attempts == attempt)


def _of_attempt(job_id: int, attempt: int) -> Update:
    return update(jobs).where(*_owned(job_id, attempt))


def _read(connection: Connection, query: Select[Any]) -> list[BacktestJob]:
    return [_job(row) for row in connection.execute(query).mappings()]


def _job(row: RowMapping) -> BacktestJob:
    return BacktestJob(**row)
