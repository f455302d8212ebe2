"""The right to run the engine: one holder at a time, and a number that outlives it."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Update, case, insert, select, update

from src.database.engines import Database
from src.database.tables import lease
from src.domain.errors import LeaseLost
from src.domain.ports import Clock

ENGINE_LEASE = "engine"
"""Name of the lease that the trading engine runs under."""

SILENT_MS = 30_000
"""Work without a sign of life for so long is silent. The row remembers the last such silence."""


class Life(NamedTuple):
    """When the holder of a lease was last alive, and its last silence that is over.

    All are wall time, UTC ms. To have acquired the lease is no sign of life, to renew it is.
    `alive_at` is None before the first, and when the last holder said good-bye.
    """

    alive_at: int | None
    silent_from: int | None
    silent_until: int | None


class Lease:
    """A named, expiring right. `epoch` grows with every new holder and fences its writes."""

    def __init__(
        self, database: Database, name: str, holder: str, clock: Clock, ttl_ms: int = 3_000
    ) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._clock = clock
        self._ttl_ms = ttl_ms

    def try_acquire(self) -> int | None:
        """The new epoch, or None while somebody else's heartbeat is fresh."""
        with self._database.writing() as connection:
            now = self._clock.now()
            row = connection.execute(
                select(lease).where(lease.c.name == self._name).with_for_update()
            ).first()
            if row is None:
                connection.execute(
                    insert(lease).values(
                        name=self._name, epoch=1, holder=self._holder, heartbeat_at=now
                    )
                )
                return 1
            # A heartbeat far ahead of the clock means the clock was set back; it is as dead.
            if row.holder is not None and abs(now - row.heartbeat_at) < self._ttl_ms:
                return None
            epoch: int = row.epoch + 1
            connection.execute(
                update(lease)
                .where(lease.c.name == self._name)
                .values(epoch=epoch, holder=self._holder, heartbeat_at=now)
            )
            return epoch

    def renew(self, epoch: int) -> bool:
        """Beat once. False when the lease has gone to another epoch."""
        with self._database.writing(durable=False) as connection:
            now = self._clock.now()
            done = connection.execute(
                self._mine(epoch).values(heartbeat_at=now, alive_at=now, **_silence_until(now)),
            )
            return done.rowcount == 1

    def release(self, epoch: int, *, failed: bool = False) -> None:
        """Let go at once. Does nothing when the lease was lost before.

        Who has `failed` says no good-bye: his silence begins with his last sign of life.
        """
        changes: dict[str, None] = (
            {"holder": None} if failed else {"holder": None, "alive_at": None}
        )
        with self._database.writing() as connection:
            connection.execute(self._mine(epoch).values(**changes))

    def _mine(self, epoch: int) -> Update:
        return (
            update(lease)
            .where(lease.c.name == self._name)
            .where(lease.c.epoch == epoch)
            .where(lease.c.holder == self._holder)
        )


def life_of(database: Database, name: str) -> Life | None:
    """The signs of life under a lease, whoever held it; None when nobody ever did."""
    columns = lease.c
    query = select(columns.alive_at, columns.silent_from, columns.silent_until)
    with database.reading() as connection:
        row = connection.execute(query.where(columns.name == name)).first()
    return None if row is None else Life(*row)


def _silence_until(now: int) -> dict[str, ColumnElement[int | None]]:
    """What a sign of life at `now` (UTC ms) remembers: the time since the last, if it was long."""
    long = now - lease.c.alive_at >= SILENT_MS
    return {
        "silent_from": case((long, lease.c.alive_at), else_=lease.c.silent_from),
        "silent_until": case((long, now), else_=lease.c.silent_until),
    }


class Fence:
    """Keeps a process that lost its lease from writing. Check it inside the transaction."""

    def __init__(self, epoch: int | None, name: str = ENGINE_LEASE) -> None:
        self._epoch = epoch
        self._name = name

    def check(self, connection: Connection) -> None:
        """Raises LeaseLost when another epoch runs, or nobody does. `None` fences nothing."""
        if self._epoch is None:
            return
        row = connection.execute(
            select(lease.c.epoch, lease.c.holder)
            .where(lease.c.name == self._name)
            .with_for_update()
        ).first()
        if row is None or row.epoch != self._epoch or row.holder is None:
            current = "nobody" if row is None or row.holder is None else f"epoch {row.epoch}"
            raise LeaseLost(
                f"epoch {self._epoch} no longer holds the {self._name} lease ({current} does): "
                "nothing was written"
            )
