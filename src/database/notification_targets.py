"""Where people are reached. Addresses go in and out sealed: this room holds no key."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from src.database.engines import Database
from src.database.notification_store import FAILED, PENDING
from src.database.notification_tables import notification_targets, notifications


@dataclass(frozen=True, slots=True)
class Target:
    """One place of a user. `address` is sealed; times are wall time, UTC ms."""

    id: int
    user_id: int
    channel: str
    address: str
    label: str
    created_at: int
    verified_at: int | None


@dataclass(frozen=True, slots=True)
class PendingCode:
    """The code a target waits for, as its digest; `expires_at` is UTC ms."""

    code_hash: str
    expires_at: int
    tries: int


class NotificationTargets:
    """The targets of every user; each call names the owner, except those of the delivery."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_user(self, user_id: int) -> list[Target]:
        """All targets of a user, oldest first."""
        query = (
            select(*_TARGET)
            .where(_COLUMNS.user_id == user_id)
            .order_by(_COLUMNS.channel, _COLUMNS.id)
        )
        with self._database.reading() as connection:
            return [Target(*row) for row in connection.execute(query)]

    def find(self, user_id: int, target_id: int) -> Target | None:
        """A target, if it is this user's."""
        query = select(*_TARGET).where(_COLUMNS.user_id == user_id, _COLUMNS.id == target_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else Target(*row)

    def add(
        self,
        user_id: int,
        channel: str,
        address: str,
        label: str,
        fingerprint: str,
        now: int,
        code: PendingCode | None,
    ) -> int:
        """Add a target, or take the one that is there, and return its id.

        Without a code it is verified at once; with one it stays as verified as it was.
        """
        with self._database.writing() as connection:
            known = connection.execute(
                select(_COLUMNS.id, _COLUMNS.verified_at).where(
                    _COLUMNS.user_id == user_id,
                    _COLUMNS.channel == channel,
                    _COLUMNS.fingerprint == fingerprint,
                )
            ).first()
            values = {"address": address, "label": label, **_code_values(code)}
            if code is None:
                values["verified_at"] = now
            if known is not None:
                connection.execute(
                    update(notification_targets).where(_COLUMNS.id == known.id).values(**values)
                )
                return int(known.id)
            added = insert(notification_targets).values(
                user_id=user_id,
                channel=channel,
                fingerprint=fingerprint,
                created_at=now,
                **values,
            )
            target_id: int = connection.execute(added.returning(_COLUMNS.id)).scalar_one()
            return target_id

    def pending_code(self, user_id: int, target_id: int) -> PendingCode | None:
        """The code this target waits for; None when it waits for none."""
        query = select(_COLUMNS.code_hash, _COLUMNS.code_expires_at, _COLUMNS.code_tries).where(
            _COLUMNS.user_id == user_id,
            _COLUMNS.id == target_id,
            _COLUMNS.code_hash.is_not(None),
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else PendingCode(*row)

    def count_try(self, user_id: int, target_id: int) -> None:
        """A wrong code was given."""
        self._change(user_id, target_id, code_tries=_COLUMNS.code_tries + 1)

    def verify(self, user_id: int, target_id: int, now: int) -> None:
        """The right code was given: messages may go there from now on."""
        self._change(user_id, target_id, verified_at=now, **_code_values(None))

    def remove(self, user_id: int, target_id: int, now: int, why: str) -> bool:
        """Forget a target and end its waiting messages with `why`; whether it was there."""
        with self._database.writing() as connection:
            done = connection.execute(
                delete(notification_targets).where(
                    _COLUMNS.user_id == user_id, _COLUMNS.id == target_id
                )
            )
            connection.execute(
                update(notifications)
                .where(
                    notifications.c.user_id == user_id,
                    notifications.c.target_id == target_id,
                    notifications.c.status == PENDING,
                )
                .values(status=FAILED, error=why, finished_at=now)
            )
            return done.rowcount == 1

    def seal(self, unsealed: Callable[[str], bool], seal: Callable[[int, str], str]) -> int:
        """Seal every address that is not; how many there were. `seal` takes the owner's id."""
        with self._database.writing() as connection:
            rows = connection.execute(select(*_TARGET)).all()
            plain = [Target(*row) for row in rows if unsealed(row.address)]
            for target in plain:
                connection.execute(
                    update(notification_targets)
                    .where(_COLUMNS.id == target.id)
                    .values(address=seal(target.user_id, target.address))
                )
            return len(plain)

    def _change(self, user_id: int, target_id: int, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(notification_targets)
                .where(_COLUMNS.user_id == user_id, _COLUMNS.id == target_id)
                .values(**values)
            )


_COLUMNS = notification_targets.c
_TARGET = (
    _COLUMNS.id,
    _COLUMNS.user_id,
    _COLUMNS.channel,
    _COLUMNS.address,
    _COLUMNS.label,
    _COLUMNS.created_at,
    _COLUMNS.verified_at,
)


def _code_values(code: PendingCode | None) -> dict[str, object]:
    return {
        "code_hash": None if code is None else code.code_hash,
        "code_expires_at": None if code is None else code.expires_at,
        "code_tries": 0,
    }
