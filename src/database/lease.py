"""The right to run the engine: one holder at a time, and a number that outlives it."""

from sqlalchemy import Connection, Update, insert, select, update

from src.database.engines import Database
from src.database.tables import lease
from src.domain.errors import LeaseLost
from src.domain.ports import Clock

ENGINE_LEASE = "engine"
"""Name of the lease that the trading engine runs under."""


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
            done = connection.execute(
                self._mine(epoch).values(heartbeat_at=self._clock.now()),
            )
            return done.rowcount == 1

    def release(self, epoch: int) -> None:
        """Let go at once. Does nothing when the lease was lost before."""
        with self._database.writing() as connection:
            connection.execute(self._mine(epoch).values(holder=None))

    def _mine(self, epoch: int) -> Update:
        return (
            update(lease)
            .where(lease.c.name == self._name)
            .where(lease.c.epoch == epoch)
            .where(lease.c.holder == self._holder)
        )


def heartbeat(database: Database, name: str) -> int | None:
    """When a lease was renewed last (wall time, UTC ms), by whomever; None when it never was."""
    query = select(lease.c.heartbeat_at).where(lease.c.name == name)
    with database.reading() as connection:
        return connection.execute(query).scalar()


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
