"""One process that delivers until it is killed; its arguments: database URL, SMTP port."""

import sys
import threading

from services.lease_worker import LEASE_MS
from src.database import NOTIFICATIONS_LEASE, Lease, open_database
from src.database.clock import SYSTEM_CLOCK
from tests.integration.notifications.support import mail_channel, new_worker


def main(url: str, port: int) -> None:
    database = open_database(url)
    lease = Lease(database, NOTIFICATIONS_LEASE, "a process", SYSTEM_CLOCK, LEASE_MS)
    new_worker(database, lease, [mail_channel(port)]).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
