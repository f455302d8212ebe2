"""One process that delivers until it is killed; its arguments: database URL, SMTP port."""

import sys
import threading

from services.notifications.worker import LEASE_MS, NotificationWorker
from src.database import NOTIFICATIONS_LEASE, Lease, open_database
from src.database.clock import SYSTEM_CLOCK
from tests.integration.notifications.support import mail_channel, new_desk


def main(url: str, port: int) -> None:
    database = open_database(url)
    NotificationWorker(
        lambda: Lease(database, NOTIFICATIONS_LEASE, "a process", SYSTEM_CLOCK, LEASE_MS),
        lambda epoch: new_desk(database, SYSTEM_CLOCK, [mail_channel(port)], epoch),
    ).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
