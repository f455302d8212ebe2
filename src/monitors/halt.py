"""Standing still until a person has acted: what no retry can mend."""

import logging
from threading import Event

from src.domain.errors import AuthFatal, NotFitToTrade, RegionBlocked
from src.domain.ports import Clock
from src.monitors.publisher import STATUS_INTERVAL_MS, StatusPublisher
from src.monitors.status import MonitorState

log = logging.getLogger("monitor")

NEEDS_A_PERSON = (AuthFatal, RegionBlocked, NotFitToTrade)
HALT_MS = 60_000
BLOCKED_MS = 10 * 60_000
"""A network that Bybit has shut out must leave it alone for ten minutes."""


def halt(fatal: Exception, publisher: StatusPublisher, clock: Clock, stop: Event) -> None:
    """Say what is wrong until `stop` is set or it is time to look whether it was put right."""
    log.error("halted: %s", fatal)
    until = clock.now() + (BLOCKED_MS if isinstance(fatal, RegionBlocked) else HALT_MS)
    while clock.now() < until and not stop.is_set():
        publisher.state(MonitorState.HALTED, f"{fatal} Orders and stops on the exchange stay.")
        stop.wait(STATUS_INTERVAL_MS / 1000)
