"""One process is elected, works while it holds the lease, and hands over cleanly."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest

from src.database.errors import StorageUnavailable
from src.monitors.runtime import EngineRuntime

PATIENCE = 10.0


class FakeLease:
    """A lease in memory; `lost` makes the next renewal fail."""

    def __init__(self) -> None:
        self.epochs = 0
        self.held = False
        self.lost = False
        self.hiccups = 0
        self.busy_when_asked = 0
        self.busy_when_released = 0
        self.failed = False
        self.renewed_after_hiccup = Event()
        self.released = Event()

    def try_acquire(self) -> int | None:
        if self.busy_when_asked:
            self.busy_when_asked -= 1
            raise StorageUnavailable("the database is busy")
        if self.held:
            return None
        self.held = True
        self.epochs += 1
        return self.epochs

    def renew(self, epoch: int) -> bool:
        if self.hiccups:
            self.hiccups -= 1
            raise StorageUnavailable("the database is busy")
        self.renewed_after_hiccup.set()
        return not self.lost and epoch == self.epochs

    def release(self, epoch: int, *, failed: bool = False) -> None:
        self.held = False
        self.failed = failed
        if self.busy_when_released:
            self.busy_when_released -= 1
            raise StorageUnavailable("the database is busy")
        self.released.set()


class FakeMonitor:
    """Runs until stopped, or fails at once."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.started = Event()
        self.ended = Event()

    def run(self, stop: Event) -> None:
        self.started.set()
        if self.failure is not None:
            raise self.failure
        assert stop.wait(PATIENCE)
        self.ended.set()


Start = Callable[..., EngineRuntime]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts runtimes that are stopped at the end."""
    running: list[EngineRuntime] = []

    def begin(lease: FakeLease, *monitors: FakeMonitor) -> EngineRuntime:
        waiting = list(monitors)
        runtime = EngineRuntime(
            lambda: lease,
            lambda _: waiting.pop(0) if waiting else FakeMonitor(),
            renew_seconds=0.001,
            retry_seconds=(0.001,),
        )
        runtime.start()
        running.append(runtime)
        return runtime

    yield begin
    for runtime in running:
        runtime.stop()


def test_the_elected_process_runs_a_monitor_and_gives_the_lease_up_when_stopped(
    start: Start,
) -> None:
    lease, monitor = FakeLease(), FakeMonitor()
    runtime = start(lease, monitor)
    assert monitor.started.wait(PATIENCE)
    runtime.stop()
    assert monitor.ended.is_set()
    assert lease.released.is_set()


def test_a_process_stands_by_while_another_holds_the_lease(start: Start) -> None:
    lease, first, second = FakeLease(), FakeMonitor(), FakeMonitor()
    holder = start(lease, first)
    assert first.started.wait(PATIENCE)
    start(lease, second)
    assert not second.started.is_set()
    holder.stop()
    assert second.started.wait(PATIENCE)


def test_a_lost_lease_ends_the_monitor(start: Start) -> None:
    lease, monitor = FakeLease(), FakeMonitor()
    start(lease, monitor)
    assert monitor.started.wait(PATIENCE)
    lease.lost = True
    assert monitor.ended.wait(PATIENCE)


def test_a_database_hiccup_does_not_cost_the_lease(start: Start) -> None:
    lease, monitor = FakeLease(), FakeMonitor()
    lease.hiccups = 3
    start(lease, monitor)
    assert lease.renewed_after_hiccup.wait(PATIENCE)
    assert not monitor.ended.is_set()


def test_a_failed_monitor_is_built_again_and_so_recovers(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    lease, second = FakeLease(), FakeMonitor()
    start(lease, FakeMonitor(RuntimeError("the disk is full")), second)
    assert second.started.wait(PATIENCE)
    assert lease.epochs == 2
    assert lease.failed, "a monitor that failed must not have said good-bye"
    assert "the disk is full" in caplog.text


def test_a_busy_database_does_not_end_the_standing_by(start: Start) -> None:
    lease, monitor = FakeLease(), FakeMonitor()
    lease.busy_when_asked = 2
    start(lease, monitor)
    assert monitor.started.wait(PATIENCE)


def test_a_lease_that_cannot_be_given_up_does_not_end_the_standing_by(start: Start) -> None:
    lease, second = FakeLease(), FakeMonitor()
    lease.busy_when_released = 1
    start(lease, FakeMonitor(RuntimeError("the disk is full")), second)
    assert second.started.wait(PATIENCE)
