"""Runs one function in several processes that begin at the same moment."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

DEADLINE_SECONDS = 60.0

Work = Callable[[str, int], Any]
"""Takes the database's URL and the number of the process; returns what to report."""


def run_together(work: Work, url: str, processes: int = 4) -> list[Any]:
    """What each process reported, by its number. An exception in one is raised here.

    All are forked from one fresh process, so that the imports are paid for once.
    """
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as parent:
        return parent.submit(_fork, work, url, processes).result(2 * DEADLINE_SECONDS)


def _fork(work: Work, url: str, processes: int) -> list[Any]:
    context = multiprocessing.get_context("fork")
    barrier, reports = context.Barrier(processes), context.Queue()
    started = [
        context.Process(target=_run, args=(work, url, number, barrier, reports))
        for number in range(processes)
    ]
    for process in started:
        process.start()
    found = dict(reports.get(timeout=DEADLINE_SECONDS) for _ in started)
    for process in started:
        process.join(DEADLINE_SECONDS)
    for report in found.values():
        if isinstance(report, Exception):
            raise report
    return [found[number] for number in range(processes)]


def _run(
    work: Work, url: str, number: int, barrier: Barrier, reports: "Queue[tuple[int, Any]]"
) -> None:
    barrier.wait(DEADLINE_SECONDS)
    try:
        reports.put((number, work(url, number)))
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        reports.put((number, error))
