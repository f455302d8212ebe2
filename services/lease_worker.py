"""Work that one process among all does: whichever web worker holds the lease for it.

Every worker process runs one `LeaseWorker` for each such work and stands by until the lease is
free. The engine has its own (src/monitors/runtime.py): it must never wait for this one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

from src.database import Lease, StorageUnavailable
from src.domain.errors import LeaseLost

log = logging.getLogger("leases")

LEASE_MS = 5_000
RENEW_SECONDS = 1.0
RETRY_SECONDS = 5.0
WAY_SECONDS = 3 * RENEW_SECONDS
"""How long the engine's process lets others go first: they ask every RENEW_SECONDS."""


@dataclass(slots=True)
class Tenure:
    """One time of holding a lease: until `over` is set. `lost`: another process has it now."""

    epoch: int
    over: Event = field(default_factory=Event)
    lost: bool = False


class LeaseWorker:
    """Stands by until the lease is free, then works until it is stopped or loses it.

    The lease is kept by a thread of its own: the work may block for longer.
    """

    def __init__(
        self,
        name: str,
        make_lease: Callable[[], Lease],
        work: Callable[[Tenure], None],
        has_engine: Callable[[], bool] = lambda: False,
    ) -> None:
        """`make_lease` and `work` are called on the worker's own thread, after any fork.

        `work` returns soon after its tenure is over. A process that `has_engine`, or is elected
        later, leaves the lease to others for a while before it takes it.
        """
        self._name = name
        self._make_lease = make_lease
        self._work = work
        self._has_engine = has_engine
        self._with_engine = False
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin standing by."""
        self._thread.start()

    def stop(self, timeout: float = 4.0) -> None:
        """Begin nothing new and wait for the thread to end (seconds).

        What blocks for longer is left to the end of the process.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        lease = self._make_lease()
        while not self._stop.is_set():
            try:
                self._with_engine = self._has_engine()
                if self._with_engine:
                    self._stop.wait(WAY_SECONDS)
                epoch = None if self._stop.is_set() else lease.try_acquire()
                if epoch is None:
                    self._stop.wait(RENEW_SECONDS)
                else:
                    self._hold(lease, Tenure(epoch))
            except LeaseLost:
                log.warning("%s passed to another process; standing by", self._name)
            except Exception:
                log.exception("%s failed; trying again in %.0f s", self._name, RETRY_SECONDS)
                self._stop.wait(RETRY_SECONDS)

    def _hold(self, lease: Lease, tenure: Tenure) -> None:
        log.info("%s: this process has the lease (epoch %d)", self._name, tenure.epoch)
        keeper = Thread(target=self._keep, args=(lease, tenure), daemon=True)
        keeper.start()
        try:
            self._work(tenure)
        finally:
            tenure.over.set()
            keeper.join()
            lease.release(tenure.epoch)
        if tenure.lost:
            log.warning("%s passed to another process; standing by", self._name)

    def _keep(self, lease: Lease, tenure: Tenure) -> None:
        while not tenure.over.is_set():
            if self._stop.wait(RENEW_SECONDS) or self._got_the_engine():
                tenure.over.set()
                return
            try:
                tenure.lost = not lease.renew(tenure.epoch)
            except StorageUnavailable as error:
                # Nothing is lost yet, and whatever is written meanwhile is fenced.
                log.warning("the lease for %s could not be renewed: %s", self._name, error)
            if tenure.lost:
                tenure.over.set()

    def _got_the_engine(self) -> bool:
        """Whether this process was elected to trade since it took the lease: others go first."""
        before, self._with_engine = self._with_engine, self._has_engine()
        return self._with_engine and not before
