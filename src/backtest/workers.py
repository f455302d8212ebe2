"""Where trials run: processes of this machine or a Dask cluster. The results are the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self

import joblib
import numpy as np
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.backend import resource_tracker

from src.backtest.trial import CandleMarket, Instruments, Outcome, Trial, evaluate
from src.domain.errors import InvalidInput, Unavailable
from src.strategy.candle_arrays import CandleArrays

CONNECT_SECONDS = 20
IDLE_SECONDS = 60
"""How long a process waits for more trials before it ends."""


class Workers(Protocol):
    """Runs trials."""

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order. They may still be made while some run."""
        ...


class LocalWorkers:
    """`count` processes of this machine, -1 for one on every core; 1 stays in this one.

    Closed by `with`. The processes are joblib's, which keeps them from one use to the next. They
    read the candles from one file that all of them map into their memory.
    """

    def __init__(self, market: CandleMarket, instruments: Instruments, count: int) -> None:
        self._market = market
        self._instruments = instruments
        self._count = joblib.cpu_count() if count == -1 else count
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        if self._count == 1:
            return [evaluate(trial, self._market, self._instruments) for trial in trials]
        processes = get_reusable_executor(self._count, timeout=IDLE_SECONDS)
        with ExitStack() as unfinished:
            # Whoever is interrupted waits for no process.
            unfinished.callback(processes.shutdown, kill_workers=True)
            parts = [
                processes.submit(_evaluated, part, self._candles, self._instruments)
                for part in _parts(trials, self._count)
            ]
            outcomes = [outcome for part in parts for outcome in part.result()]
            unfinished.pop_all()
        return outcomes

    @cached_property
    def _candles(self) -> Path:
        """The file with the candles, made when it is first needed."""
        folder = self._open.enter_context(TemporaryDirectory(prefix="candles-"))
        # Should this process be killed, joblib's tracker removes the folder.
        resource_tracker.register(folder, "folder")
        self._open.callback(resource_tracker.unregister, folder, "folder")
        file = Path(folder) / "candles"
        joblib.dump({symbol: _columns(one) for symbol, one in self._market.items()}, file)
        return file


def _parts(trials: Iterable[Trial], workers: int) -> Iterator[Sequence[Trial]]:
    """What is handed out at a time; each trial at once where they are only now being made."""
    if isinstance(trials, Sequence):
        return shrinking_parts(trials, workers)
    return ([trial] for trial in trials)


def shrinking_parts(trials: Sequence[Trial], workers: int) -> Iterator[Sequence[Trial]]:
    """The trials in parts that get smaller: handing out costs little, and at the end all workers
    are done within the time of one trial."""
    first = 0
    while first < len(trials):
        last = first + max(1, (len(trials) - first) // (2 * workers))
        yield trials[first:last]
        first = last


def _evaluated(trials: Sequence[Trial], candles: Path, instruments: Instruments) -> list[Outcome]:
    """In a process of its own: the outcomes of a part."""
    market = _mapped(candles)
    return [evaluate(trial, market, instruments) for trial in trials]


@lru_cache(maxsize=1)
def _mapped(candles: Path) -> CandleMarket:
    """The candles of a file, shared with every process that maps it."""
    # Copied where written, which never happens: kernels are compiled for arrays they may write.
    found: Mapping[str, tuple[Any, ...]] = joblib.load(candles, mmap_mode="c")
    return {symbol: CandleArrays(*map(np.asarray, columns)) for symbol, columns in found.items()}


def _columns(candles: CandleArrays) -> tuple[Any, ...]:
    return candles.time, candles.open, candles.high, candles.low, candles.close


class DaskWorkers:
    """A Dask cluster whose workers run the same version of this program."""

    def __init__(self, client: Any, market: CandleMarket, instruments: Instruments) -> None:
        self._client = client
        self._instruments = instruments
        # Once to every worker instead of once a trial.
        self._market = client.scatter(dict(market), broadcast=True, hash=False)

    def run(self, trials: Iterable[Trial]) -> list[Outcome]:
        """The outcome of every trial, in their order."""
        futures = self._client.map(
            evaluate, list(trials), market=self._market, instruments=self._instruments, pure=False
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
        with LocalWorkers(market, instruments, processes) as local:
            yield local
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
