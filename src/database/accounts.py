"""People, their sessions and their failed logins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from src.database.engines import Database
from src.database.tables import login_failures, sessions, users
from src.database.times import to_iso
from src.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account. `password_hash` is opaque here and never shown."""

    id: int
    email: str
    password_hash: bytes


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session and whose it is. Times are UTC ms; `id` is the token's `jti`."""

    id: str
    user_id: int
    email: str
    created_at: int
    expires_at: int
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often something failed since a given time, and when last (UTC ms; None for never)."""

    failures: int
    newest: int | None


class Users:
    """The accounts. E-mail addresses are stored as given; normalise them before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, email: str, password_hash: bytes, now: int) -> int:
        """Create an account at `now` (UTC ms) and return its id. Raises Conflict when taken."""
        statement = (
            insert(users)
            .values(email=email, password_hash=password_hash, created_at=to_iso(now))
            .returning(users.c.id)
        )
        try:
            with self._database.writing() as connection:
                user_id: int = connection.execute(statement).scalar_one()
                return user_id
        except IntegrityError as error:
            raise Conflict("There is already an account with this e-mail address.") from error

    def by_email(self, email: str) -> UserRow | None:
        """The account of an e-mail address."""
        query = select(users.c.id, users.c.email, users.c.password_hash).where(
            users.c.email == email
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else UserRow(*row)

    def set_password(self, user_id: int, password_hash: bytes, now: int) -> None:
        """Replace a password and end every session that began with the old one (`now`: UTC ms)."""
        with self._database.writing() as connection:
            connection.execute(
                update(users).where(users.c.id == user_id).values(password_hash=password_hash)
            )
            connection.execute(
                update(sessions)
                .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )


class Sessions:
    """What a token must still have behind it to be worth anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session_id: str, user_id: int, created_at: int, expires_at: int) -> None:
        """Begin a session; sessions that expired before it began are cleared away."""
        with self._database.writing() as connection:
            connection.execute(
                delete(sessions).where(
                    sessions.c.user_id == user_id, sessions.c.expires_at <= created_at
                )
            )
            connection.execute(
                insert(sessions).values(
                    id=session_id, user_id=user_id, created_at=created_at, expires_at=expires_at
                )
            )

    def find(self, session_id: str) -> SessionRow | None:
        """A session, ended or not."""
        query = (
            select(
                sessions.c.id,
                sessions.c.user_id,
                users.c.email,
                sessions.c.created_at,
                sessions.c.expires_at,
                sessions.c.revoked_at,
            )
            .join_from(sessions, users)
            .where(sessions.c.id == session_id)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else SessionRow(*row)

    def live(self, session_ids: Iterable[str], now: int) -> set[str]:
        """Those of `session_ids` that are neither expired nor revoked at `now`."""
        query = select(sessions.c.id).where(
            sessions.c.id.in_(list(session_ids)),
            sessions.c.expires_at > now,
            sessions.c.revoked_at.is_(None),
        )
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def revoke(self, session_id: str, now: int) -> None:
        """End one session. Its first end stays on record."""
        with self._database.writing() as connection:
            connection.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.revoked_at.is_(None))
                .values(revoked_at=now)
            )


class LoginFailures:
    """Failed logins per account and per address, counted alike by every process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(
        self,
        account: str,
        address: str,
        now: int,
        since: int,
        allow: Callable[[FailureCount, FailureCount], None],
    ) -> None:
        """Record a failure at `now`, unless `allow` raises; failures before `since` are forgotten.

        `allow` sees the account's and the address's failures within the same transaction, so
        attempts made at once are judged one after the other. What it raises passes through.
        """
        with self._database.writing() as connection:
            allow(
                _failures(connection, login_failures.c.account == account, since),
                _failures(connection, login_failures.c.address == address, since),
            )
            connection.execute(
                delete(login_failures).where(
                    or_(login_failures.c.account == account, login_failures.c.address == address),
                    login_failures.c.failed_at < since,
                )
            )
            connection.execute(
                insert(login_failures).values(account=account, address=address, failed_at=now)
            )

    def clear(self, account: str) -> None:
        """Forget what an account failed."""
        with self._database.writing() as connection:
            connection.execute(delete(login_failures).where(login_failures.c.account == account))


def _failures(connection: Connection, condition: ColumnElement[bool], since: int) -> FailureCount:
    query = select(func.count(), func.max(login_failures.c.failed_at)).where(
        condition, login_failures.c.failed_at >= since
    )
    failures, newest = connection.execute(query).one()
    return FailureCount(failures, newest)
