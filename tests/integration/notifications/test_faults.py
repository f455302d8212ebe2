"""Kills and blocked servers: nothing is lost, and nobody waits for a mail server."""

import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from services.lease_worker import LeaseWorker
from src.database import NOTIFICATIONS_LEASE, Database, Lease
from src.database.clock import SYSTEM_CLOCK
from src.database.tables import lease as lease_table
from tests.integration.notifications.servers import Mailbox, mail_server
from tests.integration.notifications.support import (
    add_user,
    drain,
    history,
    mail_channel,
    new_delivery,
    new_worker,
)
from tests.integration.web.support import Ledger, ManualClock
from tests.product import ROOT, wait_until

BURST = 120


@contextmanager
def delivering(path: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of its own that delivers until the block ends."""
    program = [sys.executable, "-m", "tests.integration.notifications.deliver"]
    process = subprocess.Popen([*program, f"sqlite:///{path}", str(port)], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_kill_in_the_middle_of_a_burst_loses_nothing_and_repeats_at_most_one(
    database: Database, ledger: Ledger, clock: ManualClock, tmp_path: Path
) -> None:
    users = [
        add_user(database, f"reader-{number}@example.com", "trade_opened")
        for number in range(BURST)
    ]
    new_delivery(database, clock, []).collect()
    ledger.open(1)
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        with delivering(tmp_path / "trading.db", port) as process:
            wait_until(lambda: len(mailbox.mails) >= BURST // 4, 60, "a part of the burst")
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert len(set(mailbox.keys())) < BURST, "the kill came too late to prove anything"
        with delivering(tmp_path / "trading.db", port):
            wait_until(
                lambda: all(
                    [message.status for message in history(database, user)] == ["sent"]
                    for user in users
                ),
                60,
                "the rest of the burst",
            )
    arrivals = Counter(mailbox.keys())
    assert len(arrivals) == BURST
    assert len(mailbox.mails) <= BURST + 1


def test_a_mail_server_that_never_answers_holds_up_no_trade(
    database: Database, ledger: Ledger
) -> None:
    """The journal commits while a message is stuck; once the server is gone, the message waits."""
    user = add_user(database, "reader@example.com", "trade_opened")
    new_delivery(database, SYSTEM_CLOCK, []).collect()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = mail_channel(silent.getsockname()[1])
        lease = Lease(database, NOTIFICATIONS_LEASE, "this", SYSTEM_CLOCK)
        worker = new_worker(database, lease, [channel])
        worker.start()
        ledger.open(1)
        connection, _ = silent.accept()  # the delivery is stuck from here on
        with connection:
            ledger.close(1, "1")
            ledger.open(2)
            [stuck] = history(database, user)
            assert (stuck.status, stuck.attempts) == ("pending", 0)
    wait_until(lambda: history(database, user)[-1].attempts == 1, 60, "the attempt to end")
    worker.stop(30)
    assert "notifications" not in {thread.name for thread in threading.enumerate()}
    assert {message.status for message in history(database, user)} == {"pending"}


def test_what_one_worker_leaves_the_next_one_sends(database: Database, ledger: Ledger) -> None:
    """A worker that stops gives the lease up, so that another need not wait for it to expire."""
    user = add_user(database, "reader@example.com", "trade_opened")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        for number in (1, 2):
            lease = Lease(database, NOTIFICATIONS_LEASE, "this", SYSTEM_CLOCK, 3_600_000)
            worker = new_worker(database, lease, [mail_channel(port)])
            new_delivery(database, SYSTEM_CLOCK, []).collect()
            worker.start()
            ledger.open(number)
            wait_until(mailbox.holds(number), 60, "a mail")
            worker.stop(30)
    wait_until(
        lambda: [m.status for m in history(database, user)] == ["sent", "sent"], 60, "both sent"
    )
    assert drain(new_delivery(database, SYSTEM_CLOCK, [])) == 0


def test_the_process_that_trades_leaves_the_delivery_to_another(database: Database) -> None:
    """Also when it was elected after it had begun to deliver; alone it delivers all the same."""
    trading = threading.Event()

    def worker(name: str, has_engine: Callable[[], bool]) -> LeaseWorker:
        lease = Lease(database, NOTIFICATIONS_LEASE, name, SYSTEM_CLOCK)
        return new_worker(database, lease, [], has_engine)

    def holder() -> str | None:
        with database.reading() as connection:
            return connection.execute(select(lease_table.c.holder)).scalar()

    trader, other = worker("trader", trading.is_set), worker("other", lambda: False)
    trader.start()
    wait_until(lambda: holder() == "trader", 60, "the first to deliver")
    trading.set()
    other.start()
    wait_until(lambda: holder() == "other", 60, "the other to take over")
    other.stop(30)
    wait_until(lambda: holder() == "trader", 60, "the trader to deliver, alone again")
    trader.stop(30)
