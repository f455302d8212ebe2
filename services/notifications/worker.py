"""What the process does that delivers: look, collect, send. Never on the engine's thread."""

import logging
from threading import Event
from typing import NamedTuple

from services.notifications.delivery import Delivery
from services.notifications.watch import Watch
from src.domain.errors import TradingSystemError

log = logging.getLogger("notifications")

IDLE_SECONDS = 0.5


class Desk(NamedTuple):
    """What the holder of the lease works on."""

    delivery: Delivery
    watch: Watch


def deliver(desk: Desk, over: Event) -> None:
    """Deliver until `over` is set. Raises LeaseLost when another process delivers."""
    while not over.is_set():
        desk.watch.look()
        # One message between two looks at the log: a long queue holds up no event.
        busy = desk.delivery.collect()
        if not (_send(desk.delivery) or busy):
            over.wait(IDLE_SECONDS)


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
