"""Where trials run: processes of this machine or a Dask cluster. The results are the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import joblib

from src.backtest.trial import CandleMarket, Instruments, Outcome, Trial, evaluate
from src.domain.errors import InvalidInput, Unavailable

CONNECT_SECONDS = 20
MEMORY_MAPPED_ABOVE = "64K"
"""Candle columns larger than this are shared between processes instead of copied."""


class Workers(Protocol):
    """Runs trials."""

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        ...


class LocalWorkers:
    """Processes of this machine; `count` 1 stays in this one."""

    def __init__(self, market: CandleMarket, instruments: Instruments, count: int) -> None:
        self._market = market
        self._instruments = instruments
        self._count = count

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        if self._count == 1:
            return [evaluate(trial, self._market, self._instruments) for trial in trials]
        parallel = joblib.Parallel(self._count, max_nbytes=MEMORY_MAPPED_ABOVE)
        outcomes: list[Outcome] = parallel(
            joblib.delayed(evaluate)(trial, dict(self._market), self._instruments)
            for trial in trials
        )
        return outcomes


class DaskWorkers:
    """A Dask cluster whose workers run the same version of this program."""

    def __init__(self, client: Any, market: CandleMarket, instruments: Instruments) -> None:
        self._client = client
        self._instruments = instruments
        # Once to every worker instead of once a trial.
        self._market = client.scatter(dict(market), broadcast=True, hash=False)

    def run(self, trials: Sequence[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        futures = self._client.map(
            evaluate, trials, market=self._market, instruments=self._instruments, pure=False
        )
        outcomes: list[Outcome] = self._client.gather(futures)
        return outcomes


@contextmanager
def open_workers(
    market: CandleMarket,
    instruments: Instruments,
    processes: int,
    scheduler: str | None = None,
    patience: float = CONNECT_SECONDS,
) -> Iterator[Workers]:
    """Workers for trials on `market`: the cluster at `scheduler` (tcp://…), else processes.

    `patience` is how many seconds the cluster has to answer. Raises InvalidInput when Dask is not
    installed, Unavailable when the cluster does not answer.
    """
    if scheduler is None:
        yield LocalWorkers(market, instruments, processes)
        return
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InvalidInput(
            "A scheduler needs Dask on this machine and on the workers: install dask[distributed].",
            "scheduler",
        ) from None
    try:
        client = distributed.Client(scheduler, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unavailable(f"The Dask scheduler {scheduler} does not answer: {error}") from error
    with client:
        _require_this_program(client)
        yield DaskWorkers(client, market, instruments)


def _require_this_program(client: Any) -> None:
    """Raises Unavailable unless scheduler and workers can import what they are to handle."""
    try:
        client.run_on_scheduler(find_spec, "src.backtest")
        client.run(find_spec, "src.backtest")
    except ModuleNotFoundError as error:
        raise Unavailable(
            "The Dask cluster does not find this program: start its scheduler and its workers in "
            "this program's folder, with PYTHONPATH=. before the command."
        ) from error
