"""The queue of backtests: its order, its starts, and what becomes of a start nobody waits for."""

from typing import Any

import pytest

from src.database import BacktestJobs, Database
from src.database.backtest_jobs import LOST, MOST_ATTEMPTS, BacktestJob

NOON = 1_790_000_000_000
REQUEST = {"symbols": ["BTCUSDT"]}
HEADLINE: dict[str, Any] = {"netR": 1.0, "trades": 1, "sharpe": None, "maxDrawdown": 0.0}


class ManualClock:
    """Wall time that moves when it is told to. UTC ms."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> int:
        return self.time


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def jobs(database: Database, clock: ManualClock) -> BacktestJobs:
    return BacktestJobs(database, clock)


def start(jobs: BacktestJobs) -> BacktestJob:
    job = jobs.take_next()
    assert job is not None
    return job


def status(jobs: BacktestJobs, job_id: int) -> str:
    job = jobs.find(job_id)
    assert job is not None
    return job.status


def finish(jobs: BacktestJobs, job: BacktestJob, report: dict[str, Any]) -> bool:
    return jobs.finish(job.id, job.attempts, report, "a verdict", HEADLINE)


class TestQueue:
    def test_who_asked_first_is_served_first_and_each_once(self, jobs: BacktestJobs) -> None:
        asked = [jobs.add(REQUEST, "somebody").id for _ in range(3)]
        started = [start(jobs) for _ in range(3)]
        assert [job.id for job in started] == asked
        assert [(job.status, job.attempts) for job in started] == [("running", 1)] * 3
        assert jobs.take_next() is None

    def test_what_was_cancelled_while_it_waited_is_passed_over(self, jobs: BacktestJobs) -> None:
        first, second = (jobs.add(REQUEST, "somebody").id for _ in range(2))
        assert jobs.cancel(first)
        assert start(jobs).id == second

    def test_the_newest_come_first_and_older_ones_follow_page_by_page(
        self, jobs: BacktestJobs
    ) -> None:
        asked = [jobs.add(REQUEST, "somebody").id for _ in range(5)]
        first = [job.id for job in jobs.newest(2)]
        second = [job.id for job in jobs.newest(2, before=first[-1])]
        assert first + second == asked[:0:-1]
        assert [job.id for job in jobs.newest(2, before=second[-1])] == asked[:1]

    def test_only_what_waits_runs_or_ended_lately_is_shown_live(
        self, jobs: BacktestJobs, clock: ManualClock
    ) -> None:
        ended, running, waiting = (jobs.add(REQUEST, "somebody").id for _ in range(3))
        jobs.cancel(ended)
        start(jobs)
        assert [job.id for job in jobs.lately(NOON)] == [ended, running, waiting]
        clock.time += 60_001
        assert [job.id for job in jobs.lately(clock.time - 60_000)] == [running, waiting]


class TestOutcome:
    def test_a_report_comes_back_as_it_was_kept(
        self, jobs: BacktestJobs, clock: ManualClock
    ) -> None:
        jobs.add(REQUEST, "somebody")
        job = start(jobs)
        clock.time += 5_000
        assert jobs.progress(job.id, 1, {"stage": "strategy"})
        assert finish(jobs, job, {"sentence": "übrig"})
        found = jobs.find(job.id)
        assert found is not None
        assert (found.status, found.verdict, found.headline) == ("finished", "a verdict", HEADLINE)
        assert (found.progress, found.finished_at) == (None, NOON + 5_000)
        assert jobs.report(job.id) == b'{"sentence":"\\u00fcbrig"}'

    def test_a_start_that_does_not_count_any_more_writes_nothing(self, jobs: BacktestJobs) -> None:
        jobs.add(REQUEST, "somebody")
        job = start(jobs)
        jobs.cancel(job.id)
        assert not jobs.progress(job.id, 1, {"stage": "strategy"})
        assert not finish(jobs, job, {})
        assert not jobs.fail(job.id, 1, "too late")
        assert (status(jobs, job.id), jobs.report(job.id)) == ("cancelled", None)

    def test_an_older_start_cannot_speak_for_a_newer_one(self, jobs: BacktestJobs) -> None:
        jobs.add(REQUEST, "somebody")
        older = start(jobs)
        jobs.recover()
        newer = start(jobs)
        assert not finish(jobs, older, {"from": "the older"})
        assert finish(jobs, newer, {"from": "the newer"})
        assert jobs.report(newer.id) == b'{"from":"the newer"}'

    def test_removing_takes_the_report_along_but_nothing_that_runs(
        self, jobs: BacktestJobs
    ) -> None:
        other, job = (jobs.add(REQUEST, "somebody") and start(jobs) for _ in range(2))
        finish(jobs, other, {"of": "the other"})
        assert not jobs.remove(job.id)
        finish(jobs, job, {})
        assert jobs.remove(job.id)
        assert (jobs.find(job.id), jobs.report(job.id)) == (None, None)
        assert jobs.report(other.id) == b'{"of":"the other"}'

    def test_a_start_is_asked_whether_it_still_counts(self, jobs: BacktestJobs) -> None:
        jobs.add(REQUEST, "somebody")
        job = start(jobs)
        assert jobs.still_runs(job.id, 1)
        assert not jobs.still_runs(job.id, 2)
        jobs.cancel(job.id)
        assert not jobs.still_runs(job.id, 1)


class TestInterruption:
    def test_an_interrupted_job_waits_again_at_its_place(self, jobs: BacktestJobs) -> None:
        interrupted, waiting = (jobs.add(REQUEST, "somebody").id for _ in range(2))
        start(jobs)
        [job] = jobs.recover()
        assert (job.id, job.status, job.attempts) == (interrupted, "queued", 1)
        assert start(jobs).id == interrupted
        assert start(jobs).id == waiting

    def test_interrupted_too_often_it_is_lost_with_a_sentence(
        self, jobs: BacktestJobs, clock: ManualClock
    ) -> None:
        job_id = jobs.add(REQUEST, "somebody").id
        assert MOST_ATTEMPTS == 2, "the sentence says so"
        for _ in range(MOST_ATTEMPTS):
            start(jobs)
            clock.time += 1_000
            jobs.recover()
        job = jobs.find(job_id)
        assert job is not None
        assert (job.status, job.error, job.finished_at) == ("lost", LOST, clock.time)
        assert jobs.take_next() is None

    def test_a_start_ended_in_good_order_does_not_count(self, jobs: BacktestJobs) -> None:
        job_id = jobs.add(REQUEST, "somebody").id
        for _ in range(MOST_ATTEMPTS + 1):
            jobs.give_back(job_id, start(jobs).attempts)
        assert start(jobs).attempts == 1
