"""Elects one engine among all web workers and keeps it running.

Every worker process runs one `EngineRuntime`. All of them ask for the lease; the one that gets it
builds a monitor and runs it, the others stand by. Losing the lease stops the monitor, whose writes
are fenced by the lease's epoch in any case.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Protocol

from src.domain.errors import LeaseLost, TradingSystemError

log = logging.getLogger("monitor")

RENEW_SECONDS = 0.5
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)


class EngineLease(Protocol):
    """The right to trade, held by one process at a time."""

    def try_acquire(self) -> int | None:
        """The new epoch, or None while another process holds the lease."""
        ...

    def renew(self, epoch: int) -> bool:
        """Extend the lease; False when it was lost."""
        ...

    def release(self, epoch: int, *, failed: bool = False) -> None:
        """Give the lease up so that another may take over at once; `failed` is no good-bye."""
        ...


class Runnable(Protocol):
    """What the elected process runs: a monitor."""

    def run(self, stop: Event) -> None:
        """Work until `stop` is set. Raises what it cannot handle."""
        ...


class EngineRuntime:
    """The background thread of one process: stand by, be elected, trade, hand over.

    `elected` tells whether this process trades now.
    """

    def __init__(
        self,
        make_lease: Callable[[], EngineLease],
        make_monitor: Callable[[int], Runnable],
        renew_seconds: float = RENEW_SECONDS,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        """Both are called on the runtime's own thread, after any fork."""
        self._make_lease = make_lease
        self._make_monitor = make_monitor
        self._renew_seconds = renew_seconds
        self._retry_seconds = retry_seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name="engine", daemon=True)
        self.elected = False

    def start(self) -> None:
        """Begin standing by."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Stop trading, give up the lease and wait for the thread to end (seconds)."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        lease = self._make_lease()
        failures = 0
        while not self._stop.is_set():
            try:
                self._stand_for_election(lease)
                failures = 0
            except LeaseLost:
                log.warning("the lease passed to another process; standing by")
            except Exception:
                log.exception("the engine failed; entries stop, then it starts again and recovers")
                self._stop.wait(self._retry_seconds[min(failures, len(self._retry_seconds) - 1)])
                failures += 1

    def _stand_for_election(self, lease: EngineLease) -> None:
        """Ask for the lease once; run a monitor if it was given, and give it back if that fails."""
        epoch = lease.try_acquire()
        if epoch is None:
            self._stop.wait(self._renew_seconds)
            return
        try:
            self._hold(lease, epoch)
        except LeaseLost:
            raise
        except Exception:
            lease.release(epoch, failed=True)
            raise

    def _hold(self, lease: EngineLease, epoch: int) -> None:
        """Run a monitor for as long as the lease is ours."""
        log.info("elected: this process runs the engine (epoch %d)", epoch)
        self.elected = True
        over = Event()
        keeper = Thread(
            target=self._keep, args=(lease, epoch, over), name="engine-lease", daemon=True
        )
        keeper.start()
        try:
            self._make_monitor(epoch).run(over)
        finally:
            self.elected = False
            over.set()
            keeper.join()
        if self._stop.is_set():
            lease.release(epoch)

    def _keep(self, lease: EngineLease, epoch: int, over: Event) -> None:
        """Renew until the monitor is over; a lost lease ends it, a database hiccup does not."""
        while not over.wait(self._renew_seconds):
            try:
                kept = lease.renew(epoch)
            except TradingSystemError as failure:
                log.warning("the lease could not be renewed, trying again: %s", failure)
                continue
            if self._stop.is_set() or not kept:
                over.set()
