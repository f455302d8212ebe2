"""Accounts and sessions: register, sign in, prove who you are, sign out."""

import contextlib
import secrets
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from services.passwords import MAX_LENGTH, PasswordHasher, check_new_password
from services.throttle import LoginThrottle
from services.tokens import TokenClaims, TokenSigner
from src.database import Database, LoginFailures, Sessions, Users
from src.database.clock import SYSTEM_CLOCK
from src.domain.errors import Conflict, InvalidInput, Unauthenticated
from src.domain.ports import Clock

SESSION_MS = 12 * 3_600_000
DEMO_EMAIL = "demo@ict.com"
DEMO_PASSWORD = "demo123"  # noqa: S105 - printed in the README, for development only


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a request, and in which session. `expires_at` is UTC ms."""

    user_id: int
    email: str
    session_id: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A fresh token and whose it is."""

    token: str
    identity: Identity


class Authentication:
    """Who may come in. A token alone is not enough: its session must still be there."""

    def __init__(
        self, database: Database, clock: Clock, secret_key: str, hasher: PasswordHasher
    ) -> None:
        self._users = Users(database)
        self._sessions = Sessions(database)
        self._throttle = LoginThrottle(LoginFailures(database), clock)
        self._clock = clock
        self._signer = TokenSigner(secret_key)
        self._hasher = hasher

    def register(self, email: str, password: str, address: str) -> Grant:
        """Create a user and sign in.

        Raises InvalidInput naming the field, Conflict when the e-mail is taken and
        TooManyAttempts when `address` registers too often.
        """
        email = normalise_email(email)
        check_new_password(password)
        self._throttle.count_attempt(_registration_of(email), address)
        user_id = self._users.add(email, self._hasher.hash(password), self._clock.now())
        return self._grant(user_id, email)

    def login(self, email: str, password: str, address: str) -> Grant:
        """Sign in. Raises Unauthenticated, equal for an unknown user and a wrong password."""
        email = normalise_email(email)
        if len(password) > MAX_LENGTH:
            raise InvalidInput(f"At most {MAX_LENGTH} characters.", field="password")
        self._throttle.count_attempt(email, address)
        user = self._users.by_email(email)
        stored = None if user is None else user.password_hash
        if not self._hasher.verify(password, stored) or user is None:
            raise Unauthenticated("The e-mail address or the password is wrong.")
        self._throttle.forgive(email)
        return self._grant(user.id, user.email)

    def authenticate(self, token: str) -> Identity:
        """Whose valid token this is. Raises Unauthenticated."""
        now = self._clock.now()
        claims = self._signer.read(token, now)
        session = self._sessions.find(claims.session_id)
        if (
            session is None
            or session.user_id != claims.user_id
            or session.revoked_at is not None
            or session.expires_at <= now
        ):
            raise Unauthenticated("The session has ended; sign in again.")
        return Identity(session.user_id, session.email, session.id, session.expires_at)

    def ended(self, identities: list[Identity]) -> set[str]:
        """The ids of sessions among `identities` that are expired or revoked by now."""
        now = self._clock.now()
        ids = {identity.session_id for identity in identities}
        return ids - self._sessions.live(ids, now)

    def logout(self, identity: Identity) -> None:
        """End the session: its token is refused from now on."""
        self._sessions.revoke(identity.session_id, self._clock.now())

    def _grant(self, user_id: int, email: str) -> Grant:
        issued_at = self._clock.now() // 1000
        expires_at = issued_at + SESSION_MS // 1000
        session_id = secrets.token_urlsafe(24)
        self._sessions.add(session_id, user_id, issued_at * 1000, expires_at * 1000)
        token = self._signer.sign(TokenClaims(user_id, session_id, issued_at, expires_at))
        return Grant(token, Identity(user_id, email, session_id, expires_at * 1000))


def ensure_demo_user(
    database: Database, clock: Clock = SYSTEM_CLOCK, hasher: PasswordHasher | None = None
) -> None:
    """Create the demo user of the README if it is missing. Development only."""
    users = Users(database)
    if users.by_email(DEMO_EMAIL) is not None:
        return
    password_hash = (hasher or PasswordHasher()).hash(DEMO_PASSWORD)
    # Another process may be faster; its demo user is as good as ours.
    with contextlib.suppress(Conflict):
        users.add(DEMO_EMAIL, password_hash, clock.now())


def demo_user_exists(database: Database, hasher: PasswordHasher | None = None) -> bool:
    """Whether somebody can sign in with the password everybody knows."""
    user = Users(database).by_email(DEMO_EMAIL)
    return user is not None and (hasher or PasswordHasher()).verify(
        DEMO_PASSWORD, user.password_hash
    )


def change_password(
    database: Database, email: str, password: str, clock: Clock = SYSTEM_CLOCK
) -> None:
    """Give an account a new password and end its sessions.

    Raises InvalidInput for an unknown account or a password too short or too common.
    """
    user = Users(database).by_email(normalise_email(email))
    if user is None:
        raise InvalidInput(f"There is no account of {email}.", field="email")
    check_new_password(password)
    Users(database).set_password(user.id, PasswordHasher().hash(password), clock.now())


def normalise_email(email: str) -> str:
    """The one spelling of an address under which an account is kept. Raises InvalidInput.

    No mail server is asked; whether the address exists is not the question here.
    """
    try:
        return validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInput(f"This is not an e-mail address: {error}", field="email") from error


def _registration_of(email: str) -> str:
    return f"registration of {email}"
