"""The same trials on this process, on processes and on a real Dask cluster: the same outcomes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest

from src.backtest.alteration import Alteration
from src.backtest.optimiser import Found, Search, optimise
from src.backtest.request import BacktestRequest
from src.backtest.search_space import search_space
from src.backtest.trial import Trial
from src.backtest.workers import open_workers, shrinking_parts
from src.domain.errors import InvalidInput, Unavailable
from tests.unit.backtest.market import INSTRUMENTS, market

MARKET = market(("BTCUSDT", "ETHUSDT"), days=12)
BASE = Trial(BacktestRequest(("BTCUSDT", "ETHUSDT")))
SEARCH = Search(search_space(["confluence_threshold=30,40,50", "setup_bars"]), 8, seed=3, batch=4)


def searched(processes: int, scheduler: str | None = None) -> Found:
    with open_workers(MARKET, INSTRUMENTS, processes, scheduler) as workers:
        found = optimise(BASE, SEARCH, workers)
        late = Trial(BASE.request, Alteration(delay_bars=1))
        assert workers.run([late, BASE])[0].trial == late
    return found


@contextmanager
def dask_cluster() -> Iterator[str]:
    """A scheduler and two worker processes on loopback."""
    distributed = import_module("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        yield cluster.scheduler_address


def test_processes_and_a_cluster_find_what_one_process_finds() -> None:
    alone = searched(1)
    assert alone.best is not None
    assert searched(2) == alone
    assert searched(-1) == alone
    with dask_cluster() as address:
        assert address.startswith("tcp://127.0.0.1:")
        assert searched(1, address) == alone


def test_processes_end_with_what_a_trial_raised_and_the_next_ones_begin_anew() -> None:
    unknown = Trial(BacktestRequest(("SOLUSDT",)))
    with open_workers(MARKET, INSTRUMENTS, 2) as workers:
        with pytest.raises(InvalidInput, match="no 5m candles of SOLUSDT"):
            workers.run([BASE, unknown, BASE, BASE])
        assert len(workers.run([BASE, BASE])) == 2


def test_parts_get_smaller_down_to_single_trials_and_leave_none_out() -> None:
    trials = [BASE] * 200
    sizes = [len(part) for part in shrinking_parts(trials, workers=2)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-3:], sum(sizes)) == (50, [1, 1, 1], 200)
    assert list(shrinking_parts([], workers=2)) == []


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with (
        pytest.raises(Unavailable, match=r"tcp://127\.0\.0\.1:9 does not answer"),
        open_workers(MARKET, INSTRUMENTS, 1, "tcp://127.0.0.1:9", patience=0.5),
    ):
        pass


def test_without_dask_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InvalidInput, match=r"install dask\[distributed\]"),
        open_workers(MARKET, INSTRUMENTS, 1, "tcp://127.0.0.1:9"),
    ):
        pass
