"""Bars for a terminal: how far a backtest or a search is, how fast, and how long it still takes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from src.backtest.runner import Progress as Told
    from src.backtest.runner import Report
    from src.backtest.trial import Outcome, Trial
    from src.backtest.workers import Workers

_UNITS = {"strategy": "bars", "account": "setups"}


class _Speed(ProgressColumn):
    """`3,200,000 bars/s`; nothing before there is a speed."""

    def render(self, task: Task) -> Text:
        """The speed of a task in its own unit."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} {task.fields['unit']}/s")


@contextmanager
def _bars() -> Iterator[Progress]:
    """Only for people: a file or another program gets none of it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} {task.fields[unit]}"),
        _Speed(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, transient=True, console=console, disable=not console.is_terminal
    ) as bars:
        yield bars


@contextmanager
def run_progress() -> "Iterator[Report]":
    """A bar for every stage of a run, which is told how far the run is."""
    with _bars() as bars:
        tasks = {}

        def report(told: "Told") -> None:
            if told.stage not in tasks:
                unit = _UNITS[told.stage.value]
                tasks[told.stage] = bars.add_task(told.stage.value, total=told.total, unit=unit)
            bars.update(tasks[told.stage], completed=told.done, total=told.total)

        yield report


class CountedWorkers:
    """Workers that count on a bar the trials they were given; what was asked before is quicker
    than a trial, so a search may end before its bar does."""

    def __init__(self, workers: "Workers", bars: Progress, stage: str, total: int) -> None:
        self._workers = workers
        self._bars = bars
        self._task = bars.add_task(stage, total=total, unit="trials")

    def run(self, trials: "Iterable[Trial]") -> "list[Outcome]":
        """The outcome of every trial, in their order."""
        found = self._workers.run(trials)
        self._bars.advance(self._task, len(found))
        return found


@contextmanager
def trial_progress(workers: "Workers", stage: str, total: int) -> "Iterator[Workers]":
    """The same workers with a bar over `total` trials."""
    with _bars() as bars:
        yield CountedWorkers(workers, bars, stage, total)
