"""The desk of the backtest queue: how many children run, and what their ends mean."""

import subprocess
from collections.abc import Iterator

import pytest

from services.backtest_worker import LIVE_NAME, BacktestDesk
from src.database import BacktestJobs, Database, LiveState
from src.database.backtest_jobs import BacktestJob
from tests.product import wait_until
from tests.unit.services.fakes import ManualClock

REQUEST = {"symbols": ["BTCUSDT"]}
ENVIRONMENT = "simulator"


class Nursery:
    """Starts real processes that do what the next command says instead of backtests."""

    def __init__(self) -> None:
        self.command = ["sleep", "60"]
        self.children: list[subprocess.Popen[bytes]] = []

    def start(self, _job: BacktestJob) -> "subprocess.Popen[bytes]":
        self.children.append(subprocess.Popen(self.command))
        return self.children[-1]

    @property
    def alive(self) -> int:
        return sum(child.poll() is None for child in self.children)


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    for child in nursery.children:
        child.kill()
        child.wait()


@pytest.fixture
def jobs(database: Database, clock: ManualClock) -> BacktestJobs:
    return BacktestJobs(database, clock)


def desk_of(
    database: Database, clock: ManualClock, nursery: Nursery, processes: int = 1
) -> BacktestDesk:
    return BacktestDesk(
        BacktestJobs(database, clock),
        LiveState(database, ENVIRONMENT, clock),
        clock,
        nursery.start,
        processes,
    )


def job(jobs: BacktestJobs, job_id: int) -> BacktestJob:
    found = jobs.find(job_id)
    assert found is not None
    return found


def test_no_more_children_run_than_are_allowed(
    database: Database, clock: ManualClock, jobs: BacktestJobs, nursery: Nursery
) -> None:
    asked = [jobs.add(REQUEST, "somebody").id for _ in range(3)]
    desk = desk_of(database, clock, nursery, processes=2)
    desk.step()
    desk.step()
    assert nursery.alive == 2
    assert [job(jobs, job_id).status for job_id in asked] == ["running", "running", "queued"]
    desk.close(hand_back=True)


def test_the_child_of_a_cancelled_job_is_ended_and_the_next_begins(
    database: Database, clock: ManualClock, jobs: BacktestJobs, nursery: Nursery
) -> None:
    first, second = (jobs.add(REQUEST, "somebody").id for _ in range(2))
    desk = desk_of(database, clock, nursery)
    desk.step()
    jobs.cancel(first)
    desk.step()
    assert (nursery.alive, job(jobs, second).status) == (1, "running")
    desk.close(hand_back=True)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("kill -9 $$", "want of memory"), ("kill -11 $$", "signal 11"), ("exit 3", "code 3")],
)
def test_a_child_that_broke_off_says_nothing_so_the_desk_does(
    database: Database,
    clock: ManualClock,
    jobs: BacktestJobs,
    nursery: Nursery,
    command: str,
    sentence: str,
) -> None:
    job_id = jobs.add(REQUEST, "somebody").id
    nursery.command = ["sh", "-c", command]
    desk = desk_of(database, clock, nursery)
    desk.step()
    wait_until(lambda: nursery.alive == 0, 60, "the child to break off")
    desk.step()
    found = job(jobs, job_id)
    assert found.status == "failed"
    assert sentence in str(found.error)


def test_a_desk_that_closes_in_good_order_hands_its_jobs_back(
    database: Database, clock: ManualClock, jobs: BacktestJobs, nursery: Nursery
) -> None:
    job_id = jobs.add(REQUEST, "somebody").id
    desk = desk_of(database, clock, nursery)
    desk.step()
    desk.close(hand_back=True)
    found = job(jobs, job_id)
    assert (nursery.alive, found.status, found.attempts) == (0, "queued", 0)


def test_a_desk_that_lost_its_lease_leaves_the_rows_to_its_successor(
    database: Database, clock: ManualClock, jobs: BacktestJobs, nursery: Nursery
) -> None:
    job_id = jobs.add(REQUEST, "somebody").id
    desk = desk_of(database, clock, nursery)
    desk.step()
    desk.close(hand_back=False)
    assert (nursery.alive, job(jobs, job_id).status) == (0, "running")
    successor = desk_of(database, clock, nursery)
    successor.open()
    successor.step()
    assert (nursery.alive, job(jobs, job_id).attempts) == (1, 2)
    successor.close(hand_back=True)


def test_the_live_state_changes_only_when_the_jobs_do(
    database: Database, clock: ManualClock, jobs: BacktestJobs, nursery: Nursery
) -> None:
    live = LiveState(database, ENVIRONMENT, clock)
    desk = desk_of(database, clock, nursery, processes=0)
    job_id = jobs.add(REQUEST, "somebody").id
    desk.step()
    desk.step()
    waiting = {"jobs": [{"id": job_id, "status": "queued", "progress": None}]}
    assert live.read(LIVE_NAME) == (1, waiting)
    jobs.cancel(job_id)
    clock.advance(60_001)
    desk.step()
    assert live.read(LIVE_NAME) == (2, {"jobs": []})
