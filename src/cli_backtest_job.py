"""`flask backtest-job`: one queued backtest in a process of its own, started by the server."""

import logging
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from src.cli_settings import read_settings
from src.clock import SystemClock
from src.database import BacktestJobs, TrialLedger, open_database
from src.domain.errors import LeaseLost, TradingSystemError
from src.logs import FORMAT

if TYPE_CHECKING:
    from src.backtest.request import BacktestRequest
    from src.config import Settings
    from src.database.backtest_jobs import BacktestJob

log = logging.getLogger("backtests")

NICENESS = 10
PARENT_CHECK_SECONDS = 0.5


@click.command("backtest-job", hidden=True)
@click.argument("job_id", type=int)
@click.argument("attempt", type=int)
@click.option("--exit-with-parent", is_flag=True, help="End when the starting process is gone.")
def backtest_job(job_id: int, attempt: int, exit_with_parent: bool) -> None:
    """Run the queued backtest JOB_ID, whose ATTEMPT-th start this is."""
    logging.basicConfig(level=logging.INFO, format=FORMAT)
    os.nice(NICENESS)
    # One thread: trading shares this machine, and every further one takes address space.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if exit_with_parent:
        _end_with(os.getppid())
    settings = read_settings()
    jobs = BacktestJobs(open_database(settings.database_url))
    job = jobs.find(job_id)
    if job is None or not jobs.still_runs(job_id, attempt):
        return
    run, limit = _prepared(settings, jobs, job), settings.backtest_memory_mb
    try:
        with _at_most(limit):
            run()
    except LeaseLost as over:
        log.info("backtest %d: %s", job_id, over)
    except MemoryError:
        jobs.fail(
            job_id,
            attempt,
            f"This backtest needs more than the {limit} MB it may use: choose fewer candles or "
            "symbols, or raise BACKTEST_MEMORY_MB.",
        )
    except TradingSystemError as wrong:
        jobs.fail(job_id, attempt, str(wrong))


@contextmanager
def _at_most(megabytes: int) -> Iterator[None]:
    """Refuse this process more memory; afterwards there is enough to write down what failed."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _prepared(settings: "Settings", jobs: BacktestJobs, job: "BacktestJob") -> Callable[[], None]:
    """What runs the job. Everything is imported here, before the limit: a library that cannot be
    loaded for want of memory says so in words of its own."""
    from src.backtest.job import run_job
    from src.backtest.job_plan import plan_of
    from src.backtest.job_progress import JobProgress
    from src.database.candle_history import CandleHistory

    def run() -> None:
        database = open_database(settings.database_url)
        found = run_job(
            _request(settings, job),
            CandleHistory(database, job.request["market"]),
            TrialLedger(database),
            JobProgress(lambda document: jobs.progress(job.id, job.attempts, document)),
            SystemClock().now,
            f"job-{job.id}",
            plan_of(job.request),
        )
        jobs.finish(job.id, job.attempts, found.report, found.verdict, found.headline)

    return run


def _request(settings: "Settings", job: "BacktestJob") -> "BacktestRequest":
    from src.backtest.job import asked_request
    from src.cli_backtest import request_from
    from src.domain.candle import Timeframe

    asked = job.request
    base = request_from(
        settings, tuple(asked["symbols"]), Timeframe(asked["timeframe"]), None, None, 0
    )
    return asked_request(asked, base, settings.smt_peers)


def _end_with(parent: int) -> None:
    """End this process at once when `parent` is not its parent any more."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
