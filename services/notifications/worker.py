"""The thread that delivers, in whichever web worker holds the lease. Never the engine's thread."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import NamedTuple

from services.notifications.delivery import Delivery
from services.notifications.watch import Watch
from src.database import Lease, StorageUnavailable
from src.domain.errors import LeaseLost, TradingSystemError

log = logging.getLogger("notifications")

LEASE_MS = 5_000
RENEW_SECONDS = 1.0
IDLE_SECONDS = 0.5
RETRY_SECONDS = 5.0
WAY_SECONDS = 3 * RENEW_SECONDS
"""How long the engine's process lets others go first: they ask every RENEW_SECONDS."""


class Desk(NamedTuple):
    """What the holder of the lease works on."""

    delivery: Delivery
    watch: Watch


class NotificationWorker:
    """Stands by until the lease is free, then delivers until it is stopped or loses the lease."""

    def __init__(
        self,
        make_lease: Callable[[], Lease],
        make_desk: Callable[[int], Desk],
        has_engine: Callable[[], bool] = lambda: False,
    ) -> None:
        """The first two are called on the worker's own thread, after any fork.

        A process that `has_engine`, or is elected later, leaves the lease to others for a while
        before it takes it.
        """
        self._make_lease = make_lease
        self._make_desk = make_desk
        self._has_engine = has_engine
        self._with_engine = False
        self._stop = Event()
        self._thread = Thread(target=self._run, name="notifications", daemon=True)

    def start(self) -> None:
        """Begin standing by."""
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Begin nothing new and wait for the thread to end (seconds).

        A provider that blocks for longer is left to the end of the process; its message waits.
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
                    self._hold(lease, epoch)
            except LeaseLost:
                log.warning("delivery passed to another process; standing by")
            except Exception:
                log.exception("delivery failed; trying again in %.0f s", RETRY_SECONDS)
                self._stop.wait(RETRY_SECONDS)

    def _hold(self, lease: Lease, epoch: int) -> None:
        """Deliver, while another thread keeps the lease: a provider may block for longer."""
        log.info("this process delivers notifications (epoch %d)", epoch)
        over = Event()
        keeper = Thread(target=self._keep, args=(lease, epoch, over), daemon=True)
        keeper.start()
        try:
            delivery, watch = self._make_desk(epoch)
            while not over.is_set():
                watch.look()
                # One message between two looks at the log: a long queue holds up no event.
                busy = delivery.collect()
                if not (_send(delivery) or busy):
                    over.wait(IDLE_SECONDS)
        finally:
            over.set()
            keeper.join()
            lease.release(epoch)

    def _keep(self, lease: Lease, epoch: int, over: Event) -> None:
        while not over.wait(RENEW_SECONDS):
            try:
                if self._stop.is_set() or self._got_the_engine() or not lease.renew(epoch):
                    over.set()
            except StorageUnavailable as error:
                log.warning("the lease could not be renewed; delivery pauses: %s", error)
                over.set()

    def _got_the_engine(self) -> bool:
        """Whether this process was elected to trade since it took the lease: others go first."""
        before, self._with_engine = self._with_engine, self._has_engine()
        return self._with_engine and not before


def _send(delivery: Delivery) -> bool:
    """Deal with one message; a fault of ours puts that one aside and no other."""
    try:
        return delivery.send_next()
    except TradingSystemError:
        raise
    except Exception as error:
        log.exception("a message could not be dealt with; it waits, others go on")
        delivery.put_aside(error)
        return True
