"""What cannot be stored is not sent: a full disk, a locked file, a lease that was lost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text

from src.clock import SystemClock
from src.database import (
    ENGINE_LEASE,
    Database,
    Lease,
    StorageUnavailable,
)
from src.database.engines import sqlite_path
from src.domain.errors import LeaseLost
from src.domain.order import Order, OrderRequest, OrderStatus
from src.domain.signal import SetupUpdate
from src.exchange.bybit import BybitBroker
from tests.integration.exchange.bybit_venue import bybit_venue
from tests.integration.exchange.test_bybit_trading import Process, orders_sent


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """Not a page more may be written, until the disk has room again."""
    with database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    yield
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")


@contextmanager
def locked_file(database: Database) -> Iterator[None]:
    """Another process holds a transaction open and does not end it."""
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
    other = sqlite3.connect(sqlite_path(str(database.write.url)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def wordy(update: SetupUpdate) -> SetupUpdate:
    """Told at such length that what is stored of it fits on no page already there."""
    return replace(update, reasons=("because " * 10_000,))


Unwritable = Callable[[Database], AbstractContextManager[None]]


@pytest.mark.parametrize("unwritable", [full_disk, locked_file])
def test_an_entry_that_cannot_be_stored_is_not_sent_and_trading_goes_on_afterwards(
    database: Database, unwritable: Unwritable
) -> None:
    with bybit_venue() as venue:
        first = Process(venue, database)
        with unwritable(database):
            with pytest.raises(StorageUnavailable):
                first.candle_at(50_100.0, wordy(first.armed()))
            assert orders_sent(venue) == []
        first.broker.close()
        second = Process(venue, database)
        second.candle_at(50_100.0, second.armed())
        (order,) = second.engine.resting_orders
        assert orders_sent(venue) == [order.request.order_link_id]
        second.broker.close()


@pytest.mark.parametrize("unwritable", [full_disk, locked_file])
def test_an_exit_that_cannot_be_stored_happens_all_the_same_and_is_booked_afterwards(
    database: Database, unwritable: Unwritable
) -> None:
    with bybit_venue() as venue:
        first = Process(venue, database)
        first.candle_at(50_100.0, wordy(first.armed()))
        first.candle_at(49_950.0)
        assert len(first.engine.open_trades) == 1
        with unwritable(database):
            with pytest.raises(StorageUnavailable):
                first.candle_at(49_700.0)
            with database.reading() as connection:
                assert list(connection.execute(STATUS).scalars()) == ["open"]
        first.broker.close()
        second = Process(venue, database)
        second.broker.close()
    with database.reading() as connection:
        assert list(connection.execute(STATUS).scalars()) == ["closed"]


STATUS = text("SELECT status FROM paper_trades")


class Overtaken(BybitBroker):
    """A broker whose process is replaced while its order is on its way."""

    overtake: Callable[[], None]

    def submit(self, request: OrderRequest) -> Order:
        self.overtake()
        return super().submit(request)


def test_an_engine_replaced_while_its_order_is_on_its_way_doubles_nothing(
    database: Database,
) -> None:
    """The new one sends the journaled order under the same id; the old one stores nothing more."""
    with bybit_venue() as venue:
        first = Process(venue, database, Overtaken, elected(database, "first"))
        successors: list[Process] = []

        def overtake() -> None:
            successors.append(Process(venue, database, epoch=elected(database, "second")))

        assert isinstance(first.broker, Overtaken)
        first.broker.overtake = overtake
        with pytest.raises(LeaseLost):
            first.candle_at(50_100.0, first.armed())
        first.broker.close()
        (second,) = successors
        (order,) = second.engine.resting_orders
        assert order.status is OrderStatus.ACCEPTED
        assert orders_sent(venue) == [order.request.order_link_id]
        second.candle_at(49_950.0)
        assert len(second.engine.open_trades) == 1
        second.broker.close()


def elected(database: Database, holder: str) -> int:
    """The epoch of a process that finds the last heartbeat too old."""
    epoch = Lease(database, ENGINE_LEASE, holder, SystemClock(), ttl_ms=0).try_acquire()
    assert epoch is not None
    return epoch
